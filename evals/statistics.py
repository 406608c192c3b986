"""Confidence and comparison: bootstrap intervals, pass^k, and paired tests."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from math import comb

import numpy as np
from scipy.stats import binomtest, permutation_test
from sklearn.metrics import cohen_kappa_score, roc_auc_score

from evals.report import Score

_RESAMPLES = 1_000
_PERMUTATIONS = 5_000
_SEED = 20261122


def mean(values: Sequence[float]) -> Score:
    """The mean of a sample, with a 95 % bootstrap interval; of a share, which is a sample of nought and one, with Wilson's.

    Drawing again from a sample that is all right says that all there is must be right; Wilson's interval says how little three right
    ones prove. Raises ValueError for no sample, which has no mean.
    """
    sample = np.asarray(values, dtype=float)
    if not sample.size:
        raise ValueError("no sample, no mean: leave the score out")
    if np.isin(sample, (0.0, 1.0)).all():
        share = binomtest(int(sample.sum()), sample.size).proportion_ci(method="wilson")
        return Score(float(sample.mean()), float(share.low), float(share.high), sample.size)
    draws = np.random.default_rng(_SEED).choice(sample, (_RESAMPLES, len(sample))).mean(axis=1)
    low, high = np.quantile(draws, [0.025, 0.975])
    return Score(float(sample.mean()), float(low), float(high), len(sample))


def exact(value: float) -> Score:
    """A value that is no sample's mean."""
    return Score(value, value, value)


def auroc(positives: Sequence[float], negatives: Sequence[float]) -> Score:
    """The chance that a positive scores above a negative, ties counting half, with a 95 % bootstrap interval."""
    good, bad = np.asarray(positives), np.asarray(negatives)
    generator = np.random.default_rng(_SEED)
    draws = [_area(generator.choice(good, len(good)), generator.choice(bad, len(bad))) for _ in range(_RESAMPLES // 5)]
    low, high = np.quantile(draws, [0.025, 0.975])
    return Score(_area(good, bad), float(low), float(high), len(good) + len(bad))


def kappa(labels: Sequence[bool], verdicts: Sequence[bool], groups: Sequence[Hashable]) -> Score | None:
    """Cohen's kappa of verdicts and labels, with a 95 % bootstrap interval; nothing where all of both say the same, for it has no value there.

    Labels of one group, such as those over one passage, are drawn together: they are no independent samples.
    """
    right, said = np.asarray(labels, dtype=bool), np.asarray(verdicts, dtype=bool)
    if len({*right.tolist(), *said.tolist()}) < 2:
        return None
    members = [np.array([place for place, one in enumerate(groups) if one == group]) for group in dict.fromkeys(groups)]
    generator = np.random.default_rng(_SEED)
    draws = []
    for _ in range(_RESAMPLES // 5):
        drawn = np.concatenate([members[one] for one in generator.integers(len(members), size=len(members))])
        if len({*right[drawn].tolist(), *said[drawn].tolist()}) > 1:
            draws.append(cohen_kappa_score(right[drawn], said[drawn]))
    low, high = np.quantile(draws, [0.025, 0.975])
    return Score(float(cohen_kappa_score(right, said)), float(low), float(high), len(right))


def _area(good: np.ndarray, bad: np.ndarray) -> float:
    labels = np.concatenate([np.ones(len(good)), np.zeros(len(bad))])
    return float(roc_auc_score(labels, np.concatenate([good, bad])))


def pass_hat(trials: Sequence[Sequence[bool]], k: int) -> Score:
    """pass^k: the chance that k playings of a case are all right, over cases of at least k trials each (tau-bench)."""
    return mean([comb(sum(one), k) / comb(len(one), k) for one in trials])


def compared(before: Mapping[str, float], after: Mapping[str, float]) -> tuple[float, float, int]:
    """The mean difference of the cases that both have, its two-sided p by paired permutation, and how many cases they are."""
    both = sorted(before.keys() & after.keys())
    gain = np.array([after[one] - before[one] for one in both])
    if len(both) < 2 or not gain.any():
        # The sign of a single case is as likely as the other.
        return float(gain.sum()), 1.0, len(both)
    found = permutation_test(
        (gain,),
        np.mean,
        permutation_type="samples",
        n_resamples=_PERMUTATIONS,
        rng=np.random.default_rng(_SEED),
    )
    return float(gain.mean()), float(found.pvalue), len(both)


def quantile(values: Sequence[float], share: float) -> Score:
    """A quantile of a sample, with a 95 % bootstrap interval."""
    sample = np.asarray(values, dtype=float)
    draws = np.random.default_rng(_SEED).choice(sample, (_RESAMPLES // 5, len(sample)))
    low, high = np.quantile(np.quantile(draws, share, axis=1), [0.025, 0.975])
    return Score(float(np.quantile(sample, share)), float(low), float(high), len(sample))
