"""The numbers that Word draws before headings and list items, which stand nowhere in the text."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import Any

from docx.oxml.ns import qn

_DIGITS = "零一二三四五六七八九"
_CHINESE = {
    "chineseCounting",
    "chineseCountingThousand",
    "japaneseCounting",
    "taiwaneseCountingThousand",
    "ideographDigital",
    "ideographTraditional",
}


class Numbers:
    """Counts the numbered paragraphs of one document, in reading order."""

    def __init__(self, numbering: Any | None) -> None:
        self._levels: dict[str, dict[int, Any]] = {}
        self._counts: dict[str, defaultdict[int, int]] = {}
        if numbering is None:
            return
        abstract = {node.get(qn("w:abstractNumId")): node for node in numbering.findall(qn("w:abstractNum"))}
        for number in numbering.findall(qn("w:num")):
            link = number.find(qn("w:abstractNumId"))
            definition = abstract.get(link.get(qn("w:val"))) if link is not None else None
            if definition is not None:
                levels = {int(level.get(qn("w:ilvl"))): level for level in definition.findall(qn("w:lvl"))}
                self._levels[number.get(qn("w:numId"))] = levels

    def next(self, number_id: str, depth: int) -> str | None:
        """The marker of the next paragraph of this list, empty for a bullet; None when the list is not defined."""
        levels = self._levels.get(number_id)
        if levels is None or depth not in levels:
            return None
        counts = self._counts.setdefault(number_id, defaultdict(int))
        counts[depth] = counts[depth] + 1 if counts[depth] else _start(levels[depth])
        for deeper in [level for level in counts if level > depth]:
            del counts[deeper]
        if _value(levels[depth], "w:numFmt") in {"bullet", "none"}:
            return ""
        template = _value(levels[depth], "w:lvlText") or ""
        return re.sub("%([1-9])", lambda found: self._figure(levels, counts, int(found[1]) - 1), template)

    def _figure(self, levels: dict[int, Any], counts: dict[int, int], level: int) -> str:
        if level not in levels:
            return ""
        return _written(counts[level] or _start(levels[level]), _value(levels[level], "w:numFmt") or "decimal")


def _value(level: Any, name: str) -> str | None:
    node = level.find(qn(name))
    return None if node is None else node.get(qn("w:val"))


def _start(level: Any) -> int:
    return int(_value(level, "w:start") or 1)


def _written(number: int, form: str) -> str:
    if form in _CHINESE and 0 < number < 100:
        tens, ones = divmod(number, 10)
        return ("" if tens < 2 else _DIGITS[tens]) + ("十" if tens else "") + (_DIGITS[ones] if ones else "")
    if form in {"lowerLetter", "upperLetter"} and 0 < number <= 26:
        return chr(ord("a" if form == "lowerLetter" else "A") + number - 1)
    if form.startswith("decimalEnclosedCircle") and 0 < number <= 20:
        return chr(ord("①") + number - 1)
    return str(number)
