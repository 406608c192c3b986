"""What a run of suites came to: scores with their confidence, and the gates they must pass."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

_RESAMPLES = 1_000
_SEED = 20261122


@dataclass(frozen=True)
class Score:
    """A measured value with its 95 % confidence interval; both ends equal the value where there is no sample."""

    value: float
    low: float
    high: float


@dataclass(frozen=True)
class Case:
    """One case that did not come out as it should, for people to read."""

    id: str
    question: str
    wanted: str
    got: str


@dataclass(frozen=True)
class SuiteResult:
    """The scores of one suite; `scored` leaves out the cases that could not be scored."""

    name: str
    cases: int
    scored: int
    scores: Mapping[str, Score]
    misses: Sequence[Case] = ()
    skipped: str | None = None


@dataclass(frozen=True)
class Gate:
    """A limit that a score must keep; `at_most` where less is better."""

    name: str
    value: float
    limit: float
    passed: bool


@dataclass(frozen=True)
class Report:
    """All suites of a run and their gates."""

    suites: Sequence[SuiteResult]
    gates: Sequence[Gate] = field(default_factory=tuple)

    @property
    def passed(self) -> bool:
        """Whether every gate is kept."""
        return all(gate.passed for gate in self.gates)

    def as_dict(self) -> dict[str, object]:
        """The report for programs."""
        suites = {
            suite.name: {
                "cases": suite.cases,
                "scored": suite.scored,
                "skipped": suite.skipped,
                "scores": {name: vars(score) for name, score in suite.scores.items()},
                "misses": [vars(case) for case in suite.misses],
            }
            for suite in self.suites
        }
        return {"suites": suites, "gates": [vars(gate) for gate in self.gates], "passed": self.passed}

    def as_text(self) -> str:
        """The report for people."""
        lines = []
        for suite in self.suites:
            lines.append(f"{suite.name}: {suite.skipped or f'{suite.scored} of {suite.cases} cases scored'}")
            for name, score in suite.scores.items():
                interval = f"  [{score.low:.3f}, {score.high:.3f}]" if score.low != score.high else ""
                lines.append(f"  {name:<44}{score.value:>9.3f}{interval}")
            lines += [f"  ✗ {case.id} {case.question}\n      {case.wanted}\n      {case.got}" for case in suite.misses]
        for gate in self.gates:
            lines.append(f"{'pass' if gate.passed else 'FAIL'}  {gate.name}: {gate.value:.3f} (limit {gate.limit:g})")
        return "\n".join(lines)


def mean(values: Sequence[float]) -> Score:
    """The mean of a sample, with a bootstrap interval."""
    sample = np.asarray(values, dtype=float)
    draws = np.random.default_rng(_SEED).choice(sample, (_RESAMPLES, len(sample))).mean(axis=1)
    low, high = np.quantile(draws, [0.025, 0.975])
    return Score(float(sample.mean()), float(low), float(high))


def exact(value: float) -> Score:
    """A value that is no sample's mean."""
    return Score(value, value, value)


def auroc(positives: Sequence[float], negatives: Sequence[float]) -> Score:
    """The chance that a positive scores above a negative, ties counting half, with a bootstrap interval."""
    good, bad = np.asarray(positives), np.asarray(negatives)
    generator = np.random.default_rng(_SEED)
    draws = [_area(generator.choice(good, len(good)), generator.choice(bad, len(bad))) for _ in range(_RESAMPLES // 5)]
    low, high = np.quantile(draws, [0.025, 0.975])
    return Score(_area(good, bad), float(low), float(high))


def _area(good: np.ndarray, bad: np.ndarray) -> float:
    above = np.searchsorted(np.sort(bad), good, side="left").sum()
    upto = np.searchsorted(np.sort(bad), good, side="right").sum()
    return float((above + upto) / 2 / (len(good) * len(bad)))
