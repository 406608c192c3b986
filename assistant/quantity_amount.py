"""Amounts, rates, lengths of time, counts, codes and telephone numbers as people write them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import yaml

from assistant import numeral
from assistant.quantity_form import HAN, NUMBER, WORD, Form, Quantity, to_the_letter, told

DIGITS = "digits"
_words: Mapping[str, Any] = yaml.safe_load(Path(__file__).with_name("quantity.yaml").read_text(encoding="utf-8"))
_ARABIC = r"(?:[0-9]{1,3}(?:,[0-9]{3})+(?![0-9])|[0-9]+)(?:\.[0-9]+)?"
_SPOKEN = rf"[{HAN}]+(?:点[零〇一二三四五六七八九]+[万亿]*(?=[%个百倍元块万亿]))?"
_NUMERAL = rf"(?:{_ARABIC}(?: ?[百千万亿]+(?:[一二三四五六七八九](?:千|百)?|[0-9]千)?|[wk](?![a-z0-9]))?|{_SPOKEN})"
_FRESH = rf"(?<![0-9.{HAN}])"
_SCALE = re.compile("[百千万亿wk]+")
_HALVES = {"年": ("month", 6), "小时": ("minute", 30), "个小时": ("minute", 30)}


def _units() -> dict[str, tuple[str, Decimal]]:
    units = {word: (kind, Decimal(1)) for kind, words in _words["units"].items() for word in words}
    for kind, scaled in _words["scaled"].items():
        units |= {word: (kind, Decimal(str(factor))) for factor, words in scaled.items() for word in words}
    return units


_UNITS = _units() | {"月": ("month", Decimal(1))}
_NOT_BEFORE: Mapping[str, str] = _words["not_before"]


def _unit(word: str) -> str:
    ends = r"(?![a-z])" if word[-1].isalpha() and word.isascii() else ""
    return re.escape(word) + (f"(?!{_NOT_BEFORE[word]})" if word in _NOT_BEFORE else ends)


_UNIT = "|".join(map(_unit, sorted(_UNITS.keys() - {"月"}, key=len, reverse=True)))
_SIGN = "|".join(map(re.escape, sorted(_words["signs"], key=len, reverse=True)))


def _amount(match: re.Match[str]) -> Quantity | None:
    """A number with a unit, with a currency's sign, or with neither."""
    named = match.groupdict()
    text, unit = named["n"].replace(" ", ""), named.get("unit")
    kind, factor = _UNITS[unit] if unit else (_words["signs"].get(named.get("sign"), NUMBER), Decimal(1))
    if text == "一" and not unit:
        return None
    value = numeral.read(text)
    if value is None or (kind == NUMBER and len(text) == 1 and not text.isascii()):
        # 三方, 万五, 三五千: what cannot be read must stand in a source as it is, with the letter behind it.
        letters = match.string[match.start() : match.end() + (0 if unit else 1)].rstrip(" ,.:、)\0\n")
        return told(WORD, letters, match)
    if named.get("th"):
        kind = f"{kind} in order"
    more = Decimal("0.5") if named.get("more") else Decimal(0)
    found = Quantity(kind, (value + more) * factor, match.start(), match.end(), factor=factor)
    scale = _SCALE.search(text)
    return replace(found, scale=value / (numeral.read(text[: scale.start()]) or value)) if scale else found


def _share(match: re.Match[str]) -> Quantity | None:
    of, share = match.group("of"), numeral.read(match.group("n"))
    if match.group("n") == "百":
        share = Decimal(100)
    return None if share is None else told("percent", share * 100 / {"百": 100, "千": 1000, "万": 10_000}[of], match)


def _half(match: re.Match[str]) -> Quantity:
    kind, value = _HALVES.get(match.group("unit"), (WORD, 0))
    return told(kind, value, match) if value else to_the_letter(match)


def _digits(match: re.Match[str]) -> Quantity | None:
    digits = re.sub("[^0-9]", "", match.group())
    return told(DIGITS, digits, match) if len(digits) >= 7 else None


def _class(match: re.Match[str]) -> Quantity:
    name = match.group("n")
    return told("class", len(name) if name[0] == "i" else int(numeral.read(name) or 0), match)


def _certain(match: re.Match[str]) -> Quantity:
    return told("percent", 100, match)


FORMS: tuple[Form, ...] = (
    (re.compile(r"(?<![0-9.,])(?:\+|(?=0)|(?=[48]00))[0-9]{2,4}(?:[- ][0-9]{2,8}){1,4}(?![0-9])|(?<![0-9.,])[0-9]{2,8}(?:-[0-9]{2,8}){2,4}(?![0-9])"), _digits),
    (re.compile(rf"(?<![0-9.,])[0-9]{{7,}}(?![0-9.,]*[0-9])(?! ?(?:{_UNIT}|[万亿]))"), _digits),
    (re.compile(rf"(?P<of>百|千|万)分之(?P<n>{_NUMERAL})"), _share),
    (re.compile("百分百"), _certain),
    (re.compile(rf"[{HAN}0-9]+分之[{HAN}0-9]+"), to_the_letter),
    (re.compile(r"(?<![a-z0-9])(?P<n>i{1,3}|[一二三四五1-5]) ?类(?!似|型|别)"), _class),
    (re.compile(r"(?<![0-9.,])7 ?[x×*] ?(?=24)"), to_the_letter),
    (re.compile(r"(?<![0-9.,])[0-9]+ ?[x×*⁄/:比+] ?[0-9]+(?![0-9.年月日,])"), to_the_letter),
    (re.compile(r"(?<![0-9.,a-z-])[0-9][0-9.,]*(?: [0-9][0-9.,]*)+(?![0-9])"), to_the_letter),
    (re.compile(rf"(?:[数几](?=[{HAN}个元年月天日次笔张倍岁折])|[{HAN}0-9][{HAN}0-9.,]*[多余来几](?=[{HAN}个元年月天日次笔张倍岁]))[{HAN}]*(?:{_UNIT}|[月])?"), to_the_letter),
    (re.compile(r"(?<![0-9一二两三四五六七八九十年月个点])半个?(?P<unit>年|月|小时|天|价|数|额|日|折)"), _half),
    (re.compile("一半|减半|对折|双倍|翻倍|翻番|加倍|[一二三四五六七八九两0-9]成半"), to_the_letter),
    (re.compile(rf"(?P<sign>(?<![a-z])(?:{_SIGN})) ?(?P<n>{_NUMERAL})(?! ?(?:{_UNIT}))"), _amount),
    (re.compile(rf"(?P<th>第) ?(?P<n>{_NUMERAL}) ?(?P<unit>{_UNIT})"), _amount),
    (re.compile(rf"{_FRESH}(?P<n>{_NUMERAL})个(?P<more>半)(?P<unit>月|小时)"), _amount),
    (re.compile(rf"(?<![a-z]){_FRESH}(?P<n>{_NUMERAL})(?: ?-?(?P<unit>{_UNIT})(?P<more>半(?![价数额折天年]))?)"), _amount),
    (re.compile(r"(?<![a-z0-9])(?:[a-z]+[-+·.]?[0-9](?:[a-z0-9+.-]*[a-z0-9])?|[0-9]+(?![wk](?![a-z0-9]))[a-z][a-z0-9]*)"), to_the_letter),
    (re.compile(rf"{_FRESH}(?P<n>{_NUMERAL})"), _amount),
    (re.compile(r"\b(?:half|quarter|third|twice|thrice|double|triple|dozens?|couple|several)\b"), to_the_letter),
)  # fmt: skip
"""The forms, in the order in which they are looked for."""
