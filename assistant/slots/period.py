"""A span of past days: 上个月, 最近三个月, 今年3月, 三季度, 9月到10月, 2026-09-01至2026-09-30, last month."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta

from assistant.day_words import MONTH, day_of, monday, month_end, month_number, moved, prepared, shown_span
from assistant.slot import Asked, Filled, Found, Rejected

_Match = re.Match[str]
_Span = tuple[date, date] | None
_YEARS = {"前年": -2, "去年": -1, "last year": -1, "今年": 0, "本年": 0, "this year": 0, "明年": 1}
_STEPS = {"上上": -2, "前": -1, "上": -1, "last": -1, "previous": -1, "这": 0, "本": 0, "当": 0, "this": 0, "下": 1, "next": 1}  # fmt: skip
_DAYS = {"今天": 0, "今日": 0, "当天": 0, "today": 0, "昨天": -1, "昨日": -1, "yesterday": -1, "前天": -2}
_UNCLEAR = re.compile("最近|近期|前段时间|之前|以前|几个?[月天年周]|一段时间|全部|所有|recent|a few|a while|everything")
_TO = r"\s*(?:至|到|-|~|—|–|\bto\b|\band\b|\buntil\b)\s*"
_YEAR = "(?:(前年|去年|今年|本年|明年|20[0-9]{2}年?)的?)?"
_DAY_OR_MONTH = r"(?:(前年|去年|今年|明年|(?<![0-9])20[0-9]{2})[年的]?[-/.]?)?(?<![0-9])([0-9]{1,2})[月\-/.](?:份|([0-9]{1,2})(?![0-9])[日号]?)?"


def _year(word: str | None, today: date) -> int | None:
    if not word:
        return None
    return today.year + _YEARS[word] if word in _YEARS else int(word[:4])


def _month_span(year: int, month: int, months: int = 1) -> _Span:
    start = day_of(year, month, 1)
    return (start, month_end(moved(start, months - 1))) if start else None


def _settled(year: int | None, month: int, months: int, today: date) -> _Span:
    """A part of a year without its year is the latest that has begun."""
    if year is None:
        year = today.year if month <= today.month else today.year - 1
    return _month_span(year, month, months)


def _part(found: _Match, group: int, today: date, year: int | None) -> _Span:
    """One end of a range: a day or a month."""
    year, month = _year(found[group], today) or year, int(found[group + 1])
    if not found[group + 2]:
        return _settled(year, month, 1, today)
    day = day_of(
        year or (today.year if (month, int(found[group + 2])) <= (today.month, today.day) else today.year - 1),
        month,
        int(found[group + 2]),
    )
    return (day, day) if day else None


def _range(found: _Match, today: date) -> _Span:
    start = _part(found, 1, today, None)
    if start is None:
        return None
    end = _part(found, 4, today, start[0].year)
    if end and not (found[1] or found[4]) and end[1] < start[0] and start[0].year < today.year:
        end = _part(found, 4, today, start[0].year + 1)
    return (start[0], end[1]) if end else None


def _range_in_month(found: _Match, today: date) -> _Span:
    start = _part(found, 1, today, None)
    if start is None:
        return None
    end = day_of(start[0].year, start[0].month, int(found[4]))
    return (start[0], end) if end else None


def _range_of_months(found: _Match, today: date) -> _Span:
    start = _settled(_year(found[1], today), int(found[2]), 1, today)
    end = start and _settled(start[0].year, int(found[3]), 1, today)
    return (start[0], end[1]) if start and end else None


def _since(found: _Match, today: date) -> _Span:
    start = _part(found, 1, today, None)
    return (start[0], today) if start else None


def _until(found: _Match, today: date) -> _Span:
    start = _part(found, 1, today, None)
    return (start[0], today + timedelta(days=_DAYS[found[4]])) if start else None


def _single(found: _Match, today: date) -> _Span:
    return _part(found, 1, today, None)


def _latest(found: _Match, today: date) -> _Span:
    unit = found["unit"]
    amount = found["count"] or "1"
    if "月" in unit or "month" in unit:
        return moved(today, -int(amount)) + timedelta(days=1), today
    if amount == "半":
        return moved(today, -6) + timedelta(days=1), today
    months = {"年": 12, "year": 12, "years": 12, "季度": 3, "quarter": 3, "quarters": 3}.get(unit)
    if months:
        return moved(today, -months * int(amount)) + timedelta(days=1), today
    days = int(amount) * (7 if unit[0] in "周星礼w" else 1)
    return today - timedelta(days=max(days, 1) - 1), today


def _half_month(_: _Match, today: date) -> _Span:
    return today - timedelta(days=14), today


def _month_word(found: _Match, today: date) -> _Span:
    start = moved(today.replace(day=1), _STEPS[found[1]])
    return start, month_end(start)


def _week_word(found: _Match, today: date) -> _Span:
    start = monday(today) + timedelta(days=7 * _STEPS[found[1]])
    return start, start + timedelta(days=6)


def _quarter_word(found: _Match, today: date) -> _Span:
    start = moved(date(today.year, (today.month - 1) // 3 * 3 + 1, 1), 3 * _STEPS[found[1]])
    return start, month_end(moved(start, 2))


def _quarter(found: _Match, today: date) -> _Span:
    return _settled(_year(found[1], today), "一二三四1234".index(found[2]) % 4 * 3 + 1, 3, today)


def _half(found: _Match, today: date) -> _Span:
    return _settled(_year(found[1], today), 1 if found[2] in {"上", "first"} else 7, 6, today)


def _whole_year(found: _Match, today: date) -> _Span:
    year = _year(found[1], today) or today.year
    return date(year, 1, 1), date(year, 12, 31)


def _this_year(_: _Match, today: date) -> _Span:
    return date(today.year, 1, 1), today


def _english_month(found: _Match, today: date) -> _Span:
    return _settled(int(found[2]) if found[2] else None, month_number(found[1]), 1, today)


def _word(found: _Match, today: date) -> _Span:
    day = today + timedelta(days=_DAYS[found[0]])
    return day, day


_N = "(?P<count>[0-9]{1,3})"
_PATTERNS: tuple[tuple[re.Pattern[str], Callable[[_Match, date], _Span]], ...] = (
    (re.compile(f"{_DAY_OR_MONTH}{_TO}{_DAY_OR_MONTH}"), _range),
    (re.compile(f"{_DAY_OR_MONTH}{_TO}([0-9]{{1,2}})[日号]"), _range_in_month),
    (re.compile(rf"{_YEAR}(?<![0-9])([0-9]{{1,2}}){_TO}([0-9]{{1,2}})月份?"), _range_of_months),
    (re.compile(f"{_DAY_OR_MONTH}{_TO}(昨天|昨日|前天|yesterday)"), _until),
    (re.compile(f"{_DAY_OR_MONTH}(?:以来|起?至今|到现在|到今天|起|开始)"), _since),
    (re.compile("今年以来|年初至今|年初到现在|year to date"), _this_year),
    (re.compile(f"(?:最近|近|过去|前|这)的?{_N}个?(?P<unit>月|季度|年|周|星期|礼拜|天|日)"), _latest),
    (re.compile("(?:最近|近|过去)的?(?P<count>半)(?P<unit>年)"), _latest),
    (re.compile("(?:最近|近|过去)的?半个月"), _half_month),
    (re.compile(rf"\b(?:past|last|previous|recent) (?:{_N} )(?P<unit>day|week|month|quarter|year)s?\b"), _latest),
    (re.compile(r"\bpast (?P<count>)(?P<unit>week|month|quarter|year)\b"), _latest),
    (re.compile(r"\b(?:from )?(20[0-9]{2})-([0-9]{1,2})()(?![-/.0-9])"), _single),
)
_LOOSE: tuple[tuple[re.Pattern[str], Callable[[_Match, date], _Span]], ...] = (
    (re.compile(f"{_YEAR}第?([一二三四1-4])季度?"), _quarter),
    (re.compile(r"\b()q([1-4])\b(?! ?20)"), _quarter),
    (re.compile(r"(上上|上|这|本|当|下)1?个?季度?"), _quarter_word),
    (re.compile(r"\b(last|this|previous|next) quarter\b"), _quarter_word),
    (re.compile(f"{_YEAR}(上|下)半年"), _half),
    (re.compile(f"{_YEAR}(?<![0-9.])([0-9]{{1,2}})月份?()(?![0-9底初末中])"), _single),
    (re.compile("(上上|上|这|本|当|下)1?个?月(?!初|底|末|中|[0-9])"), _month_word),
    (re.compile(r"\b(last|this|previous|next) month\b"), _month_word),
    (re.compile("(上上|上|这|本|下)1?个?(?:周|星期|礼拜)(?![一二三四五六日天1-7])"), _week_word),
    (re.compile(r"\b(last|this|previous|next) week\b"), _week_word),
    (re.compile(rf"(?:^|(?<=in )|(?<=for )|(?<=of )|(?<=during )|(?<=from ))({MONTH})\b(?:,? (20[0-9]{{2}}))?(?! ?[0-9a-z])"), _english_month),
    (re.compile(r"(前年|去年|今年|本年|明年|last year|this year)(?:全年|1整年)?(?!年?[底初末])"), _whole_year),
    (re.compile("(?<![0-9])(20[0-9]{2})年(?:全年|度)?(?![0-9底初末])"), _whole_year),
)  # fmt: skip
_LOOSELY = frozenset(pattern for pattern, _ in _LOOSE)
_AFTER = re.compile(
    "$| ?[,，。.!！?？;；、|]|的(?!时候|卡)|流水|账|对账|明细|交易|收支|回单|消费|记录|期间| ?(?:statement|transaction|please|only)"
)
_WORDS = re.compile("|".join(_DAYS))
_ONE_DAY = re.compile(_DAY_OR_MONTH)
_BARE = re.compile(f"{_N}个?(?P<unit>月|年|周|星期|天)|(?:{_N.replace('count', 'n')} )?(?:day|week|month|year)s?")
_BARE_YEAR = re.compile("(20[0-9]{2})")


def find(text: str, asked: Asked) -> Found:
    """The one span of days that a message names; it never ends after today."""
    text = prepared(text)
    spans, standing = _spans(text, asked)
    if not spans:
        return Rejected("unclear") if asked.open and _UNCLEAR.search(text) else None
    found = _judged(spans, asked)
    return found if asked.open or (standing and isinstance(found, Filled)) else None


def _judged(spans: set[_Span], asked: Asked) -> Found:
    span = next(iter(spans))
    if len(spans) > 1 or span is None:
        return Rejected("unclear")
    start, end = span
    if start > end:
        return Rejected("reversed")
    if start > asked.today:
        return Rejected("future")
    end = min(end, asked.today)
    return Filled(f"{start}/{end}", shown_span(start, end, asked.locale))


def _spans(text: str, asked: Asked) -> tuple[set[_Span], bool]:
    """Every span named, nothing among them for one that the calendar lacks; and whether all stand as periods."""
    found: set[_Span] = set()
    standing, whole = True, text
    for pattern, resolve in _PATTERNS + _LOOSE:
        for match in pattern.finditer(text):
            found.add(resolve(match, asked.today))
            standing = standing and _stands(pattern, match)
        text = pattern.sub("|", text)
    return (found or _when_open(whole, asked.today), standing) if asked.open else (found, standing)


def _stands(pattern: re.Pattern[str], match: _Match) -> bool:
    """去年的流水 names a period, 我去年开的卡 does not."""
    return pattern not in _LOOSELY or bool(_AFTER.match(match.string, match.end()))


def _when_open(text: str, today: date) -> set[_Span]:
    if (match := _BARE.fullmatch(text)) and match["unit"]:
        return {_latest(match, today)}
    if text == "半年":
        return {(moved(today, -6) + timedelta(days=1), today)}
    if match := _BARE_YEAR.fullmatch(text):
        return {_whole_year(match, today)}
    return {_word(match, today) for match in _WORDS.finditer(text)} or {
        _single(match, today) for match in _ONE_DAY.finditer(text)
    }
