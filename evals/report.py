"""What a run of suites came to: scores with their confidence, and the gates they must pass."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from evals.outcome import Outcome
    from evals.run import About


@dataclass(frozen=True)
class Score:
    """A measured value with its 95 % confidence interval over `n` samples; both ends equal the value where there is no sample."""

    value: float
    low: float
    high: float
    n: int = 1


@dataclass(frozen=True)
class Case:
    """One case that did not come out as it should, for people to read."""

    id: str
    question: str
    wanted: str
    got: str


@dataclass(frozen=True)
class SuiteResult:
    """The scores of one suite; `scored` leaves out the cases that could not be scored.

    `outcomes` are its cases one by one, where it has such; `timings` are seconds or milliseconds, which no two runs have alike;
    `shown_only` are metrics that no gate may read, whoever asks for it.
    """

    name: str
    cases: int
    scored: int
    scores: Mapping[str, Score]
    misses: Sequence[Case] = ()
    skipped: str | None = None
    outcomes: Sequence[Outcome] = ()
    timings: Mapping[str, Score] = field(default_factory=dict)
    title: str = ""
    shown_only: frozenset[str] = frozenset()

    def is_shown_only(self, metric: str) -> bool:
        """Whether no gate may read a metric, of all cases or of a group."""
        return metric in self.shown_only or any(metric.endswith(f": {one}") for one in self.shown_only)

    @property
    def values(self) -> Mapping[str, Mapping[str, float]]:
        """Each case's value of each metric, by case: what two runs are compared by."""
        return {one.case.id: one.values() for one in self.outcomes if one.values()}

    @property
    def unscored(self) -> Mapping[str, str]:
        """Why a case counts nowhere, by case."""
        return {one.case.id: one.unscored for one in self.outcomes if one.unscored}


@dataclass(frozen=True)
class Gate:
    """A limit that a score must keep.

    `way` is `at_least`, `at_most` or `above`; `measured` where the score is missing, and `not_worse` beside an earlier run. `bound` is the
    limit as it was given: a number, or the name of another score.
    """

    name: str
    value: float
    limit: float
    passed: bool
    suite: str = ""
    metric: str = ""
    way: str = ""
    bound: str = ""


@dataclass(frozen=True)
class Change:
    """How a metric of a suite changed from one run to the next, over the cases that both have; `p` is of a paired permutation test."""

    suite: str
    metric: str
    before: float
    after: float
    p: float
    cases: int

    @property
    def gain(self) -> float:
        """How much better it became."""
        return self.after - self.before


@dataclass(frozen=True)
class Earlier:
    """The run that another is compared with: each case's value of each metric by suite and case, and what it was of."""

    values: Mapping[str, Mapping[str, Mapping[str, float]]]
    about: Mapping[str, Any]


@dataclass(frozen=True)
class Report:
    """All suites of a run, their gates, and how they changed since another run."""

    suites: Sequence[SuiteResult]
    gates: Sequence[Gate] = ()
    changes: Sequence[Change] = ()
    about: About | None = None
    earlier: Earlier | None = None

    @property
    def passed(self) -> bool:
        """Whether every gate is kept."""
        return all(gate.passed for gate in self.gates)

    def as_dict(self) -> dict[str, object]:
        """The report for programs; `values` are what a later run is compared by."""
        suites = {
            suite.name: {
                "title": suite.title,
                "cases": suite.cases,
                "scored": suite.scored,
                "skipped": suite.skipped,
                "scores": {name: vars(score) for name, score in suite.scores.items()},
                "timings": {name: vars(score) for name, score in suite.timings.items()},
                "misses": [vars(case) for case in suite.misses],
                "values": suite.values,
                "unscored": suite.unscored,
            }
            for suite in self.suites
        }
        about = self.about.model_dump(mode="json") if self.about else None
        gates, changes = [vars(gate) for gate in self.gates], [vars(change) for change in self.changes]
        return {"suites": suites, "gates": gates, "changes": changes, "passed": self.passed, "about": about}

    def as_text(self) -> str:
        """The report for people."""
        lines = [f"judge {self.about.judge}"] if self.about and self.about.judge else []
        for suite in self.suites:
            lines.append(f"{suite.name}: {suite.skipped or f'{suite.scored} of {suite.cases} cases scored'}")
            for name, score in suite.scores.items():
                interval = f"  [{score.low:.3f}, {score.high:.3f}]" if score.low != score.high else ""
                lines.append(f"  {name:<44}{score.value:>9.3f}{interval}")
            lines += [f"  ✗ {case.id} {case.question}\n      {case.wanted}\n      {case.got}" for case in suite.misses]
        for change in (one for one in self.changes if one.gain):
            told = f"{change.before:.3f} → {change.after:.3f}, p {change.p:.3f}, {change.cases} cases"
            lines.append(f"{'better' if change.gain > 0 else 'worse '}  {change.suite}: {change.metric} {told}")
        for gate in self.gates:
            lines.append(f"{'pass' if gate.passed else 'FAIL'}  {gate.name}: {gate.value:.3f} (limit {gate.limit:g})")
        return "\n".join(lines)
