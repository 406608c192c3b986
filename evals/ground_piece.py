"""A text in pieces: clauses and cells, each with its figures, its words as pairs of characters, and whether it denies."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise

from assistant import quantity
from assistant.quantity import Quantity

_ALIKE = [
    (re.compile(one), other)
    for one, other in (
        ("第一年|第1年|头一年|头年", "首年"),
        ("第二年|第2年|下一年", "次年"),
        ("第一笔|第1笔|头一笔", "首笔"),
        ("马上|立刻|即刻", "立即"),
        ("副卡", "附属卡"),
        ("下一?个?交易日", "下一交易日"),
    )
]
_RUN = re.compile("[a-z0-9]+|[\u3400-\u9fff]+")
_COMMON = re.compile(
    "[的了是在和与及或就也还都而被把由于从对向给用按以为之其该这那您我你们请吧呢吗嘛啊哦呀]|可以|一个|如果|的话|以后|需要|进行|本行|云杉"
)
_BOUND = re.compile("不(?:能|得)?(?:超过|低于|少于|满|足|到|限|高于|多于|同)|未(?:满|达)|无(?:需|须|障碍|固定期限)")
_FREE = re.compile("免(?:费|收|掉|交|年费)?|不(?:收|要钱|用交|计收|收取)(?:费|钱|取)?|(?:0元|零费用)")
_DENIAL = re.compile("不(?!断|管|仅|但|过|同)|未|没|无|非(?!柜|绑|同|交|固|法|工)|勿|禁止|[办取赎用做]不了|谢绝|拒绝")
_STANDS_APART = re.compile("不是|并非|并不|而非")


@dataclass(frozen=True)
class Piece:
    """One clause or cell. `words` and `figures` are its own, `around` the words of its heading, its row or its sentence, `above` the
    figures of its heading and of its row's name; `denies` and `free` are what it says.
    """

    text: str
    words: frozenset[str]
    around: frozenset[str]
    figures: tuple[Quantity, ...]
    above: tuple[Quantity, ...]
    denies: bool
    free: bool

    @property
    def denied(self) -> frozenset[str]:
        """What stands behind the denial."""
        found = _DENIAL.search(_BOUND.sub(" ", self.text))
        return words(_BOUND.sub(" ", self.text)[found.end() :]) if found else frozenset()


def words(text: str) -> frozenset[str]:
    """What a plain text is about: pairs of Chinese characters, and runs of others; no figures, denials or small words."""
    bare = list(text)
    for figure in quantity.read(text):
        bare[figure.start : figure.end] = " " * (figure.end - figure.start)
    rest = "".join(bare)
    for pattern in (_BOUND, _STANDS_APART, _DENIAL, _COMMON):
        rest = pattern.sub(" ", rest)
    found: set[str] = set()
    for run in _RUN.findall(rest):
        found |= {run} if run.isascii() else {one + other for one, other in pairwise(run)}
    return frozenset(found)


def denies(text: str) -> bool:
    """Whether a plain clause says that something is not so; bounds and what is free of charge deny nothing."""
    rest = _FREE.sub(" ", _BOUND.sub(" ", text))
    return len(_DENIAL.findall(rest)) % 2 == 1


def pieces(text: str, heading: str = "") -> Iterator[Piece]:
    """The pieces of a text; each line, or row, is one context."""
    above = _Context().with_(plain(heading))
    for line in plain(text).splitlines():
        yield from _of_line(line, above)


def plain(text: str) -> str:
    """The text as figures are read in it, words that mean the same written as one."""
    found = quantity.plain(text)
    for one, other in _ALIKE:
        found = one.sub(other, found)
    return found


@dataclass(frozen=True)
class _Context:
    """What stands around a piece."""

    words: frozenset[str] = frozenset()
    figures: tuple[Quantity, ...] = ()

    def with_(self, text: str) -> _Context:
        return _Context(self.words | words(text), (*self.figures, *quantity.read(text)))


def _of_line(line: str, above: _Context) -> Iterator[Piece]:
    """A row's first cell is around all others; in prose a sentence is around the next."""
    is_row = line.count(":") > 1 and ";" in line
    around = above
    for part in re.split(r"(?<=;)" if is_row else "(?<=[。!?;])", line):
        within = around
        for text in _cut(part):
            yield _piece(text, within)
            within = replace(within, words=within.words | words(text))
        if not is_row:
            around = replace(above, words=above.words | words(part))
        elif around is above:
            around = above.with_(part)


def _piece(text: str, within: _Context) -> Piece:
    figures = tuple(quantity.read(text))
    return Piece(text, words(text), within.words, figures, within.figures, denies(text), bool(_FREE.search(text)))


def _cut(text: str) -> Iterator[str]:
    """Clauses; a figure is cut in no two."""
    for one in re.split(r"(?<=[。!?;、\n])|(?<=[,])(?![0-9])", text):
        if one.strip():
            yield one.strip()
