"""What a model writes around its words: the marks of its citations, emphasis, links, images, HTML."""

from __future__ import annotations

import re
from dataclasses import dataclass

from assistant.sentence_cut import MARK
from knowledge_base.text import clean

_MARK = re.compile(rf"[ \t]*{MARK}")
_NUMBER = re.compile("[0-9]+")
_LINK = re.compile(r"\[([^\]\n]*)\]\s?[(（]\s?<?([^)）\s>]*)[^)）\n]*[)）]")
_FORBIDDEN = re.compile(
    r"!\[|</?[a-zA-Z!][^>]*>?|&#?[a-zA-Z0-9]{1,10};|javascript:|data:[a-z]+/|\[[^\]\n]{1,40}\]:|^\s*\[[^\]\n]{1,40}\]\[|\\[0-9]|\$\$|\x1b",
    re.IGNORECASE | re.MULTILINE,
)
_TOKEN = re.compile("<[A-Z]+_[0-9]+>")
_HEADING = re.compile(r"^\s{0,3}#{1,6} +|^\s*>+ ?", re.MULTILINE)
_EMPHASIS = re.compile(
    r"\*{1,3}(?=\S)|(?<=\S)\*{1,3}|~~|`+|(?<![\w/.-])_{1,2}(?=\S)|(?<=[^\s_/.-])_{1,2}(?![\w/.-])|__"
)
_BULLET = re.compile(r"^(\s*)[*•·▪●] +")
# Characters that show nothing, or turn the direction of writing, and so may take a figure apart unseen.
_UNSEEN = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2061-\u2064\u2066-\u206f\u3164\ufe00-\ufe0f\uffa0\ufff9-\ufffb\U000e0000-\U000e0fff]|[\u0300-\u036f\u20d0-\u20f0]"
)


@dataclass(frozen=True)
class Undressed:
    """A sentence without its marks and its markup: `before` and `behind` are the spaces around its words.

    `numbers` are those of its marks, as they stand; `links` the addresses that its words led to; `forbidden` that it has markup which
    no answer has.
    """

    words: str
    before: str
    behind: str
    numbers: tuple[int, ...]
    links: tuple[str, ...]
    forbidden: bool


def undressed(sentence: str) -> Undressed:
    """The sentence as its reader would read it."""
    forbidden = bool(_FORBIDDEN.search(_TOKEN.sub("", sentence)) or _UNSEEN.search(sentence))
    numbers = [int(number) for mark in _MARK.findall(sentence) for number in _NUMBER.findall(clean_digits(mark))]
    text = _MARK.sub("", sentence)
    links = tuple(match.group(2) for match in _LINK.finditer(text))
    text = _BULLET.sub(r"\1- ", _HEADING.sub("", _LINK.sub(r"\1", text)))
    text = _EMPHASIS.sub("", text)
    words = clean(text)
    lead = text[: len(text) - len(text.lstrip())]
    tail = text[len(text.rstrip()) :] if text.strip() else ""
    return Undressed(words, lead, tail, tuple(dict.fromkeys(numbers)), links, forbidden)


def clean_digits(mark: str) -> str:
    """The mark with narrow digits, without the name of a source's part behind †."""
    narrow = mark.translate({0xFF10 + digit: str(digit) for digit in range(10)})
    return narrow.partition("†")[0]
