"""The desk's own queries end as their actions declare, and all else goes to core banking."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from assistant.action import Query, actions
from assistant.bank import BankUnavailable, Result
from assistant.banks.none import NoBank
from assistant.banks.with_desk import BankWithDesk
from assistant.business_hours import Timetable
from assistant.desk_rules import DeskRules, load
from assistant.settings import Settings

ZONE = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 11, 22, 15, 50, tzinfo=ZONE)
RULES = load(Settings().desk_file)
HOLIDAY_ONLY = Timetable.model_validate({"opening": [{"days": "sun", "from": "09:00", "to": "09:15"}]})


class Cards(NoBank):
    """Core banking that knows one customer."""

    def query(self, name: str, customer: str, inputs: Mapping[str, str], locale: str) -> Result:  # type: ignore[override]
        if name != "customer_card":
            return Result("asked", {"name": name, "customer": customer, **inputs, "locale": locale})
        texts = dict.fromkeys(("name", "age", "gender", "level", "risk_level", "branch", "since"), "-")
        return Result("found", {**texts, "phone": "161****1001", "products": (), "open_matters": ()})


def bank(inner: object = None, now: datetime = NOW, rules: DeskRules = RULES) -> BankWithDesk:
    return BankWithDesk(inner or NoBank(), rules, lambda: now)  # type: ignore[arg-type]


def asked(name: str, inputs: Mapping[str, str], customer: str = "", **given: object) -> Result:
    """The result, which must be one that the action declares."""
    result = bank(**given).query(name, customer, inputs, "zh-CN")  # type: ignore[arg-type]
    action = actions()[name]
    assert isinstance(action, Query)
    assert set(result.values) == set(action.outcomes[result.outcome])
    return result


class TestTimes:
    def test_as_people_say_them(self) -> None:
        times = asked("call_back_times", {}).values["times"]
        labels = [item["label"] for item in times if not isinstance(item, str)]
        assert labels[0] == "今天 16:30"
        assert "明天（周一）09:00" in labels
        assert "11月24日（周二）09:00" in labels
        english = bank().query("call_back_times", "", {}, "en").values["times"]
        assert next(item["label"] for item in english if not isinstance(item, str)) == "Today at 16:30"

    def test_their_ids_are_the_times(self) -> None:
        items = asked("call_back_times", {}).values["times"]
        times = [datetime.fromisoformat(item["id"]) for item in items if not isinstance(item, str)]
        assert times == sorted(times)
        assert all(time.tzinfo and time > NOW for time in times)

    def test_none_where_nobody_is_ever_there_for_half_an_hour(self) -> None:
        rules = RULES.model_copy(update={"timetables": {**RULES.timetables, "always": HOLIDAY_ONLY}})
        assert asked("call_back_times", {}, rules=rules).outcome == "none"


class TestTime:
    def test_ahead_is_told_in_words_that_hold_on_any_day(self) -> None:
        found = asked("call_back_time", {"time": "2026-11-22T16:30:00+08:00"})
        assert (found.outcome, found.values) == ("ahead", {"when": "11月22日（周日）16:30"})

    @pytest.mark.parametrize(
        "time", ["2026-11-22T15:50:00+08:00", "2026-11-22T15:30:00+08:00", "2026-11-22T07:30:00+00:00"]
    )
    def test_past(self, time: str) -> None:
        assert asked("call_back_time", {"time": time}).outcome == "past"


class TestNumber:
    def test_on_file_is_told_covered(self) -> None:
        found = asked("number_on_file", {}, "c1001", inner=Cards())
        assert (found.outcome, found.values) == ("on_file", {"phone": "预留手机号 161****1001"})

    def test_is_there_also_while_the_bank_is_away(self) -> None:
        assert asked("number_on_file", {}, "c1001").values == {"phone": "预留手机号"}

    def test_nobody_has_none_on_file(self) -> None:
        assert asked("number_on_file", {}, inner=Cards()).outcome == "none"

    def test_one_that_was_given_stays(self) -> None:
        assert asked("number_on_file", {"phone": "13900139000"}, "c1001", inner=Cards()).outcome == "none"


class TestCoreBanking:
    def test_is_asked_all_else(self) -> None:
        values = {"name": "my_ukeys", "customer": "c1001", "branch": "人民路", "locale": "en"}
        assert bank(Cards()).query("my_ukeys", "c1001", {"branch": "人民路"}, "en") == Result("asked", values)

    def test_does_all_that_is_done(self) -> None:
        own = bank()
        calls: tuple[Callable[[], object], ...] = (
            lambda: own.query("my_ukeys", "c1001", {}, "zh-CN"),
            lambda: own.prepare("change_phone", "c1001", {}, "zh-CN"),
            lambda: own.commit("operation", "key"),
            lambda: own.look_up("operation"),
            lambda: own.send_code("c1001", "purpose", None, "zh-CN"),
            lambda: own.check_code("c1001", "purpose", "123456"),
        )
        for call in calls:
            with pytest.raises(BankUnavailable):
                call()

    def test_every_query_of_the_desk_is_declared(self) -> None:
        assert set(bank().own) <= set(actions())
