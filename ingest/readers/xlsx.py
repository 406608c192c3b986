"""Excel workbooks: an FAQ, or tables row by row under their headers, the cells as Excel shows them."""

from __future__ import annotations

import warnings
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import openpyxl

from ingest.reader import Block, Heading
from ingest.readers.faq import faq_columns, faqs
from ingest.readers.number_format import shown
from ingest.readers.signature import require_package
from ingest.readers.table import Cell, Grid, is_header, table_blocks

SUFFIXES = frozenset({".xlsx", ".xlsm"})

_MAX_WHOLE = 60 * 1024**2
_MAX_COLUMNS = 500


def read(path: Path) -> list[Block]:
    """The visible sheets' FAQ entries or rows; each sheet under a heading of its name where there are several."""
    require_package(path, "xl/")
    is_large = _is_large(path)
    with warnings.catch_warnings(), path.open("rb") as file:  # openpyxl leaves a file open that it fails to read
        warnings.simplefilter("ignore")  # it warns of charts and styles that it leaves out
        book = openpyxl.load_workbook(file, read_only=is_large, data_only=True)
        sheets = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
        read_sheets = [(sheet.title, _sheet_blocks(_grid(sheet))) for sheet in sheets]
    filled = [(title, blocks) for title, blocks in read_sheets if blocks]
    if len(sheets) < 2:
        return [block for _, blocks in filled for block in blocks]
    return [block for title, blocks in filled for block in [Heading(title, 2), *blocks]]


def _is_large(path: Path) -> bool:
    """Whether to stream the sheets, which saves memory and loses the merged cells."""
    with zipfile.ZipFile(path) as package:
        return sum(entry.file_size for entry in package.infolist()) > _MAX_WHOLE


def _grid(sheet: Any) -> Grid:
    grid: Grid = [
        [Cell(shown(c.value, c.number_format), y, x) for x, c in enumerate(row[:_MAX_COLUMNS])]
        for y, row in enumerate(sheet.iter_rows(min_row=1, min_col=1))
    ]
    merged = getattr(sheet, "merged_cells", None)  # streamed sheets have none
    for area in merged.ranges if merged is not None else ():
        top, left = area.min_row - 1, area.min_col - 1
        for y in range(top, min(area.max_row, len(grid))):
            for x in range(left, min(area.max_col, len(grid[y]))):
                grid[y][x] = grid[top][left]
    return grid


def _sheet_blocks(grid: Grid) -> list[Block]:
    for number, row in enumerate(grid[:10]):
        columns = faq_columns([cell.text for cell in row])
        if columns is not None:
            return list(faqs(columns, [[cell.text for cell in below] for below in grid[number + 1 :]]))
    return [block for region in _joined(_regions(grid)) for block in table_blocks(region)]


def _regions(grid: Grid) -> Iterator[Grid]:
    """The parts of the sheet between blank rows."""
    region: Grid = []
    for row in [*grid, []]:
        if any(cell.text for cell in row):
            region.append(row)
        elif region:
            yield region
            region = []


def _joined(regions: Iterable[Grid]) -> list[Grid]:
    """The regions, one that has the columns of the table above and no header of its own put back under it."""
    joined: list[Grid] = []
    for region in regions:
        if joined and _columns(region) == _columns(joined[-1]) and not is_header([cell.text for cell in region[0]]):
            joined[-1] += region
        else:
            joined.append(list(region))
    return joined


def _columns(grid: Grid) -> set[int]:
    return {x for row in grid for x, cell in enumerate(row) if cell.text}
