"""Text as it is shown, and text as it is compared: sanitising, normal forms and script folding."""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache

from opencc import OpenCC

# Office and Chromium PDFs carry radicals in place of characters. NFKC maps U+2F3E to the traditional 戶 and leaves the
# CJK Radicals Supplement alone, so both are mended by hand before any normal form is taken.
_RADICALS = str.maketrans(
    {
        "⼾": "户",
        "⻁": "虎",
        "⻄": "西",
        "⻅": "见",
        "⻆": "角",
        "⻉": "贝",
        "⻋": "车",
        "⻓": "长",
        "⻔": "门",
        "⻘": "青",
        "⻚": "页",
        "⻛": "风",
        "⻜": "飞",
        "⻝": "食",
        "⻢": "马",
        "⻣": "骨",
        "⻤": "鬼",
        "⻥": "鱼",
        "⻦": "鸟",
        "⻨": "麦",
        "⻩": "黄",
        "⻬": "齐",
        "⻮": "齿",
        "⻰": "龙",
        "⻳": "龟",
        "⻌": "辶",
        "⺠": "民",
        "⺟": "母",
        "⻑": "長",
        "⻒": "镸",
        "⻙": "韦",
        "⻧": "卤",
        "⻪": "黾",
    }
)
_KANGXI = re.compile("[\u2f00-\u2fd5]")
_CONTROL = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u200b-\u200f\u2028-\u202e\u2060-\u2064\ufeff\U000e0000-\U000e01ef]"
)
_SURROGATE = re.compile("[\ud800-\udfff]")
# 三年 and 3年, 两年 and 2年, 二类户 and Ⅱ类户 are the same thing; 一些, 十分 and 万一 are no numbers, so a unit must follow.
_UNIT = "(?=年|个月|月|天|日|期|类|级|万|元|张|次|笔|岁|折|周|小时|分钟|个工作日)"
_NUMERAL = re.compile(
    f"(?<![零一二三四五六七八九十百千万亿两])([一二三四五六七八九]?十[一二三四五六七八九]?|[一二两三四五六七八九]){_UNIT}"
)
_ROMAN = re.compile("(?<![a-z])(i{1,3})(?=类)")
_DIGITS = "零一二三四五六七八九"
_SPACES = re.compile(r"[^\S\n]+")


def clean(text: str) -> str:
    """Text fit to store and show: no control characters, lone surrogates or radicals; wording and punctuation untouched."""
    text = _SURROGATE.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    text = _CONTROL.sub("", text).translate(_RADICALS)
    text = _KANGXI.sub(lambda found: unicodedata.normalize("NFKC", found.group()), text)
    return _SPACES.sub(" ", text).strip()


@cache
def _to_simplified() -> OpenCC:
    return OpenCC("t2s")


def simplify(text: str) -> str:
    """The form in which texts are embedded: cleaned, NFKC, simplified script."""
    return str(_to_simplified().convert(unicodedata.normalize("NFKC", clean(text))))


@lru_cache(maxsize=20_000)
def fold(text: str) -> str:
    """The form in which texts are compared: simplified, lower case, small numbers before a unit in digits."""
    folded = _ROMAN.sub(lambda found: str(len(found.group(1))), simplify(text).lower())
    return _NUMERAL.sub(lambda found: _digits(found.group(1)), folded)


def _digits(numeral: str) -> str:
    """三 -> 3, 十二 -> 12, 二十 -> 20; the numeral holds at most one 十."""
    if "十" not in numeral:
        return str(_DIGITS.index(numeral.replace("两", "二")))
    tens, _, ones = numeral.partition("十")
    return str(10 * (_DIGITS.index(tens) if tens else 1) + (_DIGITS.index(ones) if ones else 0))


_WORD = re.compile(r"\w")


def words(text: str) -> list[str]:
    """The words of a text as keyword search sees them: folded, Chinese segmented, punctuation dropped."""
    import rjieba  # loads its dictionary, which a command that reads no text need not wait for

    return [word for word in rjieba.cut(fold(text)) if _WORD.match(word)]


_LATIN_STOP = re.compile(r"(?<=[a-z)][.])\s+(?=[A-Z])")
_SENTENCE = re.compile(r"[^。！？!?；;\n]+[。！？!?；;]*[”」』）)]*")


def sentences(text: str) -> list[str]:
    """The sentences of a text, end marks kept; a full stop ends one only before a space and a capital."""
    parts = (piece for found in _SENTENCE.findall(text) for piece in _LATIN_STOP.split(found))
    return [part.strip() for part in parts if part.strip()]
