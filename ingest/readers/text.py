"""Plain text: headings by their numbers, list items by their marks, wrapped lines joined to paragraphs."""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path

from ingest.reader import Block
from ingest.readers.encoding import decode
from ingest.readers.outline import block_of, heading_level, is_contents_entry, is_list_item, join
from knowledge_base.text import clean

SUFFIXES = frozenset({".txt"})

_ENDS = re.compile("[。！？；：.!?;:”」』）)]$")
_FULL = 56
_MAX_FULL = 200


def read(path: Path) -> list[Block]:
    """The file's headings, list items and paragraphs."""
    lines = decode(path).splitlines()
    widest = max(map(_width, lines), default=0)
    wraps_at = 0.7 * widest if _FULL <= widest <= _MAX_FULL else float("inf")
    return [block_of(text) for text in _joined(lines, wraps_at) if text and not is_contents_entry(text)]


def _joined(lines: list[str], wraps_at: float) -> list[str]:
    """The lines, each joined to the one before where that one was wrapped: near full and not at a sentence's end."""
    texts: list[str] = []
    open_line = False
    for raw in lines:
        line = clean(raw)
        starts = raw.startswith(("\u3000", "    ", "\t")) or heading_level(line) is not None or is_list_item(line)
        if line and texts and open_line and not starts:
            texts[-1] = join(texts[-1], line)
        elif line:
            texts.append(line)
        open_line = bool(line) and _width(raw) >= wraps_at and not _ENDS.search(line) and heading_level(line) is None
    return texts


def _width(line: str) -> int:
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in line)
