from __future__ import annotations

from datetime import date, timedelta

import pytest

from assistant.demo_bank import query, timetable
from tests.unit.demo_bank.conftest import NOON, Bank

XIXI = "云杉银行杭州西溪支行"
MAIN = "云杉银行杭州分行营业部"


def hours(bank: Bank, branch: str, day: date) -> list[str]:
    inputs = {"business": "loan", "branch": branch, "day": day.isoformat()}
    answer = query.ask(bank.store, bank.rules, "visit_hours", "c1001", inputs, "zh-CN")
    items = answer.values.get("hours", ())
    return [item["label"] for item in items if not isinstance(item, str)]


def book(bank: Bank, day: date, customer: str = "c1001") -> str | None:
    inputs = {"business": "loan", "branch": MAIN, "day": day.isoformat(), "time": "10:00-11:00"}
    return bank.operations.prepare("book_branch_visit", customer, inputs, "zh-CN").id


class TestHours:
    def test_today_only_those_to_come(self, bank: Bank) -> None:
        assert hours(bank, MAIN, NOON.date())[0] == "13:00-14:00"

    def test_another_day_all_of_them(self, bank: Bank) -> None:
        assert hours(bank, MAIN, NOON.date() + timedelta(days=1))[::7] == ["09:00-10:00", "16:00-17:00"]

    def test_none_when_the_branch_is_shut(self, bank: Bank) -> None:
        assert NOON.isoweekday() == 7 and not hours(bank, XIXI, NOON.date())

    def test_of_two_who_want_the_same_hour_one_gets_it(self, bank: Bank) -> None:
        day = NOON.date() + timedelta(days=3)
        prepared = [book(bank, day, customer) or "" for customer in ("c1001", "c1010")]
        assert [bank.operations.commit(one, one).outcome for one in prepared] == ["done", "not_done"]
        assert "10:00-11:00" not in hours(bank, MAIN, day)


@pytest.mark.parametrize(
    ("wanted", "today", "ahead"),
    [
        ("2026-11-24", "2026-11-23", True),
        ("2026-11-23", "2026-11-23", False),
        ("2026-11-23", "2026-11-21", False),
        ("2026-11-24", "2026-11-21", True),
    ],
)
def test_a_working_day_ahead(wanted: str, today: str, ahead: bool) -> None:
    assert timetable.is_ahead(date.fromisoformat(wanted), date.fromisoformat(today)) is ahead


def test_what_people_call_an_hour() -> None:
    assert {"下午2点", "下午两点", "14:00", "2pm"} <= set(timetable.spoken("14:00-15:00").split("|"))
    assert {"上午9点半", "9:30am", "09:30"} <= set(timetable.spoken("09:30-10:30").split("|"))
