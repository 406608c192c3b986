"""The figures of a text as values: 2.5万, 25,000 and 两万五千 are one, 3% and 3元 are two."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from functools import lru_cache

from assistant import numeral, quantity_amount, quantity_time
from assistant.quantity_form import DATE, HAN, NUMBER, Form, Quantity, to_the_letter
from knowledge_base.text import simplify

__all__ = ["Quantity", "plain", "read", "same"]

_LATIN = re.compile("[a-z]{3}")
_ONE = re.compile(
    r"\bone\b(?![ -](?:hundred|thousand|million|days?|month|year|week|hour|minute|time|transaction|card|working|business|percent))"
)
_HELD = "\x1a"
_ARTICLE = "[种家位张项条件名款套户只样台]"
# No figures: addresses, idioms, the numbers of steps.
_NONE = re.compile(
    r"https?://[!-~]+|www\.[!-~]+|[\w.+-]+@[\w-]+(?:\.[\w-]+)+"
    rf"|(?<![{HAN}])万[一能](?![{HAN}])"
    r"|十分(?!钟|之)|千万(?=不|别|要|勿|注意|小心|记得)|百姓|四舍五入|[二三]维码|一次性|一对一|几乎|多少"
    # 陆家嘴 is no six.
    rf"|(?<![{HAN}])[壹贰叁肆伍陆柒捌玖](?![{HAN}元圆整])"
    r"|零(?=钱|售|存|花|散|部|基础|星|距离|门槛)|周末|任何一"
    r"|第[一二三四五六七八九十0-9]{1,3}(?=步|点|条|章|节|项|种|方|者|部分|[,:.、 ]|一时间)"
    rf"|(?<![限仅只满共各送赠享领])(?<!每[人户年月日天次笔周卡张位季])(?<!每季度)(?<!每个月)(?<!最多|至多|至少|最少|超过)(?<!(?:最多|至多|至少|最少|只能|仅限)..)(?<!(?:最多|至多|至少|最少)[可能]..)一(?=(?:个(?!月|半|小时|工作日|自然日|交易日|季度|星期|百分点)|{_ARTICLE})[\u3400-\u9fff])"
    r"|(?:(?<=\n)|^)\s*(?:[-*•] *)?(?:[0-9]{1,2}[.、)](?![0-9])|[(][0-9一二三四五六七八九十]{1,3}[)]|[一二三四五六七八九十]{1,3}、)"
)
_FORMS: tuple[Form, ...] = (*quantity_time.FORMS, *quantity_amount.FORMS)
# What no form took, so that none goes unread: the 5 of 1千5.
_LEFT = re.compile("[0-9][0-9.,]*|[二三四五六七八九两]+")
_WIDE_COMMA = re.compile("，(?![0-9０-９]{3}(?![0-9０-９]))|(?<![0-9０-９])，")
_AND = re.compile(r" ?(?:至|到|或|和|与|及|、|,|/|-|—+|–|~|\.\.+|to|or|and)+ ?")
_TO = re.compile(r" ?(?:至|到|-|—+|–|~|to)+ ?")


def plain(text: str) -> str:
    """The form in which figures are read: simplified, lower case, narrow, English numerals in digits, Chinese ones as they stand."""
    folded = simplify(_WIDE_COMMA.sub("， ", text)).lower().replace("−", "-").replace("﹣", "-")
    if not _LATIN.search(folded):
        return folded
    return numeral.figures(_ONE.sub(_HELD, folded)).replace(_HELD, "one")


@lru_cache(maxsize=20_000)
def read(text: str) -> tuple[Quantity, ...]:
    """The figures of a plain text, in order."""
    rest, found = _NONE.sub(lambda none: "\0" * len(none.group()), text), []
    for pattern, reading in _FORMS:
        for match in pattern.finditer(rest):
            quantity = reading(match)
            if quantity:
                found.append(quantity)
                rest = rest[: match.start()] + "\0" * len(match.group()) + rest[match.end() :]
    found += [to_the_letter(match) for match in _LEFT.finditer(rest)]
    return _joined(text, sorted(found, key=lambda one: one.start))


def same(told: Quantity, source: Quantity) -> bool:
    """Whether a source that says one figure says the other: of a date it may say more, an amount may leave out that it is in yuan."""
    if told.kind == source.kind == DATE:
        return _within(told.parts, source.parts)
    return told.value == source.value and (told.kind == source.kind or (told.kind == NUMBER and source.kind == "CNY"))


def _within(told: tuple[int, ...], source: tuple[int, ...]) -> bool:
    """Whether a date says nothing that another does not; of 2026-11-22 neither the day nor the year alone says enough."""
    if any(mine and mine != theirs for mine, theirs in zip(told, source, strict=True)):
        return False
    return bool(told[1] or not source[1])


def _dated(one: Quantity, other: Quantity) -> Quantity:
    """The end of a range of days: it is in the year, and the month, of its beginning where it names none."""
    year, month, day = one.parts
    if other.kind == DATE and not other.parts[0]:
        return replace(other, parts=(year, other.parts[1] or month, other.parts[2]))
    if other.kind == "day" and day and isinstance(other.value, Decimal):
        return replace(other, kind=DATE, value="", parts=(year, month, int(other.value)))
    return other


def _like(one: Quantity, other: Quantity) -> Quantity:
    """A number in the unit of the figure behind it; in its thousands too, where that does not make it the greater: 2至5万元."""
    if not isinstance(one.value, Decimal) or not isinstance(other.value, Decimal):
        return one
    value = one.value * other.factor
    return replace(one, kind=other.kind, value=value * other.scale if value * other.scale <= other.value else value)


def _joined(text: str, found: Sequence[Quantity]) -> tuple[Quantity, ...]:
    """Those of a row or a range share a unit that is said once: 1至3天, 3、6个月, 11月1日至30日."""
    joined = list(found)
    for index in range(len(joined) - 2, -1, -1):
        one, other = joined[index], joined[index + 1]
        if one.kind == NUMBER and other.kind != NUMBER and _AND.fullmatch(text, one.end, other.start):
            joined[index] = _like(one, other)
    for index in range(len(joined) - 1):
        one, other = joined[index], joined[index + 1]
        if one.kind == DATE and _TO.fullmatch(text, one.end, other.start):
            joined[index + 1] = _dated(one, other)
        elif one.kind != NUMBER and other.kind == NUMBER and _TO.fullmatch(text, one.end, other.start):
            joined[index + 1] = _like(other, replace(one, scale=Decimal(1)))
    return tuple(joined)
