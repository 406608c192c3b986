"""Runs suites by name and holds their scores to the gates in gates.yaml."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import yaml

from evals import (
    abstention,
    desk_load,
    knowledge,
    leaks,
    model_speed,
    queueing,
    scale,
    search_quality,
    speed,
    staff_guidance,
    understanding,
    wording,
)
from evals.report import Gate, Report, SuiteResult

_FOLDER = Path(__file__).parent


class UnknownSuite(Exception):
    """There is no suite of that name."""


def suites() -> dict[str, Callable[[], SuiteResult]]:
    """Every suite: the measured ones, and one for each file in suites/."""
    found: dict[str, Callable[[], SuiteResult]] = {
        "search": search_quality.run,
        "abstention": abstention.run,
        "speed": speed.run,
        "scale": scale.run,
        "understanding": understanding.run,
        "queue": queueing.run,
        "desk": desk_load.run,
        "leaks": leaks.run,
        "staff_guidance": staff_guidance.run,
        "wording": wording.run,
        "model_speed": model_speed.run,
    }
    for path in sorted((_FOLDER / "suites").glob("*.yaml")):
        found.setdefault(path.stem, lambda path=path: knowledge.run(path))  # type: ignore[misc]
    return found


def run(names: Sequence[str]) -> Report:
    """The report of these suites, or of all; raises UnknownSuite."""
    known = suites()
    unknown = [name for name in names if name not in known]
    if unknown:
        raise UnknownSuite(f"There is no suite {', '.join(unknown)}; the suites are {', '.join(known)}.")
    results = [known[name]() for name in names or known]
    return Report(results, _gates(results))


def _gates(results: Sequence[SuiteResult]) -> list[Gate]:
    limits = yaml.safe_load((_FOLDER / "gates.yaml").read_text(encoding="utf-8"))
    gates = []
    for result in results:
        for name, limit in limits.get(result.name, {}).items():
            if name not in result.scores:
                continue
            ((way, bound),) = limit.items()
            value = result.scores[name].value
            other = result.scores[bound].value if isinstance(bound, str) else float(bound)
            passed = {"at_least": value >= other, "at_most": value <= other, "above": value > other}[way]
            gates.append(Gate(f"{result.name}: {name} {way.replace('_', ' ')} {bound}", value, other, passed))
    return gates
