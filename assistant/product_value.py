"""What cells of product tables come to: yuan, days, ages, periods and levels; nothing where a cell leaves it open."""

from __future__ import annotations

import re
from datetime import date

from knowledge_base.text import fold

YEAR, MONTH = 365, 30
"""How many days a year and a month count as, in what customers say and in what products ask for alike."""
_LEVEL = re.compile("r([1-5])")
_YUAN = re.compile(r"([0-9][0-9,]*(?:\.[0-9]+)?)(万|亿)?元")
_SCALES = {"": 1, "万": 10**4, "亿": 10**8}
_TERM = re.compile("([0-9]+)(?:个)?(年|月|天|日)")
_OPEN = re.compile("每日|随时|不限|无固定期限|daily")
_EVERY = re.compile("每(周|月|季|半年|年)")
_EVERY_DAYS = {"周": 7, "月": MONTH, "季": 3 * MONTH, "半年": 6 * MONTH, "年": YEAR}
_AGES = re.compile("(?:([0-9]+)(?:周?岁)?|出生满?[0-9]*天?)至([0-9]+)周?岁")
_DAY = re.compile("(20[0-9]{2})(?:年|-|/)([0-9]{1,2})(?:月|-|/)([0-9]{1,2})日?")
_FIGURE = re.compile(r"[0-9]+(?:\.[0-9]+)?")


def level(text: str) -> int | None:
    """The risk level: R2 is 2; of several, the highest."""
    found = _LEVEL.findall(fold(text))
    return max(map(int, found)) if found else None


def yuan(text: str) -> int | None:
    """The smallest amount of a text, in whole yuan: 1,000元, 1万元, 期交5,000元/年，趸交2万元."""
    amounts = [_amount(*found) for found in _YUAN.findall(fold(text))]
    return min(amounts, default=None)


def days(text: str) -> int | None:
    """How long money is bound, in days: 0 where it may be had any day, 90 for 最短持有期90天, a quarter for 每季开放."""
    folded = fold(text)
    if _OPEN.search(folded):
        return 0
    terms = [length(int(number), unit) for number, unit in _TERM.findall(folded)]
    if terms:
        return max(terms)
    every = _EVERY.search(folded)
    return _EVERY_DAYS[every.group(1)] if every else None


def length(number: int, unit: str) -> int:
    """So many years, months or days, in days; twelve months are a year."""
    if unit == "月":
        years, months = divmod(number, 12)
        return years * YEAR + months * MONTH
    return number * (YEAR if unit == "年" else 1)


def ages(text: str) -> tuple[int, int] | None:
    """The youngest and oldest age, both included: 18至65周岁; from birth counts as 0."""
    found = _AGES.search(fold(text))
    return (int(found.group(1) or 0), int(found.group(2))) if found else None


def period(text: str) -> tuple[date, date] | None:
    """The first and last day: 2026-11-16至2026-11-25."""
    found = [date(int(year), int(month), int(day)) for year, month, day in _DAY.findall(text)]
    return (found[0], found[-1]) if len(found) > 1 else None


def day(text: str) -> date | None:
    """The one day that a text names."""
    found = _DAY.search(text)
    return date(*map(int, found.groups())) if found else None


def figures(text: str) -> frozenset[str]:
    """The figures of a text, amounts in yuan, written one way."""
    plain = _YUAN.sub(lambda found: f"{_amount(*found.groups(default=''))}元", fold(text)).replace(",", "")
    return frozenset(f"{float(found):g}" for found in _FIGURE.findall(plain))


def _amount(number: str, scale: str) -> int:
    return round(float(number.replace(",", "")) * _SCALES[scale])
