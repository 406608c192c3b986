"""Confidence and comparison: bootstrap intervals, pass^k, and paired tests."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import comb

import numpy as np
from scipy.stats import permutation_test
from sklearn.metrics import roc_auc_score

from evals.report import Score

_RESAMPLES = 1_000
_PERMUTATIONS = 5_000
_SEED = 20261122


def mean(values: Sequence[float]) -> Score:
    """The mean of a sample, with a 95 % bootstrap interval."""
    sample = np.asarray(values, dtype=float)
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
    if not gain.any():
        return 0.0, 1.0, len(both)
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
