"""One PDF page taken apart: its lines with their places and type, and its ruled tables as grids."""

from __future__ import annotations

import ctypes
import math
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise

import pypdfium2 as pdfium
import pypdfium2.raw as raw

from ingest.readers.table import Cell, Grid
from knowledge_base.text import clean

Box = tuple[float, float, float, float]  # left, top, right, bottom in points, from the page's top left as displayed
_BOLD = 600
_SNAP = 3.0
_MAX_CUTS = 3
_WRAPPED_FIGURE = re.compile(r"(?<=[0-9/,.])\s*\n\s*(?=[0-9.,])")
_LINE_ENDS = (10, 13)
_HYPHENS = (2, 0xFFFE)  # PDFium's marks for a hyphen at a line's end


@dataclass(frozen=True)
class Line:
    """One line of text; `size` is 0 where the type is unknown (OCR)."""

    text: str
    box: Box
    size: float
    is_bold: bool


@dataclass(eq=False)
class Ruled:
    """One ruled table: the boxes of its cells, and the text that falls into each."""

    box: Box
    cells: list[Box]
    texts: list[str] = field(default_factory=list)
    cuts: int = 0

    def __post_init__(self) -> None:
        self.texts = [""] * len(self.cells)

    def cell_at(self, x: float, y: float) -> int | None:
        """The number of the cell at a point."""
        return next((number for number, cell in enumerate(self.cells) if _holds(cell, x, y)), None)

    @property
    def edges(self) -> list[float]:
        """Where the columns begin and end, from the left."""
        return _snapped(edge for cell in self.cells for edge in (cell[0], cell[2]))

    def grid(self) -> Grid:
        """The cells as a grid, each repeated in every place that it covers."""
        columns, rows = _middles(self.edges), _middles(_snapped(y for cell in self.cells for y in (cell[1], cell[3])))
        starts: dict[int, tuple[int, int]] = {}
        grid: Grid = []
        for r, y in enumerate(rows):
            grid.append([])
            for c, x in enumerate(columns):
                number = self.cell_at(x, y)
                row, column = (r, c) if number is None else starts.setdefault(number, (r, c))
                grid[r].append(Cell("" if number is None else _WRAPPED_FIGURE.sub("", self.texts[number]), row, column))
        return grid


def items_of(page: pdfium.PdfPage, tables: list[Ruled]) -> list[Line | Ruled]:
    """The page's lines and tables in reading order; the text of a table goes into its cells and not into lines.

    Rules that cut through words draw something else than a table, and what they hold is text.
    """
    items = _items(page, tables)
    sound = [table for table in tables if table.cuts < _MAX_CUTS]
    if len(sound) == len(tables):
        return items
    return items_of(page, [Ruled(table.box, table.cells) for table in sound])


def _items(page: pdfium.PdfPage, tables: list[Ruled]) -> list[Line | Ruled]:
    text, place = page.get_textpage(), _placer(page)
    sorting = _Sorting(text, tables)
    for index in range(text.count_chars()):
        code = raw.FPDFText_GetUnicode(text, index)
        character = "-" if code in _HYPHENS else chr(code)
        box = None if character.isspace() else place(_char_box(text, index))
        sorting.take(index, "\n" if code in _LINE_ENDS else character, box)
    sorting.end_line()
    text.close()
    return sorting.items


@dataclass
class _Sorting:
    """Takes the page's characters one by one and puts each into a line or a table's cell."""

    text: pdfium.PdfTextPage
    tables: list[Ruled]
    items: list[Line | Ruled] = field(default_factory=list)
    run: list[tuple[int, str, Box | None]] = field(default_factory=list)
    inside: tuple[Ruled, int] | None = None
    before: Box | None = None

    def take(self, index: int, character: str, box: Box | None) -> None:
        """Puts the character where its box lies, or where the one before it went if it has none."""
        if box is not None:
            self._move(box)
        self.before = box
        if self.inside is not None:
            table, number = self.inside
            table.texts[number] += character
        elif character == "\n":
            self.end_line()
        else:
            self.run.append((index, character, box))

    def end_line(self) -> None:
        """Makes a line of the characters gathered outside tables."""
        self.items += _line(self.text, self.run)
        self.run = []

    def _move(self, box: Box) -> None:
        now = _cell_of(self.tables, box)
        if now == self.inside:
            return
        if _touches(self.before, box):
            _cut(now, self.inside)
        if now is None or self.inside is None:
            self.end_line()
        if now is not None:
            now[0].texts[now[1]] += "\n"
            if not any(item is now[0] for item in self.items):
                self.items.append(now[0])
        self.inside = now


def _touches(before: Box | None, box: Box) -> bool:
    """Whether a character follows the one before it without a gap, as within a word."""
    return before is not None and abs(box[0] - before[2]) < 0.15 * (box[3] - box[1]) and abs(box[3] - before[3]) < 2


def _cut(*places: tuple[Ruled, int] | None) -> None:
    for table in {id(place[0]): place[0] for place in places if place is not None}.values():
        table.cuts += 1


def _cell_of(tables: list[Ruled], box: Box) -> tuple[Ruled, int] | None:
    x, y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
    for table in tables:
        if _holds(table.box, x, y) and (number := table.cell_at(x, y)) is not None:
            return table, number
    return None


def _line(text: pdfium.PdfTextPage, run: list[tuple[int, str, Box | None]]) -> Iterator[Line]:
    boxes = [box for _, _, box in run if box is not None]
    words = clean("".join(character for _, character, _ in run))
    if words and boxes:
        first = next(index for index, _, box in run if box is not None)
        left, right = min(box[0] for box in boxes), max(box[2] for box in boxes)
        outline = (left, min(box[1] for box in boxes), right, max(box[3] for box in boxes))
        last = next(index for index, _, box in reversed(run) if box is not None)
        bold = all(raw.FPDFText_GetFontWeight(text, index) >= _BOLD for index in (first, last))
        yield Line(words, outline, _type_size(text, first), bold)


def _type_size(text: pdfium.PdfTextPage, index: int) -> float:
    matrix = raw.FS_MATRIX()
    scale = 1.0
    if raw.FPDFText_GetMatrix(text, index, matrix):
        scale = math.hypot(matrix.b, matrix.d) or 1.0
    return float(round(raw.FPDFText_GetFontSize(text, index) * scale, 1))


def _char_box(text: pdfium.PdfTextPage, index: int) -> Box:
    rect = raw.FS_RECTF()
    raw.FPDFText_GetLooseCharBox(text, index, ctypes.byref(rect))
    return rect.left, rect.top, rect.right, rect.bottom


def _placer(page: pdfium.PdfPage) -> Callable[[Box], Box]:
    """How a box of the page's own space (y upwards, unturned) lies on the page as displayed."""
    x0, y0, x1, y1 = page.get_mediabox()
    turn = page.get_rotation()

    def place(box: Box) -> Box:
        left, top, right, bottom = box
        match turn:
            case 90:
                return bottom - y0, left - x0, top - y0, right - x0
            case 180:
                return x1 - right, bottom - y0, x1 - left, top - y0
            case 270:
                return y1 - top, x1 - right, y1 - bottom, x1 - left
            case _:
                return left - x0, y1 - top, right - x0, y1 - bottom

    return place


def _holds(box: Box, x: float, y: float) -> bool:
    return box[0] <= x <= box[2] and box[1] <= y <= box[3]


def _snapped(edges: Iterator[float]) -> list[float]:
    """The edges in order, those that all but coincide taken as one."""
    kept: list[float] = []
    for edge in sorted(edges):
        if not kept or edge - kept[-1] > _SNAP:
            kept.append(edge)
    return kept


def _middles(edges: list[float]) -> list[float]:
    return [(low + high) / 2 for low, high in pairwise(edges)]
