"""Labels that somebody of the bank found wrong: what such a case expects counts nowhere until it is mended, or the mark is taken back."""

from __future__ import annotations

import os
from collections.abc import Mapping
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from evals.case import Case
from evals.suite import WrongSuite

FILE = "wrong_labels.jsonl"
Key = tuple[str, str]
"""A suite's name and a case's id."""


class WrongLabel(BaseModel):
    """Who found the label of a case wrong, when and why; `case_digest` stands for the case as it was then."""

    model_config = ConfigDict(frozen=True)

    suite: str
    case: str
    why: str
    who: str
    at: datetime
    case_digest: str
    holds: bool = True


class Labels:
    """The marks on labels in a folder of the bank's own; the file is only added to, so it tells who did what and when."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / FILE

    def wrong(self) -> Mapping[Key, WrongLabel]:
        """The marks that hold; raises WrongSuite where the file cannot be read."""
        found: dict[Key, WrongLabel] = {}
        lines = self._path.read_text(encoding="utf-8").splitlines() if self._path.exists() else []
        for number, line in enumerate(lines, 1):
            try:
                mark = WrongLabel.model_validate_json(line)
            except ValidationError as error:
                raise WrongSuite(f"{self._path}, line {number}: not a mark on a label: mend or remove it.") from error
            found[mark.suite, mark.case] = mark
        return {key: mark for key, mark in found.items() if mark.holds}

    def of(self, suite: str, case: Case) -> WrongLabel | None:
        """The mark on this case; none where the case was changed since."""
        return standing(self.wrong(), suite, case)

    def mark(self, suite: str, case: Case, who: str, why: str) -> None:
        """Notes that the label of a case is wrong; raises ValueError without a reason."""
        if not why.strip():
            raise ValueError("say why the label is wrong")
        self._add(suite, case, who, why.strip(), holds=True)

    def take_back(self, suite: str, case: Case, who: str) -> None:
        """Notes that it is right after all."""
        self._add(suite, case, who, "", holds=False)

    def _add(self, suite: str, case: Case, who: str, why: str, *, holds: bool) -> None:
        now = datetime.now(UTC)
        mark = WrongLabel(
            suite=suite, case=case.id, why=why, who=who, at=now, case_digest=_digest(case), holds=holds
        )  # fmt: skip
        self._path.parent.mkdir(parents=True, exist_ok=True)
        file = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o640)
        try:
            os.write(file, f"{mark.model_dump_json()}\n".encode())
            os.fsync(file)
        finally:
            os.close(file)


def standing(wrong: Mapping[Key, WrongLabel], suite: str, case: Case) -> WrongLabel | None:
    """The mark of these on this case; one on a case that was changed since says nothing any more."""
    mark = wrong.get((suite, case.id))
    return mark if mark and mark.case_digest == _digest(case) else None


def _digest(case: Case) -> str:
    """The case as it stands; what a later version adds to cases changes it for none that does not use it."""
    return sha256(case.model_dump_json(exclude_defaults=True).encode()).hexdigest()[:16]
