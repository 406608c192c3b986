"""When people serve customers: timetables, the calendar of holidays, and the times at which a customer can be called back.

Everything here is pure: the moment is given, and every moment knows its time zone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Annotated, Literal, Self
from zoneinfo import ZoneInfo

from pydantic import BeforeValidator, Field, model_validator

from assistant.part import Part

WEEK = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_CLOCK = re.compile(r"([01]\d|2[0-3]):[0-5]\d|24:00", re.ASCII)
_HORIZON = 60
_SLOT = timedelta(minutes=30)
_AHEAD = timedelta(minutes=30)
_DAYS = 5
_DECENT = (time(8, 30), time(20, 30))
_MORNING, _AFTERNOON = (time(9), time(12)), (time(14), time(18))


def _clock(given: object) -> object:
    if not isinstance(given, str) or not _CLOCK.fullmatch(given):
        raise ValueError(
            'is no time of day to YAML; write it in quotes and with two digits, such as "08:30" or "24:00"'
        )
    return given


def _days(given: object) -> object:
    first, _, last = given.partition("-") if isinstance(given, str) else ("", "", "")
    if first not in WEEK or (last or first) not in WEEK or WEEK.index(last or first) < WEEK.index(first):
        raise ValueError("is no day or span of days within a week; write it such as mon-fri, mon-sun or sat")
    return given


Clock = Annotated[str, BeforeValidator(_clock)]


class Opening(Part):
    """Hours on some days of the week, from Monday on; past midnight they are two openings."""

    days: Annotated[str, BeforeValidator(_days)]
    start: Clock = Field(alias="from")
    end: Clock = Field(alias="to")

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.start >= self.end:
            raise ValueError('ends before it begins; hours past midnight are two openings, one to "24:00"')
        return self

    @property
    def weekdays(self) -> range:
        """The days as Python counts them: Monday is 0."""
        first, _, last = self.days.partition("-")
        return range(WEEK.index(first), WEEK.index(last or first) + 1)


class Timetable(Part):
    """When a desk is open: `always`, or at its openings; `holidays: closed` keeps it shut on public holidays."""

    always: bool = False
    opening: tuple[Opening, ...] = ()
    holidays: Literal["open", "closed"] = "open"

    @model_validator(mode="after")
    def _says_when(self) -> Self:
        if self.always == bool(self.opening):
            raise ValueError("must be either always open or open at some hours; give it `always: true` or an `opening`")
        if self.always and self.holidays == "closed":
            raise ValueError("is always open and closed on holidays; take one of the two away")
        return self


@dataclass(frozen=True)
class Calendar:
    """Public holidays, the weekend days that are worked instead (调休), and where the desk's clock hangs."""

    zone: ZoneInfo
    holidays: frozenset[date] = frozenset()
    workdays: frozenset[date] = frozenset()

    def weekday(self, day: date) -> int:
        """Monday is 0. A Saturday that is worked counts as the Friday before it, a Sunday as the Monday after."""
        if day in self.workdays and day.weekday() > 4:
            return 4 if day.weekday() == 5 else 0
        return day.weekday()


def is_open(timetable: Timetable, calendar: Calendar, moment: datetime) -> bool:
    """Whether somebody serves at this moment; the minute at which hours end is no longer among them."""
    local = moment.astimezone(calendar.zone)
    return any(start <= local < end for start, end in _hours(timetable, calendar, local.date()))


def next_opening(timetable: Timetable, calendar: Calendar, moment: datetime) -> datetime | None:
    """The first moment from this one on at which it is open; nothing where that is more than two months ahead."""
    local = moment.astimezone(calendar.zone)
    for day in _from(local.date(), _HORIZON):
        for start, end in _hours(timetable, calendar, day):
            if local < end:
                return max(start, local)
    return None


def call_back_times(timetable: Timetable, calendar: Calendar, now: datetime, count: int = 6) -> list[datetime]:
    """Half hours that a customer may choose for a call, the earliest first: when each begins.

    All lie within opening hours and begin at least 30 minutes ahead, on at most five days. Half of them are on the first day,
    an hour apart; the others are a morning and an afternoon of each day that follows. But the very first, none is at night while there are others.
    """
    days = list(_slot_days(timetable, calendar, now.astimezone(calendar.zone)))
    if not days:
        return []
    chosen = [*days[0][: (count + 1) // 2 * 2 : 2], *(slot for day in days[1:] for slot in _choice(day))][:count]
    others = [slot for day in days for slot in day if slot not in chosen]
    return sorted([*chosen, *others[: count - len(chosen)]])


def told(timetable: Timetable, language: str) -> str:
    """The hours in words: 7×24小时, 每天08:30—21:00, 工作日08:30—20:00; or in English."""
    words = _WORDS["en" if language == "en" else "zh"]
    if timetable.always:
        return words["always"]
    closed = timetable.holidays == "closed"
    hours = [_told(opening, closed, words) for opening in timetable.opening]
    excepted = closed and any(opening.days != "mon-fri" for opening in timetable.opening)
    return words["and"].join(hours) + (words["except"] if excepted else "")


def _told(opening: Opening, closed_on_holidays: bool, words: Mapping[str, str]) -> str:
    names = words["week"].split()
    first, last = opening.weekdays[0], opening.weekdays[-1]
    if opening.days == "mon-sun":
        days = words["daily"]
    elif opening.days == "mon-fri" and closed_on_holidays:
        days = words["working"]
    else:
        days = names[first] + (words["to"] + names[last] if last > first else "")
    return words["hours"].format(days=days, start=opening.start, end=opening.end)


def _hours(timetable: Timetable, calendar: Calendar, day: date) -> list[tuple[datetime, datetime]]:
    """The day's hours by the clock, in order."""
    if timetable.always:
        return [(_at(day, "00:00", calendar), _at(day, "24:00", calendar))]
    if timetable.holidays == "closed" and day in calendar.holidays:
        return []
    mine = (opening for opening in timetable.opening if calendar.weekday(day) in opening.weekdays)
    return sorted((_at(day, opening.start, calendar), _at(day, opening.end, calendar)) for opening in mine)


def _at(day: date, clock: str, calendar: Calendar) -> datetime:
    hours, minutes = map(int, clock.split(":"))
    midnight = datetime.combine(day, time(), calendar.zone)
    return midnight + timedelta(hours=hours, minutes=minutes)


def _from(day: date, count: int) -> Iterator[date]:
    return (day + timedelta(days=step) for step in range(count))


def _slot_days(timetable: Timetable, calendar: Calendar, now: datetime) -> Iterator[list[datetime]]:
    """The half hours of the first days that have any: in decent hours, but for the very first."""
    found = 0
    for day in _from(now.date(), _HORIZON):
        slots = [slot for slot in _slots(timetable, calendar, day) if slot >= now + _AHEAD]
        decent = [slot for slot in slots if _DECENT[0] <= slot.time() <= _DECENT[1]]
        slots = decent or slots if found else list(dict.fromkeys([*slots[:1], *decent]))
        if slots:
            yield slots
            found += 1
        if found == _DAYS:
            return


def _slots(timetable: Timetable, calendar: Calendar, day: date) -> list[datetime]:
    hours = _hours(timetable, calendar, day)
    marks = [_at(day, f"{half // 2:02}:{half % 2 * 30:02}", calendar) for half in range(48)]
    return [mark for mark in marks if any(start <= mark and mark + _SLOT <= end for start, end in hours)]


def _choice(day: list[datetime]) -> list[datetime]:
    """A morning and an afternoon, as far as the day has them."""
    parts = ([slot for slot in day if start <= slot.time() < end] for start, end in (_MORNING, _AFTERNOON))
    return [part[0] for part in parts if part] or day[:1]


_WORDS: Mapping[str, Mapping[str, str]] = {
    "zh": {
        "always": "7×24小时", "daily": "每天", "working": "工作日", "to": "至", "and": "，", "except": "（节假日除外）",
        "hours": "{days}{start}—{end}", "week": "周一 周二 周三 周四 周五 周六 周日",
    },
    "en": {
        "always": "24 hours a day, 7 days a week", "daily": "every day", "working": "working days", "to": " to ",
        "and": ", ", "except": " (except public holidays)", "hours": "{days} {start}–{end}",
        "week": "Monday Tuesday Wednesday Thursday Friday Saturday Sunday",
    },
}  # fmt: skip
