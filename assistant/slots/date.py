"""One day: 2026-12-01, 12月1号, 大后天, 下周三, 下个月3号, 月底, tomorrow, next Wednesday, Dec 1."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta

from assistant.day_words import (
    MONTH,
    WEEKDAY,
    day_of,
    monday,
    month_end,
    month_number,
    moved,
    prepared,
    shown_day,
    weekday_number,
)
from assistant.slot import Asked, Filled, Found, Rejected

_Match = re.Match[str]
_DAYS = {
    "大前天": -3, "前天": -2, "昨天": -1, "昨日": -1, "昨晚": -1, "今天": 0, "今日": 0, "今儿": 0, "今晚": 0, "今早": 0,
    "明天": 1, "明日": 1, "明儿": 1, "明早": 1, "明晚": 1, "后天": 2, "大后天": 3,
    "the day after tomorrow": 2, "day after tomorrow": 2, "the day before yesterday": -2, "day before yesterday": -2,
    "today": 0, "tonight": 0, "tomorrow": 1, "yesterday": -1,
}  # fmt: skip
_WEEKS = {"上上": -2, "上": -1, "last": -1, "这": 0, "本": 0, "this": 0, "下": 1, "next": 1, "下下": 2}
_MONTHS = {"上": -1, "last": -1, "这": 0, "本": 0, "this": 0, "下": 1, "next": 1, "下下": 2}
_YEARS = {"前年": -2, "去年": -1, "今年": 0, "明年": 1, "后年": 2}
# 3号楼, 尾号 and 2号线 are no days.
_NO_DAY = "(?![0-9]|[楼线窗院店门卡机柜码员选文铺口路库馆厅桌位])"
_UNCLEAR = re.compile(
    "过几天|过两天|这几天|这两天|改天|过段时间|周末|月初|月中|年底|年初|年末|下旬|上旬|中旬|(?:上|这|本|下)个?(?:周|星期|礼拜|月)"
    "|过年|春节|[几数]天|最近|weekend|(?:next|this|last) (?:week|month|year)|soon|in a few|early|late|mid"
)


def _full(found: _Match, _: date) -> date | None:
    return day_of(int(found[1]), int(found[2]), int(found[3]))


def _month_day(found: _Match, today: date) -> date | None:
    month, day = int(found[2]), int(found[3])
    if found[1]:
        return day_of(today.year + _YEARS[found[1]], month, day)
    return _nearest(month, day, today)


def _nearest(month: int, day: int, today: date) -> date | None:
    """A day without its year may lie ahead or behind; the nearer one is meant."""
    around = (day_of(year, month, day) for year in range(today.year - 1, today.year + 5))
    return min(
        (found for found in around if found), key=lambda found: (abs(found - today), found < today), default=None
    )


def _word(found: _Match, today: date) -> date | None:
    return today + timedelta(days=_DAYS[found[0]])


def _weekday(found: _Match, today: date) -> date | None:
    number = weekday_number(found[2])
    if found[1]:
        return monday(today) + timedelta(days=7 * _WEEKS[found[1]] + number)
    return today + timedelta(days=(number - today.weekday() - 1) % 7 + 1)


def _month_word_day(found: _Match, today: date) -> date | None:
    month = moved(today.replace(day=1), _MONTHS[found[1]])
    return day_of(month.year, month.month, int(found[2]))


def _end_of_month(found: _Match, today: date) -> date | None:
    if found[2]:
        start = day_of(today.year, int(found[2]), 1)
        return month_end(start) if start else None
    return month_end(moved(today.replace(day=1), _MONTHS[found[1] or "本"]))


def _day_alone(found: _Match, today: date) -> date | None:
    day = int(found[1])
    months = (moved(today.replace(day=1), months) for months in range(3))
    days = (day_of(month.year, month.month, day) for month in months)
    return next((found for found in days if found and found >= today), None)


def _distance(found: _Match, today: date) -> date | None:
    count = int(found[1]) * (-1 if found[3] in {"前", "以前", "之前", "ago"} else 1)
    unit = found[2]
    if "月" in unit or "month" in unit:
        return moved(today, count)
    return today + timedelta(days=count * (7 if unit[0] in "周星礼w" else 1))


def _english(found: _Match, today: date) -> date | None:
    day, month = int(found["day"] or found["day2"]), month_number(found["month"] or found["month2"])
    year = found["year"] or found["year2"]
    return day_of(int(year), month, day) if year else _nearest(month, day, today)


_CALENDAR = r"([0-9]{1,2})月([0-9]{1,2})(?:日|号|(?![0-9.点元块万个]))"
_ORDINAL = "(?:st|nd|rd|th)?"
_Readings = tuple[tuple[re.Pattern[str], Callable[[_Match, date], date | None]], ...]
_PATTERNS: _Readings = (
    (re.compile(r"(?<![0-9])((?:19|20)[0-9]{2})(?:年|[-/.])([0-9]{1,2})(?:月|[-/.])([0-9]{1,2})(?:日|号|(?![0-9]))"), _full),
    (re.compile(rf"({'|'.join(_YEARS)})?的?(?<![0-9]){_CALENDAR}"), _month_day),
    (re.compile("(上|这|本|下下|下)个?月的?([0-9]{1,2})[号日]"), _month_word_day),
    (re.compile("()(?<![0-9])([0-9]{1,2})月(?:底|末)"), _end_of_month),
    (re.compile("(上|这|本|下下|下)?个?()月(?:底|末|最后1天)"), _end_of_month),
    (re.compile("(上上|上|这|本|下下|下)?(?<![每隔])个?(?<![0-9几每隔近])(?:周|星期|礼拜)([一二三四五六日天]|[1-7](?![0-9天年个次周小]))"), _weekday),
    (re.compile(r"(?<![0-9.])([0-9]{1,3})个?(天|周|星期|礼拜|月)(以后|之后|后|以前|之前|前)"), _distance),
    (re.compile(r"过([0-9]{1,3})个?(天|周|星期|礼拜|月)()(?![0-9])"), _distance),
    (re.compile("|".join(sorted(_DAYS, key=len, reverse=True))), _word),
    (re.compile(rf"(?<![0-9a-z第选尾工编账手月])([0-9]{{1,2}})号{_NO_DAY}"), _day_alone),
    (re.compile(
        rf"\b(?P<month>{MONTH})\.? (?P<day>[0-9]{{1,2}}){_ORDINAL}\b(?:,? (?P<year>20[0-9]{{2}}))?"
        rf"|\b(?P<day2>[0-9]{{1,2}}){_ORDINAL} (?:of )?(?P<month2>{MONTH})\b(?:,? (?P<year2>20[0-9]{{2}}))?"), _english),
    (re.compile(rf"\b(?:(last|this|next) )?({WEEKDAY})\b"), _weekday),
    (re.compile(r"\bin ([0-9]{1,3}) (day|week|month)s?()"), _distance),
    (re.compile(r"\b([0-9]{1,3}) (day|week|month)s? (ago|from now|later)"), _distance),
)  # fmt: skip
_COMPACT: _Readings = (
    (re.compile("(20[0-9]{2})([0-9]{2})([0-9]{2})"), _full),
    (re.compile("()([0-9]{1,2})[-/.]([0-9]{1,2})"), _month_day),
)
# 今天想起来了 tells when something was thought of; unasked, today is a day to choose only where it is said of what is to be done.
_MERELY_TOLD = re.compile(
    "(?:今天|今日|今儿|今早|今晚)(?![上下]午|早上|中午|晚上|之内|以?内|就|能|可以|去|过去|来不?来?得及|约|到|办|有?没?有?(?:号|位)|几点|[0-9]|的|行|$|[|,，.。!！?？、 ;；吧])"
    r"|\btoday,? (?:i|we|it|my|the)\b"
)
_ALONE = re.compile("[0-9]{1,2}[号日]")


def find(text: str, asked: Asked) -> Found:
    """The one day that a message names."""
    text = prepared(text)
    if not asked.open and _ALONE.fullmatch(text):
        return None
    days = _days(text if asked.open else _MERELY_TOLD.sub("|", text), asked)
    if len(days - {asked.today}) == 1:
        days -= {asked.today}
    if len(days) == 1 and None not in days:
        day = next(filter(None, days))
        return Filled(day.isoformat(), shown_day(day, asked.locale))
    return _unclear(text, days) if asked.open else None


def _unclear(text: str, days: set[date | None]) -> Found:
    if days == {None}:
        return Rejected("no_such_day")
    return Rejected("unclear") if days or _UNCLEAR.search(text) else None


def _days(text: str, asked: Asked) -> set[date | None]:
    """Every day named; nothing among them stands for one that the calendar lacks."""
    if asked.open:
        for pattern, resolve in _COMPACT:
            if match := pattern.fullmatch(text):
                return {resolve(match, asked.today)}
    found: set[date | None] = set()
    for pattern, resolve in _PATTERNS:
        found |= {resolve(match, asked.today) for match in pattern.finditer(text)}
        text = pattern.sub("|", text)
    return found
