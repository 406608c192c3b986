"""Runs that people of the bank order: one is played at a time, in a process of its own, and gone on with when it was broken off."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from pathlib import Path

from assistant.audit import Audit
from assistant.settings import Settings
from evals import suite
from evals.launch import Job, Launch
from evals.order import Order, Ordered
from evals.shelf import NoSuchRun, Shelf, ShelvedRun, State
from evals.suite import Suite, WrongSuite
from evals.wrong_label import Labels

MOST_WAITING = 5
MOST_OFTEN = 20
_GRACE = timedelta(seconds=10)


class OrderRefused(Exception):
    """A run cannot be ordered so."""


class NothingToRun(OrderRefused):
    """No suite was chosen; choose one at least."""


class OrderedAlready(OrderRefused):
    """Just this is being played, or waits to be: wait for its result."""


class TooManyWaiting(OrderRefused):
    """Too many runs wait; stop one, or wait until one has ended."""


class NoSuchSuite(OrderRefused):
    """There is no such suite, or it has no cases to play."""


class RunDesk:
    """Takes orders, plays them one after another, and stops them."""

    def __init__(self, settings: Settings, audit: Audit) -> None:
        self._settings = settings
        self._audit = audit
        self.own = suite.own_folder(settings)
        self.labels = Labels(self.own)
        self.shelf = Shelf(settings.data_dir.resolve() / "evals")
        self._launch = Launch(self.shelf.home, _environment(settings))

    def suites(self) -> Mapping[str, Suite | WrongSuite]:
        """The suites that ship and the bank's own, by name; in the place of a file that cannot be read, why."""
        found: dict[str, Suite | WrongSuite] = {}
        for name, path in suite.of(self._settings).items():
            try:
                found[name] = _loaded(path, path.stat().st_mtime_ns)
            except (WrongSuite, FileNotFoundError) as error:
                found[name] = error if isinstance(error, WrongSuite) else WrongSuite(str(error))
        return found

    def titles(self) -> Mapping[str, str]:
        """What the suites are called, by name; those that have no title are not among them."""
        return {name: one.title for name, one in self.suites().items() if isinstance(one, Suite) and one.title}

    def is_own(self, name: str) -> bool:
        """Whether the bank keeps this suite itself."""
        path = suite.of(self._settings).get(name)
        return path is not None and path.parent == self.own

    def order(self, who: str, suites: Sequence[str], repeat: int = 1, baseline: str = "") -> str:
        """Orders a run and returns its id; it begins when no other is being played. Raises OrderRefused, WrongSuite, NoSuchRun."""
        if not suites:
            raise NothingToRun(NothingToRun.__doc__)
        self._check(suites)
        if baseline and not self.shelf.report(baseline):
            raise NoSuchRun(NoSuchRun.__doc__)
        order = Order(
            suites=tuple(suites), repeat=max(1, min(repeat, MOST_OFTEN)), baseline=baseline, who=who, at=datetime.now(UTC)
        )  # fmt: skip
        waiting = [one for one in self.listed() if one.state in (State.WAITING, State.RUNNING)]
        if any((one.suites, one.repeat, one.baseline) == (order.suites, order.repeat, baseline) for one in waiting):
            raise OrderedAlready(OrderedAlready.__doc__)
        if len(waiting) > MOST_WAITING:
            raise TooManyWaiting(TooManyWaiting.__doc__)
        run = self._placed(order)
        told = {"suites": " ".join(order.suites), "repeat": str(order.repeat), "baseline": baseline}
        self._audit.note(who, "order_eval_run", run, told)
        return run

    def stop(self, who: str, run: str) -> None:
        """Stops a run that waits or is being played; what was played of it stays. Raises NoSuchRun."""
        if self.one(run).state not in (State.WAITING, State.RUNNING):
            return
        Ordered(self.shelf.folder(run)).stop(who)
        self._audit.note(who, "stop_eval_run", run)
        self._launch.end(run)

    def listed(self) -> list[ShelvedRun]:
        """The runs, the newest first."""
        return self.shelf.listed(self._playing())

    def one(self, run: str) -> ShelvedRun:
        """A run as it stands; raises NoSuchRun."""
        return self.shelf.one(run, self._playing())

    def keep_going(self) -> None:
        """Begins the run whose turn it is; to be called again and again, in every process of the service."""
        self._launch.reap()
        playing = self._launch.playing()
        if playing is None:
            if self.shelf.waiting():
                self._launch.begin(self._next)
        elif playing.run:
            stopped = Ordered(self.shelf.folder(playing.run)).stopped
            if stopped:
                self._launch.end(playing.run, at_once=datetime.now(UTC) - stopped.at > _GRACE)

    def close(self) -> None:
        """Breaks off what this process began, to be gone on with when the service runs again."""
        self._launch.close()

    def _playing(self) -> str:
        playing = self._launch.playing()
        return playing.run if playing else ""

    def _check(self, names: Sequence[str]) -> None:
        known = self.suites()
        for name in names:
            found = known.get(name)
            if isinstance(found, WrongSuite):
                raise found
            if found is None or not any(case.split == "test" for case in found.cases):
                raise NoSuchSuite(f"{NoSuchSuite.__doc__} ({name})")

    def _placed(self, order: Order) -> str:
        name = f"{order.at.astimezone():%Y-%m-%d-%H%M%S}"
        for number in range(1, 100):
            run = name if number == 1 else f"{name}-{number}"
            try:
                Ordered(self.shelf.home / run).place(order)
            except FileExistsError:
                continue
            return run
        raise TooManyWaiting(TooManyWaiting.__doc__)

    def _next(self) -> Job | None:
        """The one that was ordered first of those that wait."""
        first = next(iter(self.shelf.waiting()), None)
        if first is None:
            return None
        folder = self.shelf.folder(first.id)
        Ordered(folder).note_start()
        return Job(folder, [*first.suites, *self._options(first), "--out", str(folder)])

    def _options(self, run: ShelvedRun) -> list[str]:
        # Half of the cores are left to customers.
        options = ["--repeat", str(run.repeat), "--workers", str(max(1, (os.cpu_count() or 1) // 2))]
        return [*options, "--baseline", str(self.shelf.home / run.baseline)] if run.baseline else options


@lru_cache(maxsize=100)
def _loaded(path: Path, _changed: int) -> Suite:
    return suite.load(path)


def _environment(settings: Settings) -> Mapping[str, str]:
    """What the run's process goes by: the service's own settings, its folders by their whole paths."""
    places: dict[str, Path] = {"TELLER_DATA_DIR": settings.data_dir, "TELLER_SUITES_DIR": suite.own_folder(settings)}
    return {**os.environ, **{name: str(path.resolve()) for name, path in places.items()}}
