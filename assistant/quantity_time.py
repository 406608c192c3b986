"""Days, weekdays and times of day as people write them."""

from __future__ import annotations

import re

from assistant import numeral
from assistant.quantity_form import DATE, HAN, SMALL, Form, Quantity, to_the_letter, told

CLOCK, WEEKDAY = "clock", "weekday"
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?)\b\.?"
)
_YEAR = "(?:19|20)[0-9]{2}|[一二][零〇一二三四五六七八九]{3}"
_DAY = f"三十一?|二十[一二三四五六七八九]?|{SMALL}"
_TH = "(?:st|nd|rd|th)?"
_PART = "上午|早上|早晨|凌晨|清晨|中午|正午|下午|傍晚|晚上|晚间|夜间|午后|晚"
_LATER = re.compile("下午|傍晚|晚|夜|午后|p")
_WEEKDAYS = "monday|tuesday|wednesday|thursday|friday|saturday|sunday"


def _date(match: re.Match[str]) -> Quantity | None:
    named = {name: text for name, text in match.groupdict().items() if text}
    year, month, day = (_number(named.get(name, "")) for name in ("y", "m", "d"))
    if "name" in named:
        month = _MONTHS.index(named["name"][:3]) + 1
    if month > 12 or day > 31:
        return None
    return Quantity(DATE, "", match.start(), match.end(), (year, month, day))


def _number(text: str) -> int:
    digits = numeral.spelled(text) if len(text) == 4 else text
    value = numeral.read(digits.lstrip("0") or digits) if digits else None
    return int(value) if value else 0


def _clock(match: re.Match[str]) -> Quantity | None:
    named = {name: text for name, text in match.groupdict().items() if text}
    part, hour, minute = named.get("part", ""), _number(named["h"]), named.get("mi", "")
    if hour < 12 and _LATER.search(part):
        hour += 12
    elif hour == 12 and (part.startswith("a") or part == "凌晨"):
        hour = 0
    minutes = {"半": 30, "一刻": 15, "三刻": 45, "整": 0, "钟": 0}.get(minute)
    if minutes is None:
        minutes = _number(minute.rstrip("分").lstrip("零"))
    return told(CLOCK, 60 * hour + minutes, match) if hour <= 24 and minutes < 60 else None


def _weekday(match: re.Match[str]) -> Quantity:
    name = match.group("wd")
    if name.isascii() and name.isalpha():
        return told(WEEKDAY, _WEEKDAYS.split("|").index(name) + 1, match)
    return told(WEEKDAY, 7 if name in "日天" else _number(name), match)


FORMS: tuple[Form, ...] = (
    (re.compile(rf"(?<![0-9])(?P<y>{_YEAR}) ?(?:年度?|财年)(?!期)(?: ?(?P<m>{SMALL}) ?月份?(?: ?(?P<d>{_DAY}) ?[日号])?)?"), _date),
    (re.compile(r"(?<![0-9])[0-9]+年[0-9]{1,2}月(?:[0-9]{1,2}[日号])?"), to_the_letter),
    (re.compile(r"(?<![0-9.,])(?P<y>(?:19|20)[0-9]{2})([-/.])(?P<m>0?[1-9]|1[0-2])(?:\2(?P<d>[0-3]?[0-9]))?(?![0-9%元-])"), _date),
    (re.compile(rf"(?<![0-9{HAN}.])(?P<m>{SMALL}|0[1-9]) ?月份?(?: ?(?P<d>{_DAY}|0[1-9]) ?[日号])?"), _date),
    (re.compile(rf"(?<=[每当次本上下]月)(?P<d>{_DAY}) ?[日号]"), _date),
    (re.compile(rf"\b(?P<name>{_MONTH}) (?P<d>[0-3]?[0-9]){_TH}(?![0-9])(?:,? (?P<y>(?:19|20)[0-9]{{2}})(?![0-9]))?"), _date),
    (re.compile(rf"\b(?P<d>[0-3]?[0-9]){_TH}(?: of)? (?P<name>{_MONTH})(?:,? (?P<y>(?:19|20)[0-9]{{2}})(?![0-9]))?"), _date),
    (re.compile(rf"\b(?P<name>{_MONTH}),? (?P<y>(?:19|20)[0-9]{{2}})(?![0-9])"), _date),
    (re.compile(r"(?<![0-9])(?P<y>(?:19|20)[0-9]{2})(?=版| ?edition)"), _date),
    (re.compile(r"(?<=\bin )(?P<y>(?:19|20)[0-9]{2})(?![0-9,.年])"), _date),
    (re.compile(rf"(?<![0-9{HAN}])(?:星期|礼拜|周)(?P<wd>[一二三四五六日天1-7])(?!次|年)"), _weekday),
    (re.compile(rf"\b(?P<wd>{_WEEKDAYS})s?\b"), _weekday),
    (re.compile(r"(?<![0-9.:])(?P<h>[0-9]{1,2})(?::(?P<mi>[0-9]{2}))? ?(?P<part>[ap])\.?m\b\.?"), _clock),
    (re.compile(rf"(?P<part>{_PART})? ?(?<![0-9])(?P<h>[0-9]{{1,2}}):(?P<mi>[0-9]{{2}})(?::[0-9]{{2}})?(?![0-9:])"), _clock),
    (
        re.compile(
            rf"(?P<part>{_PART})?(?<![0-9.第{HAN}])(?P<h>二十[一二三四]?|{SMALL}) ?[点时]"
            r"(?P<mi>半|整|钟|一刻|三刻|(?:[0-5]?[0-9]|[一二三四五]?十[一二三四五六七八九]?|零[一二三四五六七八九])分?(?![0-9元万%倍个百期]))?"
            r"(?![间候效限刻差段零〇五六七八九])"
        ),
        _clock,
    ),
)  # fmt: skip
"""The forms, in the order in which they are looked for."""
