"""A run on disk: what it is of, and every playing as soon as it is done, so that a run that was broken off goes on."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path

from pydantic import BaseModel, ConfigDict, TypeAdapter

from evals.record import Judgement, Record
from evals.suite import Suite
from evals.task import Task

RUN, RECORDS, JUDGEMENTS, SUITES, REPORT = (
    "run.json",
    "records.jsonl",
    "judgements.jsonl",
    "suites.json",
    "report.json",
)
_suites = TypeAdapter(dict[str, Suite])


class About(BaseModel):
    """What a run is of. `digest` stands for suites, settings, documents and code: only what has the same may be gone on with.

    `judge` says which model judges answers, and how far it is believed.
    """

    model_config = ConfigDict(frozen=True)

    started: datetime
    suites: tuple[str, ...]
    repeat: int
    playings: int
    digest: str
    settings: Mapping[str, object]
    prompts: Mapping[str, str]
    index: str
    version: str
    judge: str = ""


class _Line(BaseModel):
    suite: str
    place: int
    record: Record


class _Judged(BaseModel):
    suite: str
    place: int
    trial: int
    judgement: Judgement


class Run:
    """A folder with a run."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def begin(self, about: About, suites: Mapping[str, Suite]) -> Mapping[Task, Record]:
        """What was played already, where a run of the same was broken off here; else begins anew."""
        self.folder.mkdir(parents=True, exist_ok=True)
        known = self.about
        if known and known.digest == about.digest and not (self.folder / REPORT).exists():
            return self._kept()
        for name in (RECORDS, JUDGEMENTS, REPORT, "report.html"):
            (self.folder / name).unlink(missing_ok=True)
        (self.folder / SUITES).write_bytes(_suites.dump_json(dict(suites), exclude_defaults=True))
        # At once, for who watches the run reads it at any moment.
        (self.folder / f"{RUN}.new").write_text(about.model_dump_json(indent=2), encoding="utf-8")
        (self.folder / f"{RUN}.new").replace(self.folder / RUN)
        return {}

    @property
    def about(self) -> About | None:
        """What the run is of; nothing where the folder has none."""
        path = self.folder / RUN
        return About.model_validate_json(path.read_text(encoding="utf-8")) if path.exists() else None

    @property
    def played(self) -> int:
        """How many playings are done."""
        path = self.folder / RECORDS
        return path.read_bytes().count(b"\n") if path.exists() else 0

    @property
    def suites(self) -> Mapping[str, Suite]:
        """The suites as they were when the run began, whatever their files say now."""
        path = self.folder / SUITES
        return _suites.validate_json(path.read_bytes()) if path.exists() else {}

    def records_of(self, suite: str, case: str) -> list[Record]:
        """The playings of one case, in their order; without reading what the others are about."""
        path, wanted = self.folder / RECORDS, (_begins("suite", suite), _begins("case", case))
        # Without what is being written just now; and no split at other signs that end lines, which texts may hold.
        lines = path.read_text(encoding="utf-8").split("\n")[:-1] if path.exists() else []
        found = [_Line.model_validate_json(line) for line in lines if all(one in line for one in wanted)]
        mine = [line.record for line in found if line.suite == suite and line.record.case == case]
        return sorted(mine, key=lambda one: one.trial)

    def keep(self, task: Task, record: Record) -> None:
        """Writes one playing down."""
        line = _Line(suite=task.suite, place=task.place, record=record).model_dump_json()
        with (self.folder / RECORDS).open("a", encoding="utf-8") as file:
            file.write(f"{line}\n")

    def keep_judgement(self, task: Task, judgement: Judgement) -> None:
        """Writes one verdict down, so that nobody asks for it again."""
        line = _Judged(suite=task.suite, place=task.place, trial=task.trial, judgement=judgement).model_dump_json()
        with (self.folder / JUDGEMENTS).open("a", encoding="utf-8") as file:
            file.write(f"{line}\n")

    @property
    def judgements(self) -> Mapping[Task, Judgement]:
        """The verdicts that are there already."""
        path, found = self.folder / JUDGEMENTS, dict[Task, Judgement]()
        for text in path.read_text(encoding="utf-8").splitlines() if path.exists() else ():
            try:
                line = _Judged.model_validate_json(text)
            except ValueError:
                break  # what was being written when the run was broken off
            found[Task(line.suite, line.place, line.trial)] = line.judgement
        return found

    def _kept(self) -> Mapping[Task, Record]:
        """What was played; what was being written when the run was broken off is cut away, so that the next stands on its own line."""
        found = dict(self.records())
        (self.folder / RECORDS).unlink(missing_ok=True)
        for task, record in found.items():
            self.keep(task, record)
        return found

    def records(self) -> Iterator[tuple[Task, Record]]:
        """Every playing that was kept, in the order in which they ended."""
        path = self.folder / RECORDS
        for text in path.read_text(encoding="utf-8").split("\n") if path.exists() else ():
            try:
                line = _Line.model_validate_json(text)
            except ValueError:
                return  # what was being written when the run was broken off
            yield Task(line.suite, line.place, line.record.trial), line.record


def _begins(name: str, value: str) -> str:
    return f'"{name}":{json.dumps(value, ensure_ascii=False)}'


def digest(*parts: object) -> str:
    """A short name for all this."""
    found = hashlib.sha256()
    for part in parts:
        found.update(json.dumps(part, sort_keys=True, default=str).encode() + b"\0")
    return found.hexdigest()[:16]
