"""How a Chinese document shows its structure in plain lines: numbered headings, list markers, wrapped lines."""

from __future__ import annotations

import re
from collections.abc import Iterable

from ingest.reader import Block, Heading, ListItem, Paragraph

_NUMERAL = "一二三四五六七八九十百零〇"
_LEVELS = (
    (re.compile(f"^第[{_NUMERAL}0-9\uff10-\uff19]+[编篇章部](?:分)?(?![的中内])"), 1),
    (re.compile(f"^附(?:件|录|表)[{_NUMERAL}0-9\uff10-\uff19]*(?:[：:、\\s]|$)"), 1),
    (re.compile(f"^第[{_NUMERAL}0-9\uff10-\uff19]+节(?![的中内])"), 2),
    (re.compile(f"^[{_NUMERAL}]{{1,3}}[、\uff0e.]"), 3),
    (re.compile(f"^[（(][{_NUMERAL}]{{1,3}}[）)]"), 4),
)
_DECIMAL = re.compile(r"^([0-9]{1,2}(?:\.[0-9]{1,2}){1,4})\.?(\s*)(\S)")
_UNITS = frozenset("万亿千百元角分%％‰倍个年月日天米次户家人点折港美欧至-~～—/")
_LIST_MARK = re.compile(r"^(?:[•·●○■▪◆◇★➢✓\u2217*–—-]\s*(?=[^\s0-9])|[0-9]{1,2}[、）)]\s*(?=\D)|[（(][0-9]{1,2}[）)]"
                        r"|[0-9]{1,2}[.\uff0e]\s*(?=[^0-9\s])|[①-⑳])")  # fmt: skip
_BULLET = re.compile(r"^[•·●○■▪◆◇★➢✓\u2217*–—-]\s*")
_LEADERS = re.compile(r"(?:\s?[.…·\uff0e]){5,}\s*[0-9ivxIVX]*\s*$")
_SENTENCE = re.compile("[。！？；;!?]")
_MAX_HEADING = 40


def heading_level(line: str) -> int | None:
    """The level of a numbered heading (第一章 1, 第一节 2, 一、 3, （一） 4; 1.1 2, 1.1.1 3), else None."""
    if len(line) > _MAX_HEADING or _SENTENCE.search(line) or line.endswith(("，", ",", "：", ":", "、", ".")):
        return None
    for pattern, level in _LEVELS:
        if found := pattern.match(line):
            return level if len(line) > found.end() or level == 1 else None
    decimal = _DECIMAL.match(line)
    if decimal is None or decimal[3].isdigit():
        return None
    if decimal[1].count(".") == 1 and not decimal[2] and decimal[3] in _UNITS:  # 3.5万元 is an amount
        return None
    return decimal[1].count(".") + 1 if re.search(r"[^\W\d_]", decimal[3]) else None


def is_list_item(line: str) -> bool:
    """Whether the line starts with a bullet or an item number."""
    return _LIST_MARK.match(line) is not None


def rank(text: str) -> int | None:
    """How deep the number at the text's start goes, as `heading_level` counts, whatever follows it; None without one."""
    return next((level for pattern, level in _LEVELS if pattern.match(text)), None)


def is_numbered(line: str) -> bool:
    """Whether the line starts with a number of any kind, so that its next lines may hang under its first word."""
    return is_list_item(line) or rank(line) is not None


def without_bullet(line: str) -> str:
    """The line without its bullet; a number is kept."""
    return _BULLET.sub("", line)


def is_contents_entry(line: str) -> bool:
    """Whether the line is an entry of a table of contents: a title, leader dots, a page number."""
    return _LEADERS.search(line) is not None


def block_of(line: str, page: int | None = None) -> Block:
    """A line by itself as heading, list item or paragraph, told by its number."""
    level = heading_level(line)
    if level is not None:
        return Heading(line, level, page)
    return ListItem(without_bullet(line), page) if is_list_item(line) else Paragraph(line, page)


def join(first: str, second: str) -> str:
    """Two pieces of one text: a space between Latin words, none beside a Chinese character."""
    first, second = first.rstrip(), second.lstrip()
    if not first or not second:
        return first + second
    if first[-1] == "-" and first[-2:-1].isalpha() and second[0].islower():
        return first[:-1] + second
    is_latin = ord(first[-1]) < 0x2000 and ord(second[0]) < 0x2000
    return f"{first} {second}" if is_latin else first + second


def join_all(pieces: Iterable[str]) -> str:
    """All pieces of one text, joined as `join` does."""
    text = ""
    for piece in pieces:
        text = join(text, piece)
    return text
