from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from assistant.campaign import MOVES, Campaign, Conditions, Move, State, Status
from assistant.customer_card import CustomerCard

FIRST, LAST = date(2026, 11, 1), date(2026, 11, 30)
APPROVED = Campaign(
    id="c", host="", status=Status.APPROVED, version=3, made_by="a", made_at="", authors=("a",), name="绿色支付季",
    starts=FIRST, ends=LAST, places=100,
)  # fmt: skip
CARD = CustomerCard(
    "林**", 34, "女", "金卡", "C3", "云杉银行深圳福田支行", "", "", ("云杉借记卡 尾号6484（正常）",), ()
)


def test_only_these_moves_are_there() -> None:
    assert {(move.value, start.value, end.value) for move, (start, end) in MOVES.items()} == {
        ("change", "draft", "draft"),
        ("submit", "draft", "submitted"),
        ("return", "submitted", "draft"),
        ("approve", "submitted", "approved"),
        ("end", "approved", "ended"),
    }
    assert set(MOVES) == set(Move)


@pytest.mark.parametrize(
    ("day", "state"),
    [
        (FIRST - timedelta(days=1), State.APPROVED),
        (FIRST, State.LIVE),
        (LAST, State.LIVE),
        (LAST + timedelta(days=1), State.ENDED),
    ],
)
def test_its_state_turns_at_midnight_and_is_never_stored(day: date, state: State) -> None:
    assert APPROVED.state(day) is state


@pytest.mark.parametrize("status", [Status.DRAFT, Status.SUBMITTED, Status.ENDED])
def test_what_is_not_approved_is_never_live(status: Status) -> None:
    one = replace(APPROVED, status=status)
    assert one.state(FIRST) is State(status.value)
    assert not one.is_live(FIRST)


def test_without_places_it_ends_and_a_daily_one_goes_on_tomorrow() -> None:
    assert replace(APPROVED, used=100).state(FIRST) is State.ENDED
    assert replace(APPROVED, used=100, daily=True).state(FIRST) is State.APPROVED
    assert replace(APPROVED, used=99).state(FIRST) is State.LIVE


@pytest.mark.parametrize(
    ("conditions", "met"),
    [
        (Conditions(), True),
        (Conditions(branches=("云杉银行深圳福田支行",)), True),
        (Conditions(branches=("云杉银行成都高新支行",)), False),
        (Conditions(cities=("深圳",)), True),
        (Conditions(cities=("杭州",)), False),
        (Conditions(levels=("金卡", "白金卡")), True),
        (Conditions(levels=("白金卡",)), False),
        (Conditions(min_age=34, max_age=34), True),
        (Conditions(min_age=35), False),
        (Conditions(max_age=33), False),
        (Conditions(holds=("借记卡",)), True),
        (Conditions(holds=("信用卡",)), False),
    ],
)
def test_every_condition_must_be_met(conditions: Conditions, met: bool) -> None:
    assert conditions.met_by(CARD) is met


def test_an_age_that_the_bank_does_not_tell_meets_no_age_condition() -> None:
    assert not Conditions(max_age=60).met_by(replace(CARD, age=None))
    assert Conditions().met_by(replace(CARD, age=None))
