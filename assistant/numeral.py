"""Numerals as people write them: 两万五, 3.5万, 一百二, 20w, five hundred, and digits spelled out: 一三八."""

from __future__ import annotations

import re
from decimal import Decimal

_VALUES = {character: value for value, character in enumerate("零一二三四五六七八九")} | {"两": 2}
_FORMAL = str.maketrans("壹贰叁肆伍陆柒捌玖拾佰仟〇○wk", "一二三四五六七八九十百千零零万千")
_UNITS = (("亿", 10**8), ("万", 10**4), ("千", 1000), ("百", 100), ("十", 10))
_FIGURE = re.compile(r"[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?|(?!0[0-9])[0-9]+(?:\.[0-9]+)?")
_DECIMAL = re.compile("(.+)点([0-9零一二三四五六七八九]+)")
# Longer ones are nobody's numeral, and reading goes as deep as a numeral is long.
_LONGEST = 24

_HAN = "零〇一二三四五六七八九两十百千万亿点半壹贰叁肆伍陆柒捌玖拾佰仟"
NUMERAL = rf"(?:[0-9{_HAN}]|(?<=[0-9])[,.](?=[0-9])|(?<=[0-9])[wk](?![a-z]))+"

# Dates, times of day and long numbers: no quantities.
NO_QUANTITY = re.compile(
    r"(?<![0-9,.])(?:(?:19|20)[0-9]{2}([-/.])[0-9]{1,2}\1[0-9]{1,2}(?![0-9])|(?:19|20)[0-9]{2}[-/](?:0?[1-9]|1[0-2])(?![0-9])|[0-9]{1,2}:[0-9]{2})"
    r"|[0-9](?:[ -]?[0-9]){9,}[0-9x]?(?![0-9.,]|\s?(?:元|万|块))"
)

_SPELLED = str.maketrans("零〇○幺一二三四五六七八九", "0001123456789")
_SPELLED_RUN = re.compile("[零〇○幺一二三四五六七八九](?:[ -]?[零〇○幺一二三四五六七八九]){3,}")
_RUN = re.compile("(?<![0-9a-z.@])[0-9](?:[ -]{0,2}[0-9])*(?![0-9a-z@])")
# 下周三三点: the weekday is no part of the hour.
_BEFORE_UNIT = re.compile(
    "(?<![周期拜百千万亿0-9])(?:[一二三四五六七八九]?十[一二三四五六七八九]?|[零一二三四五六七八九两])(?=[号日月点时分刻天周个季])"
)


def read(text: str) -> Decimal | None:
    """The number that a whole text names, or nothing where it names none or leaves it open (三五千, 几万)."""
    return None if len(text) > _LONGEST else _read(text.translate(_FORMAL))


def _read(text: str) -> Decimal | None:
    if _FIGURE.fullmatch(text):
        return Decimal(text.replace(",", ""))
    if text in _VALUES:
        return Decimal(_VALUES[text])
    if match := _DECIMAL.fullmatch(text):
        whole = _read(match.group(1))
        return whole if whole is None or whole % 1 else whole + Decimal(f"0.{match.group(2).translate(_SPELLED)}")
    for unit, size in _UNITS:
        if unit in text:
            head, _, tail = text.partition(unit)
            return _scaled(head, tail, size)
    return None


def _scaled(head: str, tail: str, size: int) -> Decimal | None:
    left = Decimal(1) if not head and size == 10 else _read(head)
    right = _rest(tail, size)
    if not left or right is None or (tail and left % 1):
        return None
    if left >= 10 and size < 10**4 and not _FIGURE.fullmatch(head):
        return None
    return left * size + right


def _rest(tail: str, size: int) -> Decimal | None:
    """What follows a unit: 两万五 leaves out the next unit, 两万零五 does not; 2万50 could be either."""
    if not tail:
        return Decimal(0)
    if tail == "半" and size > 10:
        return Decimal(size) / 2
    value = _read(tail.lstrip("零"))
    if value is None or value >= size or value % 1:
        return None
    if len(tail) == 1 and size > 10:
        return value * size / 10
    return None if len(tail) == 2 and _FIGURE.fullmatch(tail) and size > 100 else value


def spelled(text: str) -> str:
    """The text with digits that are spelled out one by one as figures: 幺三八… is 138…"""
    return _SPELLED_RUN.sub(lambda found: found.group().translate(_SPELLED), text)


def runs(text: str) -> list[str]:
    """The runs of digits in a text, spaces and dashes within them dropped."""
    return [re.sub("[ -]", "", found) for found in _RUN.findall(text)]


def arabic(text: str) -> str:
    """The text with small Chinese numerals before units of time as figures: 十二月二十五号 is 12月25号."""
    return _BEFORE_UNIT.sub(lambda found: str(read(found.group()) or 0), text)


_ONES = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
]
_TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
_ENGLISH = {word: value for value, word in enumerate(_ONES)} | {word: 10 * value for value, word in enumerate(_TENS, 2)}
_SCALES = {"hundred": 100, "thousand": 1000, "million": 10**6}
_WORD = "|".join([*sorted(_ENGLISH, key=len, reverse=True), *_SCALES])
_ENGLISH_RUN = re.compile(rf"\b(?:[0-9]+(?:\.[0-9]+)? )?(?:{_WORD})(?:(?:[ -]| and )(?:{_WORD}))*\b")


def figures(text: str) -> str:
    """The text with English numerals as figures: five hundred is 500, 2 million is 2000000."""
    return _ENGLISH_RUN.sub(lambda found: _figure(found.group()), text)


def _figure(words: str) -> str:
    total, current = Decimal(0), Decimal(0)
    for word in re.split("[ -]", words):
        if word in _SCALES:
            current = current * _SCALES[word]
            if word != "hundred":
                total, current = total + current, Decimal(0)
        elif word != "and":
            current += Decimal(_ENGLISH[word]) if word in _ENGLISH else Decimal(word)
    return f"{total + current:f}" if total + current else words
