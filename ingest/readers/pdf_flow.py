"""The lines of a PDF made into headings, paragraphs and list items again."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from ingest.reader import Block, Heading, ListItem, Paragraph
from ingest.readers.outline import heading_level, is_contents_entry, is_list_item, is_numbered, join, without_bullet
from ingest.readers.pdf_page import Line

_PAGE_NUMBER = re.compile(r"[-–—·\s]*(?:第\s*)?[0-9]{1,4}(?:\s*页)?(?:\s*[/，,共 ]+\s*[0-9]{1,4}\s*页?)?[-–—·\s]*")
_WORD = re.compile("[!-~]+")
_MARGIN = 0.12
_REPEATS = 0.4
_MAX_TITLE = 60
_MAX_BOLD_TITLE = 40
_ENDS = tuple("。！？；：，、.!?;:,")
_BOLD_LEVEL = 6


@dataclass(frozen=True)
class Sheet:
    """What the reading of a line needs to know of its page."""

    number: int
    height: float
    left: float
    right: float
    gap: float


def sheet_of(number: int, size: tuple[float, float], lines: Sequence[Line]) -> Sheet:
    """The page's text area, told from its lines."""
    boxes = [line.box for line in lines]
    left = min((box[0] for box in boxes), default=0.0)
    right = max((box[2] for box in boxes), default=size[0])
    gaps = sorted(low[1] - up[3] for up, low in pairwise(boxes) if low[1] > up[1])
    usual = gaps[len(gaps) // 2] if gaps else 0.0
    return Sheet(number, size[1], left, max(right, 0.7 * size[0]), usual)


def running_lines(pages: Sequence[tuple[float, Sequence[Line]]]) -> frozenset[str]:
    """The headers and footers of these pages (height, lines): texts, figures aside, in the margins of most."""
    seen = Counter[str]()
    for height, lines in pages:
        seen.update({_key(line) for line in lines if is_marginal(line, height)})
    return frozenset(key for key, count in seen.items() if count >= max(3, _REPEATS * len(pages)))


def is_running(line: Line, height: float, running: frozenset[str]) -> bool:
    """Whether the line is a running header or footer or a page number."""
    return is_marginal(line, height) and (_key(line) in running or _PAGE_NUMBER.fullmatch(line.text) is not None)


def is_marginal(line: Line, height: float) -> bool:
    """Whether the line stands at the page's top or bottom."""
    return line.box[3] < _MARGIN * height or line.box[1] > (1 - _MARGIN) * height


def _key(line: Line) -> str:
    return re.sub("[ivx]+$|[0-9/—–-]+", "", re.sub(r"\s", "", line.text))


@dataclass
class Flow:
    """Takes lines one by one and keeps the blocks; a paragraph stays open until a line does not continue it."""

    body_size: float
    bookmarks: Mapping[tuple[int, str], int]
    sizes: Sequence[float]
    blocks: list[Block] = field(default_factory=list)
    last: tuple[Line, Sheet] | None = None

    def take(self, line: Line, sheet: Sheet) -> None:
        """Adds the line to the open paragraph or begins a new block with it."""
        if is_contents_entry(line.text):
            self.close()
            return
        continues = self.last is not None and self._continues(*self.last, line, sheet)
        level = None if continues and heading_level(line.text) is None else self._level(line, sheet)
        if level is not None and not (continues and self._is_full(line)):
            self.close()
            self.blocks.append(Heading(line.text, level, sheet.number))
        elif continues:
            self._extend(line)
            self.last = line, sheet
        else:
            self.blocks.append(_opened(line, sheet))
            self.last = line, sheet

    def close(self) -> None:
        """Ends the open paragraph."""
        self.last = None

    def _extend(self, line: Line) -> None:
        last = self.blocks[-1]
        if isinstance(last, Paragraph | ListItem):
            self.blocks[-1] = replace(last, text=join(last.text, line.text))

    def _is_full(self, line: Line) -> bool:
        return len(line.text) > _MAX_BOLD_TITLE

    def _continues(self, above: Line, its_sheet: Sheet, line: Line, sheet: Sheet) -> bool:
        if is_list_item(line.text) or (above.size and abs(above.size - line.size) > 0.1 * above.size):
            return False
        height = above.box[3] - above.box[1]
        word = _WORD.match(line.text)
        width = (line.box[2] - line.box[0]) * (len(word[0]) if word else 1) / len(line.text)
        if above.box[2] + width < its_sheet.right - 0.6 * height:
            return False
        if its_sheet.number != sheet.number:
            return not above.text.endswith(("。", ".", "：", ":"))
        indent = line.box[0] - above.box[0]
        hangs = is_numbered(above.text) or isinstance(self.blocks[-1], ListItem)
        near = line.box[1] - above.box[3] <= max(1.5 * sheet.gap, sheet.gap + 0.5 * height)
        return near and (hangs or indent < 1.2 * height)

    def _level(self, line: Line, sheet: Sheet) -> int | None:
        marked = self.bookmarks.get((sheet.number, "".join(line.text.split())))
        if marked is not None:
            return marked
        numbered = heading_level(line.text)
        if numbered is not None or not line.size or line.text.endswith(_ENDS) or not re.search(r"[^\W\d_]", line.text):
            return numbered
        if line.size >= 1.15 * self.body_size and len(line.text) <= _MAX_TITLE:
            return min(1 + self.sizes.index(line.size), _BOLD_LEVEL) if line.size in self.sizes else _BOLD_LEVEL
        is_title = line.is_bold and len(line.text) <= _MAX_BOLD_TITLE and line.box[2] < 0.8 * sheet.right
        return _BOLD_LEVEL if is_title else None


def _opened(line: Line, sheet: Sheet) -> Block:
    if is_list_item(line.text):
        return ListItem(without_bullet(line.text), sheet.number)
    return Paragraph(line.text, sheet.number)
