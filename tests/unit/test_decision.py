"""The lines of a decision mean what they say on what they were drawn from."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest
import yaml
from pydantic import ValidationError

from assistant import decision
from assistant.decision import Calibration, Sample, Verdict, calibrations, decide


def sample(answerable: float, unanswerable: float, spread: float = 1.0) -> Sample:
    """A base whose strengths lie evenly about two centres."""
    around = np.linspace(-spread, spread, 101)
    return Sample(answerable=tuple(answerable + around), unanswerable=tuple(unanswerable + around))


def calibration(*samples: Sample) -> Calibration:
    bases = {f"base {number}": one for number, one in enumerate(samples)}
    return Calibration(intercept=-1.0, score=0.5, support=10.0, question=0.25, search=40.0, saturated=4.0, bases=bases)


def share_below(strengths: Sequence[float], line: float) -> float:
    """The share of questions under a line, the quantiles being even."""
    return float(np.interp(line, strengths, np.linspace(0, 1, len(strengths))))


ONE = sample(2.0, 0.0)
APART = sample(9.0, -9.0)


@pytest.mark.parametrize("lost", [0.01, 0.05, 0.2, 0.5])
@pytest.mark.parametrize("doubtless", [0.02, 0.1, 0.3])
def test_of_one_base_as_many_are_lost_and_as_many_go_undoubted_as_was_said(lost: float, doubtless: float) -> None:
    made = decide(calibration(ONE), lost, doubtless)
    assert share_below(ONE.answerable, made.answered_from) == pytest.approx(lost)
    plainly = 1 - share_below(ONE.unanswerable, made.certain_from)
    assert plainly <= doubtless + 1e-9
    if made.certain_from > made.answered_from:
        assert plainly == pytest.approx(doubtless)


def test_each_base_counts_alike() -> None:
    lines = [decide(calibration(one), 0.05).answered_from for one in (ONE, APART)]
    both = decide(calibration(ONE, APART), 0.05).answered_from
    assert both == pytest.approx(np.mean(lines))
    assert decide(calibration(APART, ONE), 0.05).answered_from == pytest.approx(both)


def test_a_base_of_fewer_quantiles_is_read_between_them() -> None:
    few = Sample(answerable=(0.0, 10.0), unanswerable=(-10.0, 0.0))
    assert decide(calibration(few), 0.05).answered_from == pytest.approx(0.5)
    assert decide(calibration(few), 0.05, 0.1).certain_from == pytest.approx(0.5)


@pytest.mark.parametrize("samples", [(ONE,), (APART,), (ONE, APART), (sample(-3.0, 3.0), ONE)])
def test_the_more_may_be_lost_the_higher_the_line_and_certainty_is_never_below_it(samples: tuple[Sample, ...]) -> None:
    made = [decide(calibration(*samples), float(lost)) for lost in np.linspace(0.001, 0.5, 50)]
    lines = [one.answered_from for one in made]
    assert lines == sorted(lines)
    assert lines[0] < lines[-1]
    assert all(one.certain_from >= one.answered_from for one in made)
    certain = [one.certain_from for one in made]
    assert certain == sorted(certain)


def test_where_answers_and_others_lie_apart_nothing_is_doubted() -> None:
    made = decide(calibration(APART), 0.05)
    assert made.certain_from == made.answered_from
    assert made.verdict(made.answered_from) is Verdict.ANSWER


def test_a_strength_on_a_line_is_over_it() -> None:
    made = decide(calibration(sample(0.0, 0.0)), 0.05)
    assert made.answered_from < made.certain_from
    nothing = np.nextafter(made.answered_from, -np.inf)
    assert made.verdict(float(nothing)) is Verdict.ABSTAIN
    assert made.verdict(made.answered_from) is Verdict.DOUBT
    assert made.verdict(float(np.nextafter(made.certain_from, -np.inf))) is Verdict.DOUBT
    assert made.verdict(made.certain_from) is Verdict.ANSWER


def test_strength_weighs_what_was_read_with_what_is_near() -> None:
    made = calibration(ONE)
    assert made.strength(2.0, 0.9, is_question=False) == pytest.approx(-1 + 1 + 9)
    assert made.strength(2.0, 0.9, is_question=True) == pytest.approx(-1 + 1 + 9 + 0.25)


def test_calibrations_are_read_by_fingerprint(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "decision.yaml"
    file.write_text(yaml.safe_dump({"judge-1": calibration(ONE, APART).model_dump(mode="json")}), encoding="utf-8")
    monkeypatch.setattr(decision, "_FILE", file)
    assert dict(calibrations()) == {"judge-1": calibration(ONE, APART)}


def test_a_file_with_other_keys_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "decision.yaml"
    file.write_text(yaml.safe_dump({"judge-1": {"intercept": 1}}), encoding="utf-8")
    monkeypatch.setattr(decision, "_FILE", file)
    with pytest.raises(ValidationError):
        calibrations()


def test_the_calibrations_that_ship_hold_what_they_say() -> None:
    for made in calibrations().values():
        assert made.bases
        assert made.score > 0
        for one in made.bases.values():
            for strengths in (one.answerable, one.unanswerable):
                assert list(strengths) == sorted(strengths)
                assert len(strengths) == 101
            assert np.median(one.answerable) > np.median(one.unanswerable)
        lines = decide(made, 0.05)
        lost = [share_below(one.answerable, lines.answered_from) for one in made.bases.values()]
        assert np.mean(lost) == pytest.approx(0.05, abs=0.05)


def test_order_weighs_what_search_found_against_what_was_read() -> None:
    made = calibration(ONE)
    assert made.order(1.0, 0.9) == pytest.approx(37.0)
    assert made.order(1.0, 0.95) > made.order(2.0, 0.9)
    assert made.order(4.0, 0.9) > made.order(1.0, 0.95)


class Read(NamedTuple):
    """A passage that was read."""

    score: float
    fits: bool


@pytest.mark.parametrize(
    ("read", "count"),
    [
        ([Read(3.9, True), Read(3.9, True)], 2),
        ([Read(3.9, True), Read(4.0, True), Read(9.0, True)], 2),
        ([Read(9.0, False), Read(4.0, True), Read(9.0, True)], 2),
        ([], 0),
    ],
)
def test_reading_ends_with_the_first_that_fits_and_answers(read: list[Read], count: int) -> None:
    passages = iter(read)
    assert calibration(ONE).considered(passages) == read[:count]
    assert list(passages) == read[count:]


def test_beyond_what_answers_a_higher_score_puts_nothing_first() -> None:
    made = calibration(ONE)
    assert made.order(9.0, 0.9) == made.order(4.0, 0.9) > made.order(3.9, 0.9)
    assert made.order(4.0, 0.91) > made.order(9.0, 0.9)
