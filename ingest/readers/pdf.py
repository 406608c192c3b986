"""PDF: text by PDFium, ruled tables by pdfplumber, scanned pages by OCR; every block carries its page."""

from __future__ import annotations

import logging
import threading
from collections import Counter
from pathlib import Path

import pdfplumber
import pypdfium2 as pdfium
import pypdfium2.raw as raw

from ingest.reader import Block, Unreadable
from ingest.readers import ocr
from ingest.readers.pdf_flow import Flow, is_running, running_lines, sheet_of
from ingest.readers.pdf_page import Box, Line, Ruled, items_of
from ingest.readers.signature import require_pdf
from ingest.readers.table import Cell, Grid, table_blocks

SUFFIXES = frozenset({".pdf"})

_PDFIUM = threading.Lock()  # PDFium is not thread-safe
_MIN_TEXT = 20
_MIN_PATHS, _MAX_PATHS = 4, 5_000  # fewer rule no table, more are a drawing
_OCR_SCALE = 200 / 72
_LOG = logging.getLogger(__name__)
_Page = tuple[tuple[float, float], list[Line | Ruled]]

logging.getLogger("pdfminer").setLevel(logging.ERROR)


def read(path: Path) -> list[Block]:
    """The document's blocks; raises Unreadable for a damaged or encrypted file and for a scan without OCR."""
    require_pdf(path)
    with _PDFIUM:
        try:
            with pdfium.PdfDocument(path) as document:
                pages = _pages(document, path)
                bookmarks = _bookmarks(document)
        except pdfium.PdfiumError as error:
            raise _unreadable(error) from error
    return _blocks(pages, bookmarks)


def _unreadable(error: pdfium.PdfiumError) -> Unreadable:
    if "password" in str(error).lower():
        return Unreadable("the PDF is encrypted with a password", "remove the password and save it again")
    return Unreadable("the PDF is damaged or cut off", "copy or download it again, or print it to a new PDF")


def _pages(document: pdfium.PdfDocument, path: Path) -> list[_Page]:
    ruled = [number for number, page in enumerate(document) if _MIN_PATHS <= _paths(page) <= _MAX_PATHS]
    tables = _tables(path, ruled) if ruled else {}
    pages: list[_Page] = []
    for number, page in enumerate(document):
        items = items_of(page, tables.get(number, []))
        if _is_scan(page, items):
            items = _scanned(page, number + 1)
        pages.append((page.get_size(), items))
        page.close()
    return pages


def _paths(page: pdfium.PdfPage) -> int:
    return sum(1 for _ in page.get_objects(filter=[raw.FPDF_PAGEOBJ_PATH], max_depth=3))


def _tables(path: Path, numbers: list[int]) -> dict[int, list[Ruled]]:
    """The ruled tables of these pages; none where pdfplumber cannot read what PDFium can, and the text stays text."""
    found: dict[int, list[Ruled]] = {}
    try:
        with pdfplumber.open(path) as document:
            for number in numbers:
                page = document.pages[number]
                left, top = page.mediabox[:2]  # pdfplumber counts from the paper's origin, not from its corner
                tables = [_ruled(table.bbox, table.cells, left, top) for table in page.find_tables()]
                found[number] = [table for table in tables if len(table.edges) > 2]
                page.close()
    except Exception as error:  # pdfminer raises many kinds on damaged objects
        _LOG.warning("tables of %s are read as text from some page on: %s", path.name, type(error).__name__)
    return found


def _ruled(box: Box, cells: list[Box], left: float, top: float) -> Ruled:
    def moved(cell: Box) -> Box:
        return cell[0] - left, cell[1] - top, cell[2] - left, cell[3] - top

    return Ruled(moved(box), [moved(cell) for cell in cells])


def _is_scan(page: pdfium.PdfPage, items: list[Line | Ruled]) -> bool:
    """Whether the page shows images and its text layer is missing, or is private-use characters without meaning."""
    text = "".join(item.text if isinstance(item, Line) else "".join(item.texts) for item in items)
    unreadable = sum("\ue000" <= character <= "\uf8ff" or character == "\ufffd" for character in text)
    if len("".join(text.split())) >= _MIN_TEXT:
        return unreadable > 0.3 * len(text)
    return any(True for _ in page.get_objects(filter=[raw.FPDF_PAGEOBJ_IMAGE], max_depth=3))


def _scanned(page: pdfium.PdfPage, number: int) -> list[Line | Ruled]:
    image = page.render(scale=_OCR_SCALE).to_pil()
    points = 1 / _OCR_SCALE
    return [
        Line(
            seen.text,
            (seen.left * points, seen.top * points, seen.right * points, seen.bottom * points),
            size=0.0,
            is_bold=False,
        )
        for seen in ocr.lines_of(image, number)
    ]


def _bookmarks(document: pdfium.PdfDocument) -> dict[tuple[int, str], int]:
    """The level of each bookmark, by its page and its title without white space."""
    levels: dict[tuple[int, str], int] = {}
    for mark in document.get_toc():
        target = mark.get_dest()
        number = target.get_index() if target else None
        if number is not None:
            levels[number + 1, "".join(mark.get_title().split())] = mark.level + 1
    return levels


def _blocks(pages: list[_Page], bookmarks: dict[tuple[int, str], int]) -> list[Block]:
    lines = [(size[1], [item for item in items if isinstance(item, Line)]) for size, items in pages]
    running = running_lines(lines)
    sizes = Counter[float]()
    for _, page_lines in lines:
        sizes.update({line.size: 0 for line in page_lines})
        for line in page_lines:
            sizes[line.size] += len(line.text)
    body = sizes.most_common(1)[0][0] if sizes else 0.0
    flow = Flow(body, bookmarks, sorted((size for size in sizes if size >= 1.15 * body), reverse=True)[:3])
    table: _Open | None = None
    for number, (size, items) in enumerate(pages, 1):
        kept = [item for item in items if isinstance(item, Ruled) or not is_running(item, size[1], running)]
        sheet = sheet_of(number, size, [item for item in kept if isinstance(item, Line)])
        for place, item in enumerate(kept):
            if isinstance(item, Line):
                _flush(table, flow)
                table = None
                flow.take(item, sheet)
            elif table is not None and place == 0 and table.goes_on(item):
                table.add(item, number)
            else:
                _flush(table, flow)
                flow.close()
                table = _Open(item.edges)
                table.add(item, number)
    _flush(table, flow)
    return flow.blocks


class _Open:
    """A table that may go on at the top of the next page."""

    def __init__(self, edges: list[float]) -> None:
        self.edges = edges
        self.grid: Grid = []
        self.pages: list[int | None] = []

    def goes_on(self, table: Ruled) -> bool:
        """Whether the table, first on its page, has the same number of columns."""
        return len(table.edges) == len(self.edges)

    def add(self, table: Ruled, page: int) -> None:
        """Puts the table's rows under those before."""
        rows, below = table.grid(), len(self.grid)
        self.grid += [[Cell(cell.text, cell.row + below, cell.column) for cell in row] for row in rows]
        self.pages += [page] * len(rows)


def _flush(table: _Open | None, flow: Flow) -> None:
    if table is not None:
        flow.close()
        flow.blocks += table_blocks(table.grid, table.pages)
