"""Days in words: what is said of a day or of several, in digits, and arithmetic on months."""

from __future__ import annotations

import calendar
import re
import unicodedata
from datetime import date, timedelta

from assistant import numeral
from assistant.slot_wording import names, shown
from knowledge_base.text import fold

_SPACES = re.compile(r"(?<=[0-9\u4e00-\u9fff]) +(?=[\u4e00-\u9fff])|(?<=[\u4e00-\u9fff]) +(?=[0-9])")
_SPELLED_YEAR = re.compile("(二[零〇○][零〇○一二三四五六七八九]{2})(?=年)")
_MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
_CHINESE_WEEKDAYS = "一二三四五六日1234567一二三四五六天"
_WEEKDAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]

MONTH = (
    "(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    "|nov(?:ember)?|dec(?:ember)?)"
)
WEEKDAY = (
    "(?:mon(?:day)?|tue(?:s(?:day)?)?|wed(?:nesday)?|thu(?:r(?:s(?:day)?)?)?|fri(?:day)?|sat(?:urday)?|sun(?:day)?)"
)


def prepared(text: str) -> str:
    """A text in which days can be looked for: folded, numerals in digits."""
    text = _SPACES.sub("", unicodedata.normalize("NFKC", fold(text)))
    text = _SPELLED_YEAR.sub(lambda found: numeral.spelled(found.group()), text)
    return numeral.figures(numeral.arabic(text))


def month_number(name: str) -> int:
    """The number of a month with an English name."""
    return _MONTHS.index(name[:3]) + 1


def weekday_number(name: str) -> int:
    """The number of a day of the week in English or Chinese, Monday 0."""
    if name[0] in _CHINESE_WEEKDAYS:
        return _CHINESE_WEEKDAYS.index(name) % 7
    return _WEEKDAYS.index(name[:3])


def day_of(year: int, month: int, day: int) -> date | None:
    """The day, or nothing where the calendar has none."""
    try:
        return date(year, month, day)
    except ValueError:
        return None


def moved(day: date, months: int) -> date:
    """The same day some months on, or the month's last where it has no such day."""
    months += 12 * day.year + day.month - 1
    year, month = divmod(min(max(months, 12 * 1900), 12 * 2200), 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def month_end(day: date) -> date:
    """The last day of a day's month."""
    return day.replace(day=calendar.monthrange(day.year, day.month)[1])


def monday(day: date) -> date:
    """The first day of a day's week."""
    return day - timedelta(days=day.weekday())


def shown_day(day: date, locale: str) -> str:
    """A day as it is read, with its day of the week."""
    return shown("date", locale, weekday=names("weekdays", locale)[day.weekday()], **_parts(day, locale))


def shown_span(start: date, end: date, locale: str) -> str:
    """A span of days as it is read, without what both ends share."""
    form = "span"
    if start == end:
        form = "span_day"
    elif (start.year, start.month) == (end.year, end.month):
        form = "span_month"
    elif start.year == end.year:
        form = "span_year"
    return shown(
        form, locale, **_parts(start, locale), **{f"{name}2": part for name, part in _parts(end, locale).items()}
    )


def _parts(day: date, locale: str) -> dict[str, object]:
    return {"year": day.year, "month": names("months", locale)[day.month - 1], "day": day.day}
