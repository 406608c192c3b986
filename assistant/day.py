"""The day that a question asks about: 去年年底, 2025年6月, 上个月."""

from __future__ import annotations

import calendar
import re
from datetime import date, timedelta

_YEAR = re.compile(
    r"(?<![0-9])(20[0-9]{2})(?:年的?|-|/|\.)?(?:([0-9]{1,2})(?:月|-|/|\.)(?:([0-9]{1,2})日?)?)?(年底|年末|年初|底|末|初)?"
)
_RELATIVE_YEAR = re.compile(
    r"(去年|旧年|前年|今年|last year)(?:(?:的)?([0-9]{1,2})月(?:份)?)?(年底|年末|年初|底|末|初)?"
)
_LAST_MONTH = re.compile("(?<!上)上个?月|last month")


def find(text: str, today: date) -> date | None:
    """The past day a folded text asks about, or nothing; a year alone means its last day, a month its last."""
    text = re.sub(r"(?<=[0-9年月])\s+(?=[0-9年月])", "", text)
    found = _named(text, today) or _relative(text, today)
    return found if found and found < today else None


def _named(text: str, today: date) -> date | None:
    match = _YEAR.search(text)
    if not match or not (match.group(2) or match.group(4) or "年" in match.group() or "in 20" in text):
        return None
    return _day(int(match.group(1)), match.group(2), match.group(3), match.group(4), today)


def _relative(text: str, today: date) -> date | None:
    match = _RELATIVE_YEAR.search(text)
    if match:
        year = today.year - {"前年": 2, "今年": 0}.get(match.group(1), 1)
        return _day(year, match.group(2), None, match.group(3), today)
    if _LAST_MONTH.search(text):
        return today.replace(day=1) - timedelta(days=1)
    return None


def _day(year: int, month: str | None, day: str | None, edge: str | None, today: date) -> date | None:
    if edge and edge.endswith("初"):
        return date(year, 1, 1)
    if month is None:
        return min(date(year, 12, 31), today)
    if not 1 <= int(month) <= 12:
        return None
    last = calendar.monthrange(year, int(month))[1]
    return date(year, int(month), min(int(day), last) if day and int(day) else last)
