"""A run beside an earlier one: which metrics changed, by the cases that both have."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from evals import statistics
from evals.report import Change, Earlier, SuiteResult


class WrongBaseline(Exception):
    """The file is no report of an earlier run."""


def load(path: Path) -> Earlier:
    """The run that a report.json, or the folder with one, tells of; raises WrongBaseline."""
    path = path / "report.json" if path.is_dir() else path
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        values = {name: suite["values"] for name, suite in content["suites"].items()}
        return Earlier(values, content.get("about") or {})
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise WrongBaseline(f"{path} is no report of an earlier run: give the report.json in its folder.") from error


def changes(results: Sequence[SuiteResult], before: Mapping[str, Mapping[str, Mapping[str, float]]]) -> list[Change]:
    """Each metric of each suite that both runs have, with what a paired test says."""
    return [change for result in results if result.name in before for change in _of(result, before[result.name])]


def _of(result: SuiteResult, before: Mapping[str, Mapping[str, float]]) -> Iterator[Change]:
    metrics = sorted({metric for values in result.values.values() for metric in values})
    for metric in metrics:
        earlier = {case: values[metric] for case, values in before.items() if metric in values}
        now = {case: values[metric] for case, values in result.values.items() if metric in values}
        both = earlier.keys() & now.keys()
        if both:
            _gain, p, cases = statistics.compared(earlier, now)
            old, new = (sum(found[case] for case in both) / cases for found in (earlier, now))
            yield Change(result.name, metric, old, new, p, cases)
