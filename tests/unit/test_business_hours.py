from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from assistant.business_hours import Calendar, Timetable, call_back_times, is_open, next_opening, told
from assistant.desk_rules import load
from assistant.settings import Settings

RULES = load(Settings.model_fields["desk_file"].default)
CALENDAR, ZONE = RULES.calendar, RULES.calendar.zone
ALWAYS, WEALTH, COMPLAINTS = (RULES.timetables[name] for name in ("always", "wealth", "complaints"))
MINUTE = timedelta(minutes=1)


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"2026-{text}").replace(tzinfo=ZONE)


def table(*openings: tuple[str, str, str], holidays: str = "open") -> Timetable:
    found = [{"days": days, "from": start, "to": end} for days, start, end in openings]
    return Timetable.model_validate({"opening": found, "holidays": holidays})


class TestIsOpen:
    @pytest.mark.parametrize(
        ("timetable", "moment", "expected"),
        [
            (WEALTH, "11-23 08:29", False),
            (WEALTH, "11-23 08:30", True),
            (WEALTH, "11-23 20:59", True),
            (WEALTH, "11-23 21:00", False),
            (WEALTH, "10-01 12:00", True),
            (COMPLAINTS, "11-23 12:00", True),
            (COMPLAINTS, "11-22 12:00", False),
            (COMPLAINTS, "10-01 12:00", False),
            (COMPLAINTS, "10-10 12:00", True),
            (COMPLAINTS, "10-10 20:00", False),
            (COMPLAINTS, "10-17 12:00", False),
            (COMPLAINTS, "09-20 12:00", True),
            (ALWAYS, "10-01 03:00", True),
            (ALWAYS, "12-31 23:59", True),
        ],
    )
    def test_hours_holidays_and_days_worked_instead(self, timetable: Timetable, moment: str, expected: bool) -> None:
        assert is_open(timetable, CALENDAR, at(moment)) is expected

    def test_a_saturday_that_is_worked_has_the_fridays_hours_and_not_its_own(self) -> None:
        timetable = table(("mon-fri", "09:00", "17:00"), ("sat", "10:00", "12:00"))
        assert is_open(timetable, CALENDAR, at("10-10 16:00"))
        assert not is_open(timetable, CALENDAR, at("10-17 16:00"))

    def test_midnight_is_between_two_openings_without_a_gap(self) -> None:
        timetable = table(("mon-sun", "22:00", "24:00"), ("mon-sun", "00:00", "06:00"))
        assert all(is_open(timetable, CALENDAR, at(f"11-{moment}")) for moment in ("23 23:59", "24 00:00", "24 05:59"))
        assert not is_open(timetable, CALENDAR, at("11-24 06:00"))

    def test_the_desks_clock_counts_and_not_the_callers(self) -> None:
        assert is_open(WEALTH, CALENDAR, datetime(2026, 11, 23, 0, 30, tzinfo=UTC))
        assert not is_open(WEALTH, CALENDAR, datetime(2026, 11, 23, 13, 0, tzinfo=UTC))

    def test_hours_are_the_same_in_summer(self) -> None:
        assert [is_open(WEALTH, CALENDAR, at(f"07-06 {time}")) for time in ("08:29", "08:30")] == [False, True]


class TestNextOpening:
    @pytest.mark.parametrize(
        ("timetable", "moment", "expected"),
        [
            (WEALTH, "11-23 07:00", "11-23 08:30"),
            (WEALTH, "11-23 21:00", "11-24 08:30"),
            (WEALTH, "11-23 12:34", "11-23 12:34"),
            (COMPLAINTS, "11-20 20:00", "11-23 08:30"),
            (COMPLAINTS, "09-30 20:00", "10-08 08:30"),
            (COMPLAINTS, "10-09 20:00", "10-10 08:30"),
            (ALWAYS, "02-15 03:00", "02-15 03:00"),
        ],
    )
    def test_is_now_or_the_next_day_that_is_worked(self, timetable: Timetable, moment: str, expected: str) -> None:
        assert next_opening(timetable, CALENDAR, at(moment)) == at(expected)

    def test_there_is_none_where_every_day_is_a_holiday(self) -> None:
        closed = frozenset(date(2026, 1, 1) + timedelta(days=step) for step in range(200))
        assert next_opening(COMPLAINTS, Calendar(ZONE, closed), at("01-01 09:00")) is None


class TestCallBackTimes:
    def shown(self, timetable: Timetable, moment: str, count: int = 6) -> list[str]:
        return [f"{time:%m-%d %H:%M}" for time in call_back_times(timetable, CALENDAR, at(moment), count)]

    def test_are_the_next_hours_and_mornings_and_afternoons(self) -> None:
        expected = ["11-23 11:00", "11-23 12:00", "11-23 13:00", "11-24 09:00", "11-24 14:00", "11-25 09:00"]
        assert self.shown(ALWAYS, "11-23 10:10") == expected

    def test_pass_over_the_holidays(self) -> None:
        assert self.shown(COMPLAINTS, "09-30 19:40")[:4] == ["10-08 08:30", "10-08 09:30", "10-08 10:30", "10-09 09:00"]

    def test_only_the_next_may_be_at_night(self) -> None:
        assert self.shown(ALWAYS, "11-23 23:20")[:3] == ["11-24 00:00", "11-24 09:00", "11-24 10:00"]

    def test_end_with_the_hours(self) -> None:
        assert self.shown(COMPLAINTS, "11-23 19:00", 2) == ["11-23 19:30", "11-24 09:00"]
        assert self.shown(COMPLAINTS, "11-23 19:01", 1) == ["11-24 08:30"]


class TestTold:
    @pytest.mark.parametrize(
        ("timetable", "chinese", "english"),
        [
            (ALWAYS, "7×24小时", "24 hours a day, 7 days a week"),
            (WEALTH, "每天08:30—21:00", "every day 08:30–21:00"),
            (COMPLAINTS, "工作日08:30—20:00", "working days 08:30–20:00"),
            (table(("mon-fri", "09:00", "17:00")), "周一至周五09:00—17:00", "Monday to Friday 09:00–17:00"),
            (
                table(("mon-fri", "09:00", "17:00"), ("sat", "10:00", "12:00"), holidays="closed"),
                "工作日09:00—17:00，周六10:00—12:00（节假日除外）",
                "working days 09:00–17:00, Saturday 10:00–12:00 (except public holidays)",
            ),
        ],
    )
    def test_in_both_languages(self, timetable: Timetable, chinese: str, english: str) -> None:
        assert (told(timetable, "zh"), told(timetable, "en")) == (chinese, english)


class TestWrong:
    @pytest.mark.parametrize(
        "content",
        [
            {},
            {"always": True, "opening": [{"days": "mon", "from": "08:00", "to": "09:00"}]},
            {"always": True, "holidays": "closed"},
            {"opening": [{"days": "fri-mon", "from": "08:00", "to": "09:00"}]},
            {"opening": [{"days": "mon", "from": "09:00", "to": "09:00"}]},
            {"opening": [{"days": "mon", "from": "8:00", "to": "09:00"}]},
            {"opening": [{"days": "mon", "from": "08:00", "to": 1260}]},
        ],
    )
    def test_timetables_are_refused(self, content: object) -> None:
        with pytest.raises(ValidationError):
            Timetable.model_validate(content)


HOURS = st.lists(st.integers(0, 48), min_size=2, max_size=2, unique=True).map(sorted)
SPANS = st.sampled_from(["mon-sun", "mon-fri", "sat", "sun", "tue-thu", "sat-sun"])
TABLES = st.builds(
    lambda spans, holidays: table(
        *((days, *(f"{half // 2:02}:{half % 2 * 30:02}" for half in hours)) for days, hours in spans), holidays=holidays
    ),
    st.lists(st.tuples(SPANS, HOURS), min_size=1, max_size=3),
    st.sampled_from(["open", "closed"]),
)
EVERY = st.one_of(st.just(ALWAYS), TABLES)
MOMENTS = st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 31)).map(lambda found: found.replace(tzinfo=ZONE))


@given(EVERY, MOMENTS)
def test_the_next_opening_is_open_and_nothing_before_it_is(timetable: Timetable, moment: datetime) -> None:
    opening = next_opening(timetable, CALENDAR, moment)
    assert opening is not None and opening >= moment
    assert is_open(timetable, CALENDAR, opening)
    steps = int((opening - moment) / (30 * MINUTE))
    assert not any(is_open(timetable, CALENDAR, moment + step * 30 * MINUTE) for step in range(steps))
    assert opening == moment or not is_open(timetable, CALENDAR, opening - timedelta(microseconds=1))


@given(EVERY, MOMENTS, st.integers(1, 10))
def test_calls_are_ahead_and_wholly_within_the_hours(timetable: Timetable, moment: datetime, count: int) -> None:
    times = call_back_times(timetable, CALENDAR, moment, count)
    assert times == sorted(set(times)) and 0 < len(times) <= count
    assert len({time.date() for time in times}) <= 5
    for time in times:
        assert time >= moment + 30 * MINUTE and time.minute in (0, 30)
        assert all(is_open(timetable, CALENDAR, time + step * MINUTE) for step in range(30))


@given(EVERY, MOMENTS)
def test_it_does_not_matter_in_which_zone_a_moment_is_told(timetable: Timetable, moment: datetime) -> None:
    elsewhere = moment.astimezone(ZoneInfo("America/New_York"))
    assert is_open(timetable, CALENDAR, elsewhere) == is_open(timetable, CALENDAR, moment)
    assert next_opening(timetable, CALENDAR, elsewhere) == next_opening(timetable, CALENDAR, moment)
