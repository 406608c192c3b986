"""A report kept in the folder of its run, so that it can be shown again just as it was."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from evals.case import Case
from evals.evaluator import Mark
from evals.outcome import Outcome
from evals.record import Record
from evals.report import Case as Miss
from evals.report import Change, Earlier, Gate, Report, Score, SuiteResult
from evals.run import About, Run

REPORT, CASES = "report.json", "cases.json"


class NoReport(Exception):
    """The folder holds no report that can be read."""


def keep(report: Report, folder: Path) -> None:
    """Writes the report for programs, and its cases with their marks; what was said stands in the run's records."""
    folder.mkdir(parents=True, exist_ok=True)
    earlier = vars(report.earlier) if report.earlier else None
    cases = {suite.name: list(map(_kept, suite.outcomes)) for suite in report.suites if suite.outcomes}
    _write(folder / CASES, {"earlier": earlier, "suites": cases})
    _write(folder / REPORT, report.as_dict())


def report(folder: Path) -> Report:
    """The report of a folder with its marks as they were given then; raises NoReport."""
    try:
        told, kept = _read(folder / REPORT), _read(folder / CASES)
        records = _records(folder)
        return Report(
            [_suite(name, one, kept["suites"].get(name, ()), records) for name, one in told["suites"].items()],
            [Gate(**one) for one in told["gates"]],
            [Change(**one) for one in told["changes"]],
            About.model_validate(told["about"]) if told["about"] else None,
            Earlier(**kept["earlier"]) if kept["earlier"] else None,
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise NoReport(
            f"{folder} holds no report of a finished run: {error}; run `teller eval` for it anew."
        ) from error


def _kept(one: Outcome) -> dict[str, Any]:
    marks = [[vars(mark) for mark in trial] for trial in one.marks]
    return {"case": one.case.model_dump(mode="json", exclude_defaults=True), "marks": marks}


def _suite(
    name: str,
    told: Mapping[str, Any],
    cases: Sequence[Mapping[str, Any]],
    records: Mapping[tuple[str, str], list[Record]],
) -> SuiteResult:
    scores, timings = ({key: Score(**one) for key, one in told[kind].items()} for kind in ("scores", "timings"))
    misses = [Miss(**one) for one in told["misses"]]
    outcomes = [_outcome(name, one, records) for one in cases]
    return SuiteResult(
        name, told["cases"], told["scored"], scores, misses, told["skipped"], outcomes, timings, told["title"]
    )


def _outcome(suite: str, kept: Mapping[str, Any], records: Mapping[tuple[str, str], list[Record]]) -> Outcome:
    case = Case.model_validate(kept["case"])
    marks = tuple(tuple(Mark(**mark) for mark in trial) for trial in kept["marks"])
    return Outcome(case, tuple(records[suite, case.id]), marks)


def _records(folder: Path) -> Mapping[tuple[str, str], list[Record]]:
    """The playings of each case in their order."""
    found: dict[tuple[str, str], list[Record]] = defaultdict(list)
    for task, record in sorted(Run(folder).records(), key=lambda pair: pair[0].trial):
        found[task.suite, record.case].append(record)
    return found


def _read(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


def _write(path: Path, content: object) -> None:
    path.write_text(json.dumps(content, ensure_ascii=False, indent=1), encoding="utf-8")
