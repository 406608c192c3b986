"""The limits that a release must keep, from gates.yaml."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import TypeAdapter

from evals.report import Change, Gate, SuiteResult
from evals.suite import WrongSuite

FILE = "gates.yaml"
_SHIPPED = Path(__file__).with_name(FILE)
_Way = Literal["at_least", "at_most", "above"]
Limits = Mapping[str, Mapping[str, Mapping[_Way, float | str]]]
_Gates = TypeAdapter(dict[str, dict[str, dict[_Way, float | str]]])
_SIGNIFICANT = 0.05


class WrongGates(WrongSuite):
    """The bank's gates cannot be read; nothing is run before they are mended."""


def limits(own: Path | None = None) -> Limits:
    """The limits by suite and metric; those of a suite that stands in the bank's own file take the place of ours. Raises WrongGates."""
    found: dict[str, Any] = yaml.safe_load(_SHIPPED.read_text(encoding="utf-8"))
    if own is None or not own.exists():
        return found
    try:
        theirs = _Gates.validate_python(yaml.safe_load(own.read_text(encoding="utf-8")) or {})
    except (OSError, ValueError, yaml.YAMLError) as error:
        raise WrongGates(f"{own}: not gates, as `suite: {{metric: {{at_least: 0.9}}}}`: {error}") from error
    return {**found, **theirs}


def held(results: Sequence[SuiteResult], changes: Sequence[Change] = (), known: Limits | None = None) -> list[Gate]:
    """Every gate of these suites, and that nothing became worse than in the run that they are compared with."""
    known = limits() if known is None else known
    gates = [gate for result in results for gate in _of(result, known.get(result.name, {}))]
    shown_only = {(result.name, metric) for result in results for metric in result.shown_only}
    held_to = [one for one in changes if (one.suite, one.metric) not in shown_only]
    return [*gates, *(_not_worse(change) for change in held_to if change.p < _SIGNIFICANT and change.gain < 0)]


def _of(result: SuiteResult, limits: Mapping[str, Mapping[_Way, float | str]]) -> Iterator[Gate]:
    for name, limit in limits.items():
        ((way, bound),) = limit.items()
        if result.is_shown_only(name) or (isinstance(bound, str) and result.is_shown_only(bound)):
            continue
        if name not in result.scores:
            if not result.skipped:
                yield Gate(f"{result.name}: {name} was not measured", 0.0, 0.0, False, result.name, name, "measured")  # noqa: FBT003
            continue
        value = result.scores[name].value
        other = result.scores[bound].value if isinstance(bound, str) else float(bound)
        passed = {"at_least": value >= other, "at_most": value <= other, "above": value > other}[way]
        told = f"{result.name}: {name} {way.replace('_', ' ')} {bound}"
        yield Gate(told, value, other, passed, result.name, name, way, str(bound))


def _not_worse(change: Change) -> Gate:
    name = f"{change.suite}: {change.metric} not worse than before (p {change.p:.3f}, {change.cases} cases)"
    return Gate(name, change.after, change.before, False, change.suite, change.metric, "not_worse")  # noqa: FBT003
