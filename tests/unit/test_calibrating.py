"""A calibration weighs what foretells an answer, each base alike; the bases that ship hold what their questions say they hold."""

from __future__ import annotations

import math
import random
import re
from pathlib import Path

import pytest

from assistant.decision import decide
from training import bases, calibrating
from training.calibrating import Looked, Signals

BASES = Path(bases.__file__).with_name("bases")
LESSONS = BASES.with_name("lessons")


def looked(base: str, count: int, shift: float) -> list[Looked]:
    choose = random.Random(base)

    def one(answerable: bool) -> Looked:
        score = choose.gauss(2.0 if answerable else -2.0, 1.0) + shift
        return Looked(base, answerable, (Signals(score, 0.9, choose.uniform(0.85, 0.95), False, True, answerable),))

    return [one(place % 2 == 0) for place in range(count)]


def test_what_foretells_is_weighed_and_the_line_loses_what_it_says() -> None:
    asked = [*looked("large", 2_000, 0.0), *looked("small", 200, 0.5)]
    calibration = calibrating.calibrated(asked)
    assert calibration.score > 0.5
    assert set(calibration.bases) == {"large", "small"}
    line = decide(calibration, lost=0.1).answered_from
    lost = {
        base: [calibrating.strength(calibration, one) < line for one in asked if one.base == base and one.answerable]
        for base in ("large", "small")
    }
    shares = [sum(one) / len(one) for one in lost.values()]
    assert 0.05 < sum(shares) / 2 < 0.15


def test_what_does_not_fit_is_never_strong() -> None:
    unfit = Looked("a", True, (Signals(9.0, 0.9, 0.95, False, False, True),))
    calibration = calibrating.calibrated(looked("a", 200, 0.0))
    assert calibrating.strength(calibration, unfit) < decide(calibration, lost=0.01).answered_from


def test_search_weighs_as_much_as_it_foretells_which_hit_answers() -> None:
    choose = random.Random(7)

    def one() -> Looked:
        read = [(choose.gauss(0, 2), choose.uniform(0.9, 1.0)) for _ in range(4)]
        # Drawn as the regression thinks of it: the chance of each hit grows with its score and with 50 times its search score.
        chances = [math.exp(score + 50 * search) for score, search in read]
        right = choose.choices(range(4), chances)[0]
        hits = (Signals(score, search, 0.9, False, True, place == right) for place, (score, search) in enumerate(read))
        return Looked("b", True, tuple(hits))

    calibration = calibrating.calibrated([*(one() for _ in range(2_000)), *looked("b", 20, 0.0)])
    assert 40 < calibration.search < 60


def test_a_base_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "questions.yaml").write_text("- {asked: 年费多少}\n", encoding="utf-8")
    with pytest.raises(bases.WrongBase, match=r"questions\.yaml"):
        list(bases.load(tmp_path))


def test_what_is_learnt_from_is_not_what_is_calibrated_on() -> None:
    learnt, calibrated = (
        {bases.letters(question.asked) for base in bases.load(folder) for question in base.questions}
        for folder in (LESSONS, BASES)
    )
    assert len(learnt) > 2_000
    assert not learnt & calibrated


@pytest.mark.parametrize("base", [*bases.load(BASES), *bases.load(LESSONS)], ids=lambda base: base.name)
def test_evidence_stands_in_a_document_and_nothing_is_asked_twice(base: bases.Base) -> None:
    texts = [path.read_text(encoding="utf-8") for path in base.documents.rglob("*") if path.suffix in {".md", ".csv"}]
    told = re.sub(r"\s", "", "\n".join(texts))
    for question in base.questions:
        for evidence in question.evidence:
            assert re.sub(r"\s", "", evidence) in told, question.asked
    asked = [question.asked for question in base.questions]
    assert len(set(asked)) == len(asked)
    answerable = sum(bool(question.evidence) for question in base.questions)
    assert 0.4 < answerable / len(asked) < 0.6
