"""Intervals and paired tests: against scipy, against counting everything by hand, and where there is little or nothing to count."""

from __future__ import annotations

from itertools import combinations, product
from statistics import fmean

import numpy as np
import pytest
from scipy import stats

from evals import comparison, statistics
from evals.report import Score, SuiteResult

FEW = [0.2, 0.9, 0.4, 0.7, 0.65, 0.1, 0.8, 0.55]


class TestMean:
    def test_its_interval_is_scipys_percentile_bootstrap(self) -> None:
        found = statistics.mean(FEW)
        theirs = stats.bootstrap((FEW,), np.mean, method="percentile", n_resamples=20_000, rng=1).confidence_interval
        assert found.value == pytest.approx(fmean(FEW))
        assert (found.low, found.high) == pytest.approx((theirs.low, theirs.high), abs=0.02)
        assert found.n == len(FEW)

    @pytest.mark.parametrize(("right", "of"), [(3, 3), (0, 5), (1, 1), (97, 100)])
    def test_a_share_has_wilsons_interval_which_promises_nothing_of_a_few(self, right: int, of: int) -> None:
        found = statistics.mean([True] * right + [False] * (of - right))
        z = stats.norm.ppf(0.975)
        share, spread = right / of, z / (1 + z**2 / of)
        middle = (share + z**2 / (2 * of)) / (1 + z**2 / of)
        half = spread * (share * (1 - share) / of + z**2 / (4 * of**2)) ** 0.5
        assert found.value == share
        assert (found.low, found.high) == pytest.approx((max(0, middle - half), min(1, middle + half)))
        assert found.low <= share <= found.high
        assert found.low < found.high

    def test_values_that_are_all_alike_leave_no_doubt_but_shares_do(self) -> None:
        alike = statistics.mean([0.4] * 6)
        assert (alike.value, alike.low, alike.high) == pytest.approx((0.4, 0.4, 0.4))

    def test_of_nothing_there_is_none(self) -> None:
        with pytest.raises(ValueError, match="no sample"):
            statistics.mean([])

    def test_is_the_same_each_time(self) -> None:
        assert statistics.mean(FEW) == statistics.mean(FEW)


class TestPassHat:
    def test_is_the_share_of_all_ways_to_draw_k_trials_that_are_all_right(self) -> None:
        trials = [(True, True, False, True), (False, False, False, False), (True,) * 4, (True, False, False, False)]
        for k in (1, 2, 3, 4):
            by_hand = fmean(fmean(all(drawn) for drawn in combinations(one, k)) for one in trials)
            assert statistics.pass_hat(trials, k).value == pytest.approx(by_hand)

    def test_falls_with_k(self) -> None:
        trials = [(True, True, False), (True, False, True), (True, True, True)]
        found = [statistics.pass_hat(trials, k).value for k in (1, 2, 3)]
        assert found == sorted(found, reverse=True)
        assert found[2] == pytest.approx(1 / 3)


class TestCompared:
    def test_its_p_counts_every_way_of_changing_signs(self) -> None:
        before = {str(place): value for place, value in enumerate(FEW)}
        after = {
            name: value + change
            for (name, value), change in zip(
                before.items(), (0.1, -0.05, 0.2, 0.1, 0.02, 0.3, -0.01, 0.15), strict=True
            )
        }
        gains = [after[name] - before[name] for name in before]
        all_means = [
            fmean(sign * gain for sign, gain in zip(signs, gains, strict=True))
            for signs in product((1, -1), repeat=len(gains))
        ]
        above = sum(one >= fmean(gains) - 1e-12 for one in all_means) / len(all_means)
        gain, p, cases = statistics.compared(before, after)
        assert gain == pytest.approx(fmean(gains))
        assert p == pytest.approx(2 * above)
        assert cases == 8

    def test_agrees_with_mcnemars_exact_test_on_right_and_wrong(self) -> None:
        before = {str(place): 1.0 for place in range(40)}
        after = before | {str(place): 0.0 for place in range(9)}
        before |= {"40": 0.0, "41": 0.0}
        after |= {"40": 1.0, "41": 1.0}
        _gain, p, _cases = statistics.compared(before, after)
        assert p == pytest.approx(stats.binomtest(2, 11).pvalue, abs=0.02)

    def test_one_case_proves_nothing(self) -> None:
        assert statistics.compared({"a": 0.0}, {"a": 1.0}) == (1.0, 1.0, 1)

    def test_five_cases_cannot_be_significant_and_six_can(self) -> None:
        worse = [
            statistics.compared({str(one): 1.0 for one in range(n)}, {str(one): 0.0 for one in range(n)})[1]
            for n in (5, 6)
        ]
        assert worse == pytest.approx([2 / 2**5, 2 / 2**6])

    @pytest.mark.parametrize("names", ["abc", ""])
    def test_without_a_change_or_a_case_in_common_nothing_is_told(self, names: str) -> None:
        same = dict.fromkeys(names, 0.5)
        assert statistics.compared(same, dict(same)) == (0.0, 1.0, len(names))

    def test_only_cases_of_both_runs_count(self) -> None:
        gain, _p, cases = statistics.compared({"a": 0.0, "gone": 1.0}, {"a": 0.5, "new": 0.0})
        assert (gain, cases) == (0.5, 1)


class TestAuroc:
    def test_is_the_share_of_pairs_in_order_ties_counting_half(self) -> None:
        good, bad = [0.9, 0.8, 0.5, 0.4], [0.5, 0.3, 0.2]
        by_hand = fmean((one > other) + (one == other) / 2 for one in good for other in bad)
        found = statistics.auroc(good, bad)
        assert found.value == pytest.approx(by_hand)
        assert found.value == pytest.approx(stats.mannwhitneyu(good, bad).statistic / 12)
        assert found.low <= found.value <= found.high

    def test_scores_that_tell_nothing_are_a_half(self) -> None:
        assert statistics.auroc([0.5, 0.5], [0.5]).value == 0.5


class TestKappa:
    def test_is_agreement_over_chance(self) -> None:
        labels = [True] * 25 + [False] * 25
        said = [True] * 20 + [False] * 5 + [True] * 10 + [False] * 15
        found = statistics.kappa(labels, said, range(50))
        assert found
        assert found.value == pytest.approx((0.7 - 0.5) / (1 - 0.5))
        assert found.low < found.value < found.high

    def test_of_labels_and_verdicts_that_are_all_one_there_is_none(self) -> None:
        assert statistics.kappa([True] * 4, [True] * 4, range(4)) is None

    def test_a_judge_that_always_says_the_same_agrees_by_chance_alone(self) -> None:
        found = statistics.kappa([True, False] * 10, [True] * 20, range(20))
        assert found
        assert found.value == 0

    def test_labels_over_one_passage_are_no_independent_samples(self) -> None:
        labels = [True, False] * 30
        said = [label if place % 12 < 8 else not label for place, label in enumerate(labels)]
        apart = statistics.kappa(labels, said, range(60))
        together = statistics.kappa(labels, said, [place // 4 for place in range(60)])
        assert apart and together
        assert apart.value == together.value
        assert together.high - together.low > apart.high - apart.low


class TestQuantile:
    def test_lies_in_its_interval(self) -> None:
        found = statistics.quantile(list(range(101)), 0.95)
        assert found.value == 95
        assert found.low <= 95 <= found.high

    def test_of_one_it_is_that_one(self) -> None:
        assert statistics.quantile([7.0], 0.99) == Score(7, 7, 7, 1)


def test_runs_are_compared_by_the_cases_and_metrics_that_both_have() -> None:
    class Result(SuiteResult):
        @property
        def values(self) -> dict[str, dict[str, float]]:
            return {"a": {"right": 1.0, "new": 1.0}, "b": {"right": 0.0}, "c": {"right": 1.0}}

    before = {"suite": {"a": {"right": 0.0}, "b": {"right": 0.0, "gone": 1.0}, "d": {"right": 1.0}}}
    (change,) = comparison.changes([Result("suite", 3, 3, {}), Result("other", 3, 3, {})], before)
    assert (change.metric, change.before, change.after, change.cases) == ("right", 0.0, 0.5, 2)
