"""Plays cases, several at once: each worker has a stage of its own."""

from __future__ import annotations

import multiprocessing
import multiprocessing.util
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from contextlib import ExitStack

from assistant import bootstrap, clock
from assistant.settings import Settings
from evals import library, stage
from evals.record import Record
from evals.stage import Stage
from evals.suite import Suite
from evals.task import Task


def play(
    settings: Settings, suites: Mapping[str, Suite], tasks: Sequence[Task], workers: int
) -> Iterator[tuple[Task, Record]]:
    """Each task with its record, in the order in which they end."""
    if workers == 1 or len(tasks) < workers:
        with stage.opened(settings) as alone:
            for task in tasks:
                yield task, _played(alone, suites, task)
        return
    library.kept(settings, bootstrap.build_embedder(settings))
    spawn = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(workers, spawn, _open, (settings, dict(suites))) as pool:
        asked = {pool.submit(_play, task): task for task in tasks}
        for done in as_completed(asked):
            yield asked[done], done.result()


_OPEN = ExitStack()
_STAGES: list[tuple[Stage, Mapping[str, Suite]]] = []


def _open(settings: Settings, suites: Mapping[str, Suite]) -> None:
    """Begins a worker's life."""
    bootstrap.go_offline()
    clock.keep(settings.time_zone)
    _STAGES.append((_OPEN.enter_context(stage.opened(settings)), suites))
    multiprocessing.util.Finalize(None, _OPEN.close, exitpriority=10)


def _play(task: Task) -> Record:
    ((mine, suites),) = _STAGES
    return _played(mine, suites, task)


def _played(on: Stage, suites: Mapping[str, Suite], task: Task) -> Record:
    suite = suites[task.suite]
    return on.play(suite, suite.cases[task.place], task.trial)
