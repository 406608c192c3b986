"""A run beside an earlier one: which metrics changed, by the cases that both have."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from evals import statistics
from evals.outcome import RIGHT
from evals.report import Change, Earlier, SuiteResult

Values = Mapping[str, Mapping[str, float]]
"""Each case's value of each metric."""


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
    return between({result.name: result.values for result in results}, before)


def between(after: Mapping[str, Values], before: Mapping[str, Values]) -> list[Change]:
    """The same for two runs by their values alone, as `load` reads them."""
    return [
        change for suite, values in after.items() if suite in before for change in _of(suite, values, before[suite])
    ]


def turned(after: Values, before: Values) -> tuple[list[str], list[str]]:
    """The cases that were not right each time before and are now, and those that were and are no more."""
    both = [case for case in after if case in before and RIGHT in after[case] and RIGHT in before[case]]
    was, now = ({case for case in both if values[case][RIGHT] == 1} for values in (before, after))
    return sorted(now - was), sorted(was - now)


def _of(suite: str, found: Values, before: Values) -> Iterator[Change]:
    metrics = sorted({metric for values in found.values() for metric in values})
    for metric in metrics:
        earlier = {case: values[metric] for case, values in before.items() if metric in values}
        now = {case: values[metric] for case, values in found.items() if metric in values}
        both = earlier.keys() & now.keys()
        if both:
            _gain, p, cases = statistics.compared(earlier, now)
            old, new = (sum(found[case] for case in both) / cases for found in (earlier, now))
            yield Change(suite, metric, old, new, p, cases)
