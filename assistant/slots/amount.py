"""An amount of yuan: 两万五, 3.5万, 一百二, 5k, 1,000.50元, 五十块, 3块5, 20W, five hundred yuan."""

from __future__ import annotations

import re
from decimal import Decimal

from assistant import numeral
from assistant.slot import Asked, Filled, Found, Rejected
from assistant.slot_wording import shown
from knowledge_base.text import fold

_MONEY = "元整?|块钱?|圆整?|钱|yuan|rmb|cny|人民币|刀乐"
_FOREIGN = "美元|美金|美刀|欧元|日元|日币|港币|港元|港纸|英镑|澳元|韩元|usd|dollars?|eur|euros?|hkd|jpy|gbp|pounds?"
# 3号, 5年, 30% and 2万人 are other things than money.
_OTHER = (
    r"号|年|个?月|期|%|岁|日|天|点|时|分钟|分之|周|个|次|份|笔|张|人|名|位|户|股|公里|米|倍|折|积分|类|级|楼|室|栋|单元|度|克|斤|吨"
    r"|季|线|路|款|种|条|项|台|套|本|page|day|month|year|week|percent|st\b|nd\b|rd\b|th\b"
)
_SPREAD = f"{numeral.NUMERAL}\\s*(?:到|至|-|~|—|或者?|and|to|or)\\s*(?={numeral.NUMERAL})"
_AMOUNT = re.compile(
    rf"(?P<sign>负|[-−])?\s?(?P<mark>¥|￥|rmb|cny|人民币)?\s?(?<![a-z0-9*.])(?P<figure>{numeral.NUMERAL})\s?"
    rf"(?P<unit>{_MONEY})?(?P<jiao>[0-9零一二三四五六七八九]{{1,2}}[角毛]?(?:[0-9一二三四五六七八九]分)?(?![0-9万千百]))?"
    rf"(?:(?P<foreign>{_FOREIGN})|(?P<other>{_OTHER}))?"
)
_BEFORE_OTHER = re.compile(
    r"(?:第|尾号|卡号|账号|手机号?|电话|身份证号?|证件号|编号|工号|no\.|[0-9]{4}[-/.]|[0-9][-/:]|\+|[$€£])\s?$"
)
_FOREIGN_BEFORE = re.compile(r"[$€£]\s?[0-9]")
_VAGUE = re.compile(
    "[0-9] [0-9]|[几数]十?[万千百]|[0-9一二三四五六七八九十百千万]多|[万千百十]把块?|[一二三四五六七八九两]{2}[百千万]|左右|上下|以[上下内]|不超过|不[低少]于|至少|最[多少]|大约|大概|差不多|[十百千万元块]来[万块]"
    "|(?:^|[^元块圆0-9一二三四五六七八九])[0-9一二三四五六七八九]+[毛角]|[毛角][0-9一二三四五六七八九](?!分)|[0-9]e[0-9]"
    "|好?几[块元十百千万个]|全部|所有|随便|about|around|roughly|a few|several"
)
_RANGE = re.compile(_SPREAD)
_TO_Y = re.compile("不是[^,，。;；]*[,，;； ]+(?=是|要|改)")
_ATTEMPT = re.compile("[0-9一二三四五六七八九两].*[0-9零一二三四五六七八九十百千万]$")
_WHOLE = re.compile(
    "(?:就|要|我|转账?|存|取|借|还|给|付|是|来|改成|改为|[ ,，])*#(?:吧|就行|就好|即可|的|[ 。.!！,，])*"
)
_STRONG = frozenset("万千亿wk")


def find(text: str, asked: Asked) -> Found:
    """The one amount of a message; bare numbers count only when it was asked for."""
    text = numeral.NO_QUANTITY.sub("|", _TO_Y.sub("", numeral.figures(fold(text.replace("，", "； ")))))
    matches = [match for match in _AMOUNT.finditer(text) if not _is_other(match)]
    with_unit = [match for match in matches if _has_unit(match)]
    found = with_unit or ([match for match in matches if _may_be_bare(match)] if asked.open else [])
    if not asked.open:
        return None if _VAGUE.search(text) or _RANGE.search(text) else _unique(found, asked, strict=True)
    if _FOREIGN_BEFORE.search(text) or any(match["foreign"] for match in matches):
        return Rejected("currency")
    if _VAGUE.search(text) or (found and _RANGE.search(text)):
        return Rejected("unclear")
    return _unique(found, asked, strict=False)


def _is_other(match: re.Match[str]) -> bool:
    """Whether it counts something else; 一块 may also be together."""
    if _is_together(match) and match.group() != match.string:
        return True
    return bool((match["other"] and not match["unit"]) or _BEFORE_OTHER.search(match.string[: match.start("figure")]))


def _is_together(match: re.Match[str]) -> bool:
    return match["figure"] == "一" and match["unit"] == "块" and not match["jiao"]


def _has_unit(match: re.Match[str]) -> bool:
    """Whether it can only be money."""
    if match["foreign"]:
        return False
    return bool(match["mark"] or (match["unit"] and not _is_together(match))) or (
        len(match["figure"]) > 1 and not _STRONG.isdisjoint(match["figure"]) and not match["figure"].startswith("万")
    )


def _may_be_bare(match: re.Match[str]) -> bool:
    """十分 and 一下 begin with no amount: small numerals in characters must be the whole answer."""
    small = not re.search("[0-9百千万亿]", match["figure"])
    return not small or bool(_WHOLE.fullmatch(match.string.replace(match.group(), "#", 1)))


def _unique(matches: list[re.Match[str]], asked: Asked, *, strict: bool) -> Found:
    values = {value for match in matches if (value := _value(match)) is not None}
    if len(values) == 1:
        found = _judged(values.pop(), asked)
        return found if isinstance(found, Filled) or not strict else None
    unread = any(_ATTEMPT.match(match["figure"]) for match in matches)
    return Rejected("unclear") if (values or unread) and not strict else None


def _value(match: re.Match[str]) -> Decimal | None:
    value = numeral.read(match["figure"])
    if value is None or (match["jiao"] and not match["unit"]):
        return None
    value += _small_change(match["jiao"] or "")
    return -value if match["sign"] and value else value


def _small_change(jiao: str) -> Decimal:
    """五毛, 5角2分, and the 5 of 3块5."""
    digits = re.findall("[0-9零一二三四五六七八九]", jiao)
    values = [numeral.read(digit) or Decimal(0) for digit in digits[:2]]
    return sum((value / 10 ** (place + 1) for place, value in enumerate(values)), Decimal(0))


_TOO_MUCH = 10**13


def _judged(value: Decimal, asked: Asked) -> Found:
    if value < 0:
        return Rejected("negative")
    if value >= _TOO_MUCH:
        return Rejected("unclear")
    if value == 0:
        return Rejected("zero")
    if value != value.quantize(Decimal("0.01")):
        return Rejected("too_precise")
    figure = f"{value:,.2f}".removesuffix(".00")
    return Filled(f"{value:.2f}", shown("amount", asked.locale, amount=figure))
