"""The words of a staff question that tell a span of time: how long money may lie, when it is needed, how long a product may bind it."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta

from assistant import numeral, product_value
from assistant.need_words import Words

_N = numeral.NUMERAL
_SPAN = rf"(?P<number>半|half an?|an?|{_N})\s*(?:个)?\s*(?P<unit>年|月|天|日|周|星期|季度|years?|months?|days?|weeks?)(?P<half>半)?"
_UNITS = {"年": "年", "月": "月", "天": "天", "日": "天", "year": "年", "month": "月", "day": "天"}
_LONG = 10 * product_value.YEAR
_USE = "(?:用|取|花|交|付|买房|还|急用|拿)"
_NOT_USED = (
    "(?:都|应该|基本上?|暂时|肯定|大概|估计|也|是|可以|之?内|以内|左右|多|里|的?时间)*"
    f"(?:不[会打算准备需要急着]*{_USE}(?:不?[到着上了])?|没(?:有)?(?:打算|计划|准备|什么)?(?:要)?(?:用处?|动)|用不[到着上了]|不[会打算]*动|闲置|闲着|不急)"
)


def horizon(words: Words) -> tuple[int | None, date | None]:
    """For how many days the money is not needed, and on which day it is: 一年内不用, 半年后要用, 随时要取, 明年3月要用."""
    for read in (_unsure, _soon, _on_a_day, _after, _not_for, _any_day):
        found = read(words)
        if found:
            return found
    return None, None


def _unsure(words: Words) -> tuple[int, None] | None:
    """Who cannot promise to leave it may need it any day."""
    unsure = words.take(
        rf"(?:(?:不(?:能|敢|好|太)?|没法|无法|难以?|没有?把握)(?:保证|确定|肯定|确保|说)|不一定|未必|说不准|说不好)(?:这笔钱|钱|资金|能|会)*{_SPAN}{_NOT_USED}(?:的)?"
    )
    return (0, None) if unsure else None


def _soon(words: Words) -> tuple[int, None] | None:
    within = words.take(rf"(?:这|最近|近)?{_SPAN}(?:以?内|之内)(?:可能|就|会|随时|还|都|有可能)*要?{_USE}(?!不?[到着])")
    return (0, None) if within else None


def _after(words: Words) -> tuple[int, date | None] | None:
    later = words.take(
        rf"(?:大概|差不多|大约)?{_SPAN}(?:以?后|之后|过后)[^。;]{{0,6}}?{_USE}(?:钱)?|need\w*(?: it| the money)?(?: back)? in {_renamed(_SPAN)}"
    )
    days = _days(later) if later else None
    return (days, words.today + timedelta(days=days)) if days is not None else None


def _not_for(words: Words) -> tuple[int, None] | None:
    if words.take("长期(?:都)?(?:不用|不动|闲置|放|用不到)|很久(?:都)?(?:不用|用不到)|很长时间不用|long[- ]term"):
        return _LONG, None
    spare = words.take(
        rf"(?:这笔钱|钱|资金)?(?:最近|近|未来|起码|至少|大概|差不多|估计)?{_SPAN}{_NOT_USED}(?:的钱|的)?|"
        rf"(?:想|打算|准备|可以|能|要)?(?:放|存|闲置|锁|锁定|投|持有)(?:个|上|满|得了?|它)?{_renamed(_SPAN)}(?!.{{0,2}}(?:以内|以下|以上))|"
        rf"(?:not|n't|no)[a-z ]{{0,30}}(?:for|within)(?: at least)? {_renamed(_SPAN, 'c')}|\bfor (?:at least )?{_renamed(_SPAN, 'd')}"
    )
    days = _days(spare) if spare else None
    return (days, None) if days is not None else None


def _any_day(words: Words) -> tuple[int, None] | None:
    any_day = words.take(
        "(?:可能)?随时(?:都)?(?:可能)?(?:会|要|能|可以|得)*(?:用|取|支取|赎回|提|拿)?(?:的)?(?:钱)?|随用随取|随取(?:随用)?|活钱(?:管理)?|(?:流动性|灵活性)(?:要)?(?:好|高|强)"
        "|灵活(?:支取|取用|一点|些)?(?:的)?|(?:不确定|说不准|不知道|说不好).{0,4}什么时候(?:要)?用|any ?time|on demand|at short notice|any day"
    )
    return (0, None) if any_day else None


def _on_a_day(words: Words) -> tuple[int, date] | None:
    found = words.take(
        rf"(?P<year>明年|今年|后年|20[0-9]{{2}}年)?的?(?P<month>[0-9]{{1,2}})月份?(?:(?P<day>[0-9]{{1,2}})[日号])?[^。;不没]{{0,4}}?{_USE}(?:钱)?"
    )
    if found:
        return _until(_date(found, words.today), words.today)
    named = words.take(f"(?P<when>下个?月|年底|明年年?初?|过年|春节)[^。;不没]{{0,4}}?(?:就|要|得|会)?{_USE}(?:钱)?")
    return _until(_named_day(named.group("when"), words.today), words.today) if named else None


def _date(found: re.Match[str], today: date) -> date | None:
    month, day = int(found["month"]), int(found["day"] or 1)
    told = found["year"]
    year = {"明年": today.year + 1, "后年": today.year + 2, "今年": today.year}.get(told or "") or int(
        (told or "0")[:4].rstrip("年") or 0
    )
    try:
        if year:
            return date(year, month, day)
        return date(today.year if (month, day) > (today.month, today.day) else today.year + 1, month, day)
    except ValueError:
        return None


def _named_day(when: str, today: date) -> date:
    if when.startswith("下"):
        return (today.replace(day=1) + timedelta(days=32)).replace(day=1)
    return date(today.year, 12, 31) if when == "年底" else date(today.year + 1, 1, 1)


def _until(day: date | None, today: date) -> tuple[int, date] | None:
    return ((day - today).days, day) if day and day > today else None


def alone(words: Words) -> tuple[int | None, tuple[int, int] | None]:
    """What stands alone between commas: a span of time is how long the money may lie, a number the age."""
    span = words.take(rf"(?:^|(?<=[\s,;、。\ue001])){_SPAN}(?:以?内|左右)?(?=$|[\s,;、。!?\ue001])")
    years = words.take(r"(?:^|(?<=[\s,;、。\ue001]))(1[89]|[2-9][0-9])(?=$|[\s,;、。!?\ue001])")
    return (_days(span) if span else None), ((int(years.group(1)),) * 2 if years else None)


def term(words: Words) -> tuple[int, int] | None:
    """Limits on the products' term in days: 90天以内的, 期限不超过半年, 一年期, 3个月以上."""
    most = words.take(
        rf"(?:期限|持有期|封闭期|锁定期|时间)?(?:在|不超过|最多|最长|短于|低于|小于|不长于|under|within|up to|at most|shorter than|no more than)+\s?{_SPAN}(?:以内|以下|之内|内)?(?:的)?|"
        rf"(?:期限|持有期|封闭期|锁定期)?(?:在)?{_renamed(_SPAN)}(?:及)?(?:以内|以下|之内|内)(?:到期)?(?:的)?"
    )
    if most:
        return _limits(most, lambda days: (0, days))
    least = words.take(rf"(?:期限|持有期)?(?:在)?{_SPAN}(?:及)?以上(?:的)?")
    if least:
        return _limits(least, lambda days: (days, _LONG))
    exact = words.take(
        rf"(?:期限|持有期|封闭期|存期)(?:是|为)?{_SPAN}(?:左右)?(?:的)?|{_renamed(_SPAN)}(?:期(?:限)?的?|的(?=\ue000|理财|产品|存款|定期|基金|大额)|(?=定期|大额存单|存款|理财))"
    )
    return _limits(exact, lambda days: (days, days)) if exact else None


def _limits(found: re.Match[str], limits: Callable[[int], tuple[int, int]]) -> tuple[int, int] | None:
    days = _days(found)
    return limits(days) if days is not None else None


def _renamed(pattern: str, suffix: str = "b") -> str:
    """The pattern with other group names, for a second place in one expression."""
    return re.sub("[?]P<([a-z]+)>", rf"?P<\1_{suffix}>", pattern)


def _days(found: re.Match[str]) -> int | None:
    groups = found.groupdict()
    for suffix in ("", "_b", "_c", "_d"):
        if groups.get(f"number{suffix}"):
            return _length(groups[f"number{suffix}"], groups[f"unit{suffix}"], groups.get(f"half{suffix}"))
    return None


def _length(number: str, unit: str, half: str | None) -> int | None:
    unit = unit.rstrip("s") if unit.isascii() else unit
    if number == "半" or number.startswith("half"):
        return {"年": 180, "月": 15, "year": 180, "month": 15}.get(unit)
    count = 1 if number in ("a", "an") else numeral.read(number)
    if count is None or count % 1 or count > 10_000:
        return None
    whole = int(count)
    if unit in ("周", "星期", "week"):
        return 7 * whole
    if unit == "季度":
        return 3 * product_value.MONTH * whole
    days = product_value.length(whole, _UNITS[unit])
    return days + ({"年": 180, "月": 15}.get(_UNITS[unit], 0) if half else 0)
