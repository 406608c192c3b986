"""The runs that stand in a data folder, as a list of them is read: what each is of, how far it is, and what it came to."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from typing import Any

from evals.order import ORDER, Ordered
from evals.outcome import RIGHT
from evals.report import Score
from evals.run import REPORT, RUN

_NAME = re.compile(r"[0-9A-Za-z][0-9A-Za-z_-]{0,79}")
_LISTED = 100


class State(StrEnum):
    """Where a run stands; `broken_off` is one of the command line's, which nobody goes on with by itself."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    STOPPED = "stopped"
    FAILED = "failed"
    BROKEN_OFF = "broken_off"


class NoSuchRun(Exception):
    """There is no such run; the list of runs names those that there are."""


@dataclass(frozen=True)
class Result:
    """What a suite of a run came to; `right` is the share of its cases that were right, where any could be scored."""

    suite: str
    cases: int
    scored: int
    right: Score | None


@dataclass(frozen=True)
class ShelvedRun:
    """A run. `who` ordered it, nobody where the command line did; `seconds_left` is known once some are played."""

    id: str
    state: State
    at: datetime
    who: str
    suites: tuple[str, ...]
    repeat: int
    baseline: str
    played: int
    playings: int | None
    seconds_left: float | None
    results: tuple[Result, ...]
    passed: int
    missed: int


class Shelf:
    """Reads the runs below a folder."""

    def __init__(self, home: Path) -> None:
        self.home = home

    def folder(self, run: str) -> Path:
        """Where a run stands; raises NoSuchRun."""
        folder = self.home / run
        if not _NAME.fullmatch(run) or not any((folder / name).exists() for name in (ORDER, RUN)):
            raise NoSuchRun(NoSuchRun.__doc__)
        return folder

    def ids(self) -> list[str]:
        """The runs, the newest first."""
        folders = self.home.iterdir() if self.home.exists() else ()
        found = [path for path in folders if _NAME.fullmatch(path.name) and _is_run(path)]
        return [path.name for path in sorted(found, key=lambda one: (_began(one), one.name), reverse=True)]

    def listed(self, playing: str = "") -> list[ShelvedRun]:
        """The newest runs, where the one with this id is being played."""
        return [self.one(run, playing) for run in self.ids()[:_LISTED]]

    def waiting(self) -> list[ShelvedRun]:
        """Those that were ordered and are not done, where none is being played; the one that was ordered first, first."""
        folders = [path for path in self.home.glob(f"*/{ORDER}") if not self.report(path.parent.name)]
        found = [self.one(path.parent.name) for path in folders]
        return sorted((one for one in found if one.state is State.WAITING), key=lambda one: (one.at, one.id))

    def one(self, run: str, playing: str = "") -> ShelvedRun:
        """A run as it stands; raises NoSuchRun."""
        folder = self.folder(run)
        ordered = Ordered(folder)
        order, about, report = ordered.order, ordered.run.about, self.report(run)
        playings = about.playings if about else None
        played = ordered.run.played if not report else playings or 0
        state = _state(ordered, report, is_playing=run == playing)
        return ShelvedRun(
            id=run,
            state=state,
            at=_began(folder),
            who=order.who if order else "",
            suites=order.suites if order else about.suites if about else (),
            repeat=order.repeat if order else about.repeat if about else 1,
            baseline=order.baseline if order else "",
            played=played,
            playings=playings,
            seconds_left=_left(ordered, played, playings) if state is State.RUNNING else None,
            results=_results(report),
            passed=sum(bool(gate["passed"]) for gate in report.get("gates", ())),
            missed=sum(not gate["passed"] for gate in report.get("gates", ())),
        )

    def report(self, run: str) -> Mapping[str, Any]:
        """What a run came to, as its report.json says; empty as long as there is none."""
        path = self.folder(run) / REPORT
        try:
            return _read(path, path.stat().st_mtime_ns)
        except (OSError, ValueError):
            return {}  # not written, or being written

    def latest(self, suite: str) -> str:
        """The newest run that has results of this suite; empty where none has."""
        return next((run for run in self.ids() if suite in self.report(run).get("suites", {})), "")


@lru_cache(maxsize=_LISTED)
def _read(path: Path, _changed: int) -> Mapping[str, Any]:
    content: Mapping[str, Any] = json.loads(path.read_bytes())
    return content


def _is_run(folder: Path) -> bool:
    return (folder / ORDER).exists() or (folder / RUN).exists()


def _began(folder: Path) -> datetime:
    ordered = Ordered(folder)
    order = ordered.order
    about = None if order else ordered.run.about
    return order.at if order else about.started if about else datetime.now(UTC)


def _state(ordered: Ordered, report: Mapping[str, Any], *, is_playing: bool) -> State:
    if is_playing:
        return State.RUNNING
    if report:
        return State.DONE
    if ordered.stopped:
        return State.STOPPED
    if ordered.order is None:
        return State.BROKEN_OFF
    return State.FAILED if ordered.failed else State.WAITING


def _left(ordered: Ordered, played: int, playings: int | None) -> float | None:
    """By how fast it went since it was last begun."""
    start = next(reversed(ordered.starts), None)
    if start is None or playings is None or played <= start.played:
        return None
    spent = (datetime.now(UTC) - start.at).total_seconds()
    return spent / (played - start.played) * (playings - played)


def _results(report: Mapping[str, Any]) -> tuple[Result, ...]:
    suites = report.get("suites", {}).items()
    return tuple(Result(name, one["cases"], one["scored"], _right(one["scores"])) for name, one in suites)


def _right(scores: Mapping[str, Any]) -> Score | None:
    return Score(**scores[RIGHT]) if RIGHT in scores else None
