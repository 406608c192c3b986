"""One case as it was played in a run: what was expected, turn by turn what happened, and how it was judged."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from evals.case import Case
from evals.outcome import Outcome, judged
from evals.run import Run
from evals.run_desk import RunDesk
from evals.suite import Suite
from evals.wrong_label import WrongLabel, standing

_ASKED = {"id", "split", "group", "tags", "note", "audience", "locale", "customer", "branch", "at", "question", "turns"}


@dataclass(frozen=True)
class Place:
    """Where a case is looked for: a run (empty where there is none), a suite, and the case's id."""

    run: str
    suite: str
    case: str

    @property
    def id(self) -> str:
        """The same in one text."""
        return f"{self.run}:{self.suite}:{self.case}"


@dataclass(frozen=True)
class SeenCase:
    """A case with its playings; `now` is how it stands in its suite today, `label` the mark on it."""

    place: Place
    case: Case
    outcome: Outcome
    now: Case | None
    label: WrongLabel | None

    @property
    def expected(self) -> Mapping[str, object]:
        """What must be true, by key."""
        return self.case.model_dump(mode="json", exclude_defaults=True, exclude=_ASKED)


def place_of(text: str) -> Place | None:
    """The place that `Place.id` tells; nothing where it is none."""
    parts = text.split(":", 2)
    return Place(*parts) if len(parts) == 3 else None


def look(desk: RunDesk, place: Place) -> SeenCase | None:
    """The case as it was in that run, else as it stands; nothing where there is none. Raises NoSuchRun."""
    run = Run(desk.shelf.folder(place.run)) if place.run else None
    now = today(desk, place)
    then = _of(run.suites.get(place.suite), place.case) if run else None
    case = then or now
    if case is None:
        return None
    records = run.records_of(place.suite, place.case) if run else []
    label = standing(desk.labels.wrong(), place.suite, case)
    return SeenCase(place, case, judged(case, records, label), now, label)


def today(desk: RunDesk, place: Place) -> Case | None:
    """The case as it stands in its suite."""
    suite = desk.suites().get(place.suite)
    return _of(suite if isinstance(suite, Suite) else None, place.case)


def _of(suite: Suite | None, case: str) -> Case | None:
    return next((one for one in suite.cases if one.id == case), None) if suite else None
