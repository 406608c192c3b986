"""A label that somebody found wrong: who said so is kept, and the case counts nowhere until it is mended."""

from __future__ import annotations

from pathlib import Path

import pytest

from evals.case import Case
from evals.evaluator import Mark
from evals.outcome import judged
from evals.record import PlayedTurn, Record
from evals.suite import WrongSuite
from evals.wrong_label import FILE, Labels

CASE = Case(id="a1", question="白金卡年费多少", must_say=(("580元",),))
WRONG = Record(case="a1", turns=(PlayedTurn(said="白金卡年费多少", reply="年费680元。", outcome="answered"),))


def test_a_mark_holds_until_it_is_taken_back(tmp_path: Path) -> None:
    labels = Labels(tmp_path)
    labels.mark("s", CASE, "qa", " 已改为680元 ")
    mark = labels.of("s", CASE)
    assert mark is not None
    assert (mark.who, mark.why) == ("qa", "已改为680元")
    labels.take_back("s", CASE, "qa2")
    assert labels.of("s", CASE) is None
    assert [("qa" in line, "qa2" in line) for line in (tmp_path / FILE).read_text(encoding="utf-8").splitlines()] == [
        (True, False),
        (True, True),
    ]


def test_another_suites_case_of_that_id_is_not_marked(tmp_path: Path) -> None:
    labels = Labels(tmp_path)
    labels.mark("s", CASE, "qa", "错了")
    assert labels.of("t", CASE) is None


def test_a_case_that_was_mended_counts_again(tmp_path: Path) -> None:
    labels = Labels(tmp_path)
    labels.mark("s", CASE, "qa", "错了")
    assert labels.of("s", CASE.model_copy(update={"must_say": (("680元",),)})) is None


def test_a_mark_needs_a_reason(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="why"):
        Labels(tmp_path).mark("s", CASE, "qa", "  ")
    assert not (tmp_path / FILE).exists()


def test_a_file_that_cannot_be_read_says_where(tmp_path: Path) -> None:
    (tmp_path / FILE).write_text("nothing\n", encoding="utf-8")
    with pytest.raises(WrongSuite, match="line 1"):
        Labels(tmp_path).wrong()


def test_a_marked_case_counts_nowhere_and_says_why(tmp_path: Path) -> None:
    labels = Labels(tmp_path)
    assert judged(CASE, [WRONG]).values()["right"] == 0
    labels.mark("s", CASE, "qa", "已改为680元")
    outcome = judged(CASE, [WRONG], labels.of("s", CASE))
    assert outcome.values() == {}
    assert "qa" in outcome.unscored and "已改为680元" in outcome.unscored
    assert outcome.faults == (outcome.unscored,)
    assert any(isinstance(mark, Mark) and mark.value == 0 for mark in outcome.marks[0])
