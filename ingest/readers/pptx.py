"""PowerPoint decks: each visible slide's title, texts, tables and notes; the page is the slide's number."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pptx
from pptx.enum.shapes import MSO_SHAPE_TYPE, PP_PLACEHOLDER

from ingest.reader import Block, Heading, ListItem, Paragraph
from ingest.readers.signature import require_package
from ingest.readers.table import Cell, Grid, table_blocks
from knowledge_base.text import clean

SUFFIXES = frozenset({".pptx"})

_BODIES = {PP_PLACEHOLDER.BODY, PP_PLACEHOLDER.OBJECT, PP_PLACEHOLDER.VERTICAL_BODY}
_LEFT_OUT = {PP_PLACEHOLDER.DATE, PP_PLACEHOLDER.FOOTER, PP_PLACEHOLDER.SLIDE_NUMBER, PP_PLACEHOLDER.HEADER}


def read(path: Path) -> list[Block]:
    """The deck's blocks, slide by slide."""
    require_package(path, "ppt/")
    deck = pptx.Presentation(str(path))
    blocks: list[Block] = []
    for number, slide in enumerate(deck.slides, 1):
        if slide._element.get("show") != "0":  # python-pptx has no name for a hidden slide
            blocks += _slide(slide, number)
    return blocks


def _slide(slide: Any, page: int) -> Iterator[Block]:
    title = slide.shapes.title
    title_text = " ".join(clean(title.text_frame.text.replace("\v", " ")).split("\n")) if title is not None else ""
    if title_text:
        yield Heading(title_text, 2, page)
    for shape in _shapes(slide.shapes):
        if title is None or shape.shape_id != title.shape_id:
            yield from _shape(shape, page)
    if slide.has_notes_slide and slide.notes_slide.notes_text_frame is not None:
        yield from _texts(slide.notes_slide.notes_text_frame, page, is_list=False)


def _shapes(shapes: Iterable[Any]) -> Iterator[Any]:
    """The shapes from top to bottom and left to right, those of a group in the group's place."""
    for shape in sorted(shapes, key=lambda shape: (shape.top or 0, shape.left or 0)):
        if shape.shape_type == MSO_SHAPE_TYPE.GROUP:
            yield from _shapes(shape.shapes)
        else:
            yield shape


def _shape(shape: Any, page: int) -> Iterator[Block]:
    kind = shape.placeholder_format.type if shape.is_placeholder else None
    if shape.has_table:
        grid = _grid(shape.table)
        yield from table_blocks(grid, [page] * len(grid))
    elif shape.has_text_frame and kind not in _LEFT_OUT:
        yield from _texts(shape.text_frame, page, is_list=kind in _BODIES)


def _texts(frame: Any, page: int, is_list: bool) -> Iterator[Block]:
    texts = [clean(paragraph.text.replace("\v", "\n")) for paragraph in frame.paragraphs]
    filled = [text for text in texts if text]
    for text in filled:
        yield ListItem(text, page) if is_list and len(filled) > 1 else Paragraph(text, page)


def _grid(table: Any) -> Grid:
    grid: Grid = []
    for y, row in enumerate(table.rows):
        grid.append([Cell(cell.text.replace("\v", "\n"), y, x) for x, cell in enumerate(row.cells)])
    for y, row in enumerate(table.rows):
        for x, cell in enumerate(row.cells):
            if cell.is_merge_origin:
                for down in range(y, min(y + cell.span_height, len(grid))):
                    width = len(grid[down])
                    grid[down][x : x + cell.span_width] = [grid[y][x]] * (min(x + cell.span_width, width) - x)
    return grid
