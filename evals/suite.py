"""A suite: a file of cases, shipped or the bank's own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError, model_validator

from assistant.settings import Settings
from evals import sheet
from evals.case import Case, Player
from knowledge_base.passage import Audience

SHIPPED = Path(__file__).parent / "suites"


class WrongSuite(Exception):
    """A file of cases cannot be read; nothing is run before it is mended."""


class Suite(BaseModel):
    """Cases of one kind. `at` is the time that the answers hold at, which the clock shows while they are played; now, where there is none."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    title: str = ""
    audience: Audience = Audience.CUSTOMER
    at: datetime | None = None
    cases: tuple[Case, ...]

    @model_validator(mode="after")
    def _distinct(self) -> Suite:
        seen: set[str] = set()
        twice = [case.id for case in self.cases if case.id in seen or seen.add(case.id)]  # type: ignore[func-returns-value]
        if twice:
            raise ValueError(f"the id {twice[0]} stands twice")
        return self


def played_by(suite: Suite, player: Player) -> Suite:
    """The suite with its simulated customers played by a script, or by the model for evaluation."""
    cases = [
        case.model_copy(update={"goal": case.goal.model_copy(update={"played_by": player})}) if case.goal else case
        for case in suite.cases
    ]
    return suite.model_copy(update={"cases": tuple(cases)})


def found(folders: Sequence[Path]) -> dict[str, Path]:
    """The files of cases in these folders, by suite; a later folder's file takes the place of an earlier one's of that name."""
    paths: dict[str, Path] = {}
    for folder in folders:
        for pattern in ("*.yaml", "*.xlsx"):
            here = [path for path in sorted(folder.glob(pattern)) if not path.name.startswith(("~", "."))]
            paths |= {path.stem: path for path in here if path.name != "gates.yaml"}
    return paths


def own_folder(settings: Settings) -> Path:
    """Where the bank keeps suites of its own."""
    return settings.suites_dir or settings.data_dir / "suites"


def of(settings: Settings) -> dict[str, Path]:
    """The files of cases, by suite: those that ship, and the bank's own."""
    return found([SHIPPED, own_folder(settings)])


def load(path: Path) -> Suite:
    """The suite of a file; raises WrongSuite, with the case and what is wrong with it."""
    try:
        content = sheet.read(path) if path.suffix == ".xlsx" else _yaml(path)
        return Suite.model_validate({"name": path.stem} | dict(content))
    except (OSError, ValueError, yaml.YAMLError) as error:
        told = _told(error, content) if isinstance(error, ValidationError) else str(error)
        raise WrongSuite(f"{path}: {told}") from error


def _yaml(path: Path) -> Mapping[str, Any]:
    content = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    if not isinstance(content, Mapping):
        raise ValueError("not a suite: it has no keys name and cases")
    return content


def _told(error: ValidationError, content: Mapping[str, Any]) -> str:
    """Each mistake with the id of its case."""
    lines = []
    for one in error.errors():
        where = list(map(str, one["loc"]))
        if where[:1] == ["cases"] and len(where) > 1:
            case = content["cases"][int(where[1])]
            where = [f"case {case.get('id', where[1]) if isinstance(case, Mapping) else where[1]}", *where[2:]]
        lines.append(f"{', '.join(where)}: {one['msg']}" if where else one["msg"])
    return "\n  ".join(lines)
