"""Suites of cases: played, judged, and told in scores."""

from __future__ import annotations

import os
import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from types import MappingProxyType

from assistant import prompt
from assistant.settings import Settings
from evals import fitness, judging, library, playing, run, statistics
from evals.evaluator import evaluators
from evals.judge import VERDICTS
from evals.outcome import RIGHT, Outcome, judged
from evals.record import Record
from evals.report import Case as Miss
from evals.report import Score, SuiteResult
from evals.run import About, Run
from evals.suite import Suite
from evals.task import Task
from evals.wrong_label import Key, WrongLabel, standing

Progress = Callable[[int, int], None]
"""Hears how many playings are done, and how many there are."""
_MISSES = 40
_SOURCES = ("assistant", "evals", "ingest", "knowledge_base", "prompts")


def played(
    settings: Settings,
    suites: Mapping[str, Suite],
    folder: Path,
    repeat: int = 1,
    workers: int | None = None,
    progress: Progress = lambda _done, _all: None,
    wrong: Mapping[Key, WrongLabel] | None = None,
) -> tuple[list[SuiteResult], About]:
    """The results of these suites, each case played so many times; what was played before in the folder is not played again.

    Cases whose labels were found `wrong` are played, and count nowhere.
    """
    tasks = [
        Task(suite.name, place, trial)
        for suite in suites.values()
        for place, case in enumerate(suite.cases)
        for trial in range(repeat if case.split == "test" else 0)
    ]
    about = about_run(settings, suites, repeat, len(tasks))
    kept = Run(folder)
    records = dict(kept.begin(about, suites))
    progress(len(records), len(tasks))
    left = [task for task in tasks if task not in records]
    for task, record in playing.play(settings, suites, left, workers or os.cpu_count() or 1) if left else ():
        kept.keep(task, record)
        records[task] = record
        progress(len(records), len(tasks))
    judged_records = judging.judged(settings, kept, records)
    return [result(suite, judged_records, wrong or {}) for suite in suites.values()], about


def about_run(settings: Settings, suites: Mapping[str, Suite], repeat: int, playings: int) -> About:
    """What a run of these is of."""
    held = settings.model_dump(mode="json").items()
    told = {name: _SIGNED_IN.sub("//***@", str(value)) for name, value in held if name not in _PLACES}
    index = library.digest(settings)
    prompts = {name: prompt.load(name).label for name in prompt.names()}
    parts = [suite.model_dump(mode="json") for suite in suites.values()]
    return About(
        started=datetime.now(UTC),
        suites=tuple(suites),
        repeat=repeat,
        playings=playings,
        digest=run.digest(parts, repeat, told, index, _code()),
        settings=told,
        prompts=prompts,
        index=index[:16],
        version=version("teller"),
        judge=fitness.load(settings).told,
    )


_PLACES = frozenset({"data_dir", "database_url", "bank_url", "bank_key"})
"""Cases have storage and a bank of their own, so where the service has its own does not matter."""
_SIGNED_IN = re.compile(r"//[^/@\s]+@")
"""A name and password in an address: reports are handed around."""


def _code() -> str:
    """The code that plays and answers."""
    root = Path(__file__).parent.parent
    files = [path for name in _SOURCES for path in sorted((root / name).rglob("*")) if path.suffix in (".py", ".yaml")]
    return run.digest(*(path.read_text(encoding="utf-8") for path in files))


def result(
    suite: Suite, records: Mapping[Task, Record], wrong: Mapping[Key, WrongLabel] = MappingProxyType({})
) -> SuiteResult:
    """A suite's outcomes and scores; cases of the split `tune` are neither played nor counted."""
    by_place: dict[int, list[Record]] = defaultdict(list)
    for task in sorted((one for one in records if one.suite == suite.name), key=lambda one: (one.place, one.trial)):
        by_place[task.place].append(records[task])
    cases = [(suite.cases[place], found) for place, found in sorted(by_place.items())]
    outcomes = [judged(case, found, standing(wrong, suite.name, case)) for case, found in cases]
    scored = [one for one in outcomes if not one.unscored]
    misses = [Miss(one.case.id, one.case.asked, "; ".join(one.faults), _last(one)) for one in _wrong(outcomes)]
    return SuiteResult(
        suite.name,
        len(suite.cases),
        len(scored),
        dict(_scores(scored)),
        misses[:_MISSES],
        None if scored else "no case could be scored",
        outcomes,
        dict(_timings(scored)),
        suite.title,
        shown_only=shown_only(outcomes),
    )


def shown_only(outcomes: Sequence[Outcome]) -> frozenset[str]:
    """The metrics of a judge that does not agree with people well enough."""
    found = [record.judgement for one in outcomes for record in one.records if record.judgement]
    return frozenset(f"judged {verdict}" for verdict in VERDICTS if any(verdict not in one.counts for one in found))


def _wrong(outcomes: Sequence[Outcome]) -> list[Outcome]:
    """The cases that were not right each time or could not be scored, the worst first."""
    wrong = [one for one in outcomes if one.unscored or not all(one.trials)]
    return sorted(wrong, key=lambda one: sum(one.trials) / len(one.trials))


def _last(outcome: Outcome) -> str:
    return outcome.records[-1].last.reply.replace("\n", " ") if outcome.records else ""


def _scores(outcomes: Sequence[Outcome]) -> Iterator[tuple[str, Score]]:
    """The share of right cases, pass^k, each metric's mean, those of each group, and what is told of all together."""
    if not outcomes:
        return
    values: dict[str, list[float]] = defaultdict(list)
    for one in outcomes:
        for metric, value in one.values().items():
            values[metric].append(value)
            if one.case.group:
                values[f"{one.case.group}: {metric}"].append(value)
    yield RIGHT, statistics.mean(values.pop(RIGHT))
    yield from _passes(outcomes)
    for metric, found in sorted(values.items()):
        yield metric, statistics.mean(found)
    everything = [(one.case, record) for one in outcomes for record in one.records]
    for evaluator in evaluators().values():
        yield from evaluator.scores(everything).items()


def _passes(outcomes: Sequence[Outcome]) -> Iterator[tuple[str, Score]]:
    trials = [one.trials for one in outcomes]
    for k in range(1, min(map(len, trials)) + 1) if len(trials[0]) > 1 else ():
        yield f"pass^{k}", statistics.pass_hat(trials, k)


def _timings(outcomes: Sequence[Outcome]) -> Iterator[tuple[str, Score]]:
    """How long turns took, in milliseconds: beside other work, so for the eye rather than for gates."""
    spent = [turn.milliseconds.get("total", 0.0) for one in outcomes for record in one.records for turn in record.turns]
    for name, share in (("turn p50 ms", 0.5), ("turn p95 ms", 0.95), ("turn p99 ms", 0.99)) if any(spent) else ():
        yield name, statistics.quantile(spent, share)
