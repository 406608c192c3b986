"""Simulated customers before they meet the assistant: their wordings, their manners, and what a model may not make up for them."""

from __future__ import annotations

import re
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evals import manner, suite
from evals.case import Case, Goal
from evals.customer_model import invented
from evals.customer_words import CustomerWords
from evals.suite import SHIPPED

GOAL = Goal(
    flow="change_phone",
    opening=("换手机号", "手机号换了要更新一下"),
    facts={"new_phone": ("13900139000", "139 0013 9000"), "email": "a.b@mail.example", "what_happened": "排队两个小时"},
    wrong={"new_phone": "13900139004"},
)
MANNERS = manner.names()
FIGURES = re.compile("[0-9０-９]")


def words(name: str, seed: int = 0, goal: Goal = GOAL) -> CustomerWords:
    return CustomerWords(goal, manner.manner(name), manner.stock(name), Random(seed))


def sentences(name: str, seed: int) -> list[str]:
    """All that a customer may come to say."""
    said = words(name, seed)
    situations = [one for one in manner.stock(name).says if "{" not in "".join(manner.stock(name).says[one])]
    return [
        said.opening(["email"]),
        *(said.wishing(one) for one in ("again", "astray")),
        *(said.answer(slot, value, ["email"]) for slot, value in said.facts.items()),
        said.takes_back("new_phone", said.facts["new_phone"]),
        said.insists("new_phone", said.facts["new_phone"]),
        *map(said.says, situations),
    ]


@pytest.mark.parametrize("name", MANNERS)
class TestEveryManner:
    @settings(deadline=None, max_examples=60)
    @given(seed=st.integers(0, 10_000))
    def test_says_no_figure_but_facts(self, name: str, seed: int) -> None:
        assert {text: invented(text, GOAL) for text in sentences(name, seed) if invented(text, GOAL)} == {}

    @settings(deadline=None, max_examples=60)
    @given(seed=st.integers(0, 10_000))
    def test_spells_what_is_exact_as_it_is(self, name: str, seed: int) -> None:
        said = words(name, seed)
        for slot in ("new_phone", "email"):
            assert said.facts[slot] in said.answer(slot, said.facts[slot])

    def test_says_the_same_in_the_same_trial_and_other_things_in_another(self, name: str) -> None:
        assert sentences(name, 1) == sentences(name, 1)
        assert len({tuple(sentences(name, seed)) for seed in range(8)}) > 4

    def test_has_wordings_without_figures_for_whatever_happens(self, name: str) -> None:
        own, plain = manner.stock(name), manner.stock("plain")
        stocked = [*own.says.values(), *own.answers.values(), *own.named.values()]
        assert own.says.keys() == plain.says.keys()
        assert [text for texts in stocked for text in texts if FIGURES.search(text)] == []

    def test_lets_nothing_stand_beside_what_is_kept_whole(self, name: str) -> None:
        told = words(name).facts["what_happened"]
        said = words(name).answer("what_happened", told)
        assert said == ("排隊兩個小時" if name == "traditional" else told)


class TestTypos:
    @settings(deadline=None, max_examples=60)
    @given(seed=st.integers(0, 10_000))
    def test_one_slip_at_most_and_never_in_a_figure(self, seed: int) -> None:
        text = "我要把手机号码改成13900139000，金额是五万元，寄到文三路100号"
        typed = manner.manner("typos").typed(text, ["13900139000"], Random(seed))
        assert re.findall("[0-9五万元]+", typed) == re.findall("[0-9五万元]+", text)
        assert abs(len(typed) - len(text)) <= 1
        assert sum(one != other for one, other in zip(typed, text, strict=False)) <= 2 or len(typed) != len(text)

    def test_most_messages_have_one(self) -> None:
        typed = [manner.manner("typos").typed("我要挂失银行卡", (), Random(seed)) for seed in range(100)]
        assert 50 < sum(one != "我要挂失银行卡" for one in typed) < 95


def test_traditional_types_traditional_script() -> None:
    assert manner.manner("traditional").typed("我要挂失银行卡", (), Random(0)) == "我要掛失銀行卡"


def test_terse_says_the_value_and_nothing_else() -> None:
    for seed in range(20):
        said = words("terse", seed)
        assert said.answer("new_phone", "13900139000") == "13900139000"
        assert said.opening() in GOAL.opening


def test_chatty_tells_other_facts_beside() -> None:
    said = words("chatty").answer("new_phone", "13900139000", ["email"])
    assert "13900139000" in said
    assert "a.b@mail.example" in said
    assert len(said) > 40


def test_nobody_repeats_a_wording_before_all_were_used() -> None:
    said = words("plain")
    stocked = manner.stock("plain").says["confirms"]
    assert len({said.says("confirms") for _ in stocked}) == len(stocked)


class TestInvented:
    @pytest.mark.parametrize(
        "text", ["新号是139 0013 9000", "不是13900139004，是13900139000", "排队两个小时了", "好的，确认"]
    )
    def test_facts_are_not(self, text: str) -> None:
        assert invented(text, GOAL) == []

    @pytest.mark.parametrize("text", ["新号是13900139001", "转账五万元", "尾号1390", "等了三个小时", "１２３"])
    def test_all_else_is(self, text: str) -> None:
        assert invented(text, GOAL)


class TestGoal:
    def test_an_unknown_manner_is_told_with_those_there_are(self) -> None:
        with pytest.raises(ValueError, match=r"no manner is called 'rude'.*chatty"):
            Goal(flow="change_phone", opening="换号", manner="rude")

    def test_what_is_taken_back_must_be_known_rightly(self) -> None:
        with pytest.raises(ValueError, match="add card to facts"):
            Goal(flow="report_lost_card", opening="卡丢了", wrong={"card": "借记卡"})


class TestSuite:
    cases: tuple[Case, ...] = suite.load(SHIPPED / "customers.yaml").cases

    def test_every_task_is_wanted_in_three_manners_and_every_manner_is_met(self) -> None:
        goals = [case.goal for case in self.cases if case.goal]
        flows = {path.stem for path in (SHIPPED.parent.parent / "assistant" / "flows").glob("*.yaml")}
        manners = {flow: {goal.manner for goal in goals if goal.flow == flow} for flow in flows}
        assert {flow: found for flow, found in manners.items() if len(found) < 3} == {}
        assert {goal.manner for goal in goals} == set(MANNERS)
        assert len(goals) == len(self.cases) >= 70

    def test_what_is_given_up_is_never_committed_and_what_is_wanted_once(self) -> None:
        for case in self.cases:
            assert case.goal
            assert case.calls["/commit"] in ((0,) if case.goal.gives_up else (0, 1)), case.id
            assert case.status == ("cancelled" if case.goal.gives_up else "done"), case.id

    def test_who_corrects_has_something_to_correct_and_who_talks_english_does_throughout(self) -> None:
        for case in self.cases:
            assert case.goal
            assert (case.goal.manner == "correcting") == bool(case.goal.wrong), case.id
            assert (case.goal.manner == "english") == (case.locale == "en"), case.id
