"""What each evaluator says of a record: right, wrong with why, or nothing that it could say."""

from __future__ import annotations

from typing import Any

import pytest

from evals.case import Case
from evals.evaluator import evaluators
from evals.evaluators.command import meets
from evals.evaluators.end_state import found
from evals.outcome import judged
from evals.record import Cited, Found, PlayedTurn, Record

FOUND = {"title": "信用卡FAQ", "section": "", "score": 1.0, "similarity": 1.0}


def case(**keys: Any) -> Case:
    return Case.model_validate({"id": "x"} | ({} if "turns" in keys else {"question": "白金卡年费"}) | keys)


def record(*turns: PlayedTurn, **keys: Any) -> Record:
    return Record(case="x", turns=turns, **keys)


def replied(text: str, outcome: str = "answered", **keys: Any) -> Record:
    return record(PlayedTurn(said="白金卡年费", reply=text, outcome=outcome, **keys))


def values(one: Case, *records: Record) -> dict[str, float]:
    return dict(judged(one, records).values())


def test_there_is_one_of_each_and_each_is_silent_on_what_it_does_not_understand() -> None:
    assert {
        "answer",
        "abstention",
        "citation",
        "command",
        "end_state",
        "handoff",
        "privacy",
        "product",
        "retrieval",
    } <= set(evaluators())
    nothing = case(handoff=False)
    marks = [mark.metric for one in evaluators().values() for mark in one.marks(nothing, replied("好的", "smalltalk"))]
    assert marks == ["no handoff"]


@pytest.mark.parametrize(
    ("text", "right"),
    [("年费為 3,600 元", 1.0), ("年费3600元，2023年为480元", 0.0), ("年费580元", 0.0)],
)
def test_words_are_read_whatever_their_script_and_spaces(text: str, right: float) -> None:
    wanted = case(must_say=[["3600元", "三千六"]], must_not_say=["480元"])
    assert values(wanted, replied(text))["right"] == right


def test_what_must_be_left_unanswered_may_be_asked_back() -> None:
    wanted = case(abstain=True)
    assert values(wanted, replied("没有找到", "abstained"))["right"] == 1
    assert values(wanted, replied("您想问哪一个", "clarifying"))["right"] == 1
    assert judged(wanted, [replied("580元")]).faults == ("abstained: should have abstained",)


def test_a_source_is_right_by_its_file_and_search_by_its_words() -> None:
    wanted = case(document=["信用卡FAQ.csv"], passage=["580元"])
    hits = (
        Found(passage="1", file="信用卡FAQ.csv", text="附属卡290元", **FOUND),
        Found(passage="2", file="信用卡FAQ.csv", text="主卡580元", **FOUND),
        Found(passage="3", file="别的.csv", text="主卡580元", **FOUND),
    )
    other = Cited(number=1, passage="p", file="别的.csv", title="", section="", text="")
    told = values(
        wanted, replied("580元", found=hits, cited=(other, other.model_copy(update={"file": "信用卡FAQ.csv"})))
    )
    assert (told["hit@1"], told["hit@3"], told["MRR"], told["source"], told["citation precision"]) == (
        0,
        1,
        0.5,
        1,
        0.5,
    )
    assert values(wanted, replied("580元", found=hits, cited=(other,)))["right"] == 0


def test_a_person_must_come_in_time_or_not_at_all() -> None:
    here, there = PlayedTurn(said="a", outcome="answered"), PlayedTurn(said="b", outcome="handed_off")
    wanted = case(turns=["a", "b"], handoff=True, within=1)
    assert judged(wanted, [record(here, there)]).faults == ("handoff: a person at turn 2",)
    assert values(case(turns=["a", "b"], handoff=True, within=2), record(here, there))["right"] == 1
    assert values(case(turns=["a", "b"], handoff=False), record(here, there))["right"] == 0


def test_the_end_is_read_from_the_banks_record_and_its_calls() -> None:
    wanted = case(bank={"customers[0].phone": "13900139000"}, calls={"/commit": 1})
    stands = {"customers": [{"phone": "13900139000"}]}
    assert values(wanted, record(bank=stands, calls=("/v1/operations/1/commit",)))["right"] == 1
    twice = judged(wanted, [record(bank=stands, calls=("/commit", "/commit"))])
    assert twice.faults == ("end state: /commit was called 2 times, not 1",)
    assert "names no customer" in judged(wanted, [record()]).unscored


@pytest.mark.parametrize(
    ("path", "stands"),
    [("cards[number=62].status", "lost"), ("cards.length", 2), ("cards[1].number", "63")],
)
def test_paths_lead_into_the_record(path: str, stands: object) -> None:
    held = {"cards": [{"number": "62", "status": "lost"}, {"number": "63", "status": "active"}]}
    assert found(held, path) == stands


def test_what_nobody_may_keep_is_looked_for_in_log_and_replies() -> None:
    wanted = case(not_kept=["13900139000"])
    assert values(wanted, replied("好的"))["right"] == 1
    assert values(wanted, replied("您的13900139000"))["right"] == 0
    assert values(wanted, Record(case="x", turns=replied("好的").turns, stored='{"text": "13900139000"}'))["right"] == 0


@pytest.mark.parametrize(
    ("commands", "expected", "right"),
    [
        (["StartFlow change_phone"], "change_phone", True),
        (["StartFlow change_phone"], "none", False),
        (["AskKnowledge question=x task=change_phone"], "question:change_phone", True),
        (["AskKnowledge question=x"], "question:change_phone", True),
        (["StartFlow change_phone"], "question:change_phone", False),
        (["Clarify flows=change_phone+report_lost_card"], "clarify:change_phone", True),
        (["Clarify flows=report_lost_card"], "clarify:change_phone", False),
        (["StartFlow report_lost_card alarm=lost"], "alarm:lost", True),
        (["AskHuman"], "alarm:human", True),
        (["AskKnowledge question=x"], "alarm:human", False),
        (["StartFlow change_phone", "StartFlow report_lost_card"], "several:change_phone+report_lost_card", True),
    ],
)
def test_commands_meet_a_label(commands: list[str], expected: str, right: bool) -> None:
    assert meets(commands, expected) is right


def test_a_wrong_start_is_worse_than_none() -> None:
    wanted = case(expect="none")
    assert values(wanted, record(PlayedTurn(said="x", commands=("StartFlow change_phone",))))["no wrong start"] == 0
    assert (
        values(case(expect="change_phone"), record(PlayedTurn(said="x", commands=("AskKnowledge",))))["no wrong start"]
        == 1
    )


def test_what_broke_off_is_wrong_with_what_broke_it() -> None:
    outcome = judged(case(handoff=False), [record(failed="no button '确认'")])
    assert outcome.faults == ("played to its end: no button '确认'",)


def test_trials_that_differ_are_told_apart() -> None:
    wanted = case(must_say=[["580元"]])
    outcome = judged(wanted, [replied("580元"), replied("480元")])
    assert outcome.trials == (True, False)
    assert outcome.values()["right"] == 0.5
