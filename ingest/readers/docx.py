"""Word documents: headings, paragraphs, numbered and plain lists, tables with merged cells."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import docx
from docx.oxml.ns import qn
from docx.table import Table
from docx.text.paragraph import Paragraph as WordParagraph

from ingest.reader import Block, Heading, ListItem, Paragraph
from ingest.readers.docx_numbers import Numbers
from ingest.readers.outline import block_of, is_contents_entry
from ingest.readers.signature import require_package
from ingest.readers.table import Cell, Grid, table_blocks
from knowledge_base.text import clean

SUFFIXES = frozenset({".docx"})

_STYLE = re.compile(r"(?:heading|标题)\s*([1-9])", re.IGNORECASE)
_TITLES = frozenset({"title", "标题"})
_MAX_STYLES = 20
_CONTENTS = re.compile(r"(?:toc|目录)\s*[0-9]", re.IGNORECASE)
_OUTSIDE = frozenset({qn("w:del"), qn("w:moveFrom"), qn("w:txbxContent")})


def read(path: Path) -> list[Block]:
    """The document's blocks in reading order, tracked insertions kept and deletions left out."""
    require_package(path, "word/")
    document = docx.Document(str(path))
    _unwrap_controls(document.element.body)
    numbering = next((part.element for part in _numbering_parts(document)), None)
    return list(_blocks(document, Numbers(numbering)))


def _numbering_parts(document: Any) -> Iterator[Any]:
    for relation in document.part.rels.values():
        if relation.reltype.endswith("/numbering") and not relation.is_external:
            yield relation.target_part


def _unwrap_controls(body: Any) -> None:
    """Puts the content of content controls, which python-docx passes over, into the body; a table of contents goes."""
    for control in list(body.iter(qn("w:sdt"))):
        parent, content = control.getparent(), control.find(qn("w:sdtContent"))
        gallery = control.find(f"{qn('w:sdtPr')}/{qn('w:docPartObj')}/{qn('w:docPartGallery')}")
        is_contents = gallery is not None and gallery.get(qn("w:val")) == "Table of Contents"
        if content is not None and not is_contents:
            for child in list(content):
                control.addprevious(child)
        parent.remove(control)


def _blocks(document: Any, numbers: Numbers) -> Iterator[Block]:
    items = list(document.iter_inner_content())
    is_styled = any(isinstance(item, WordParagraph) and _level(item) is not None for item in items)
    for item in items:
        if isinstance(item, Table):
            yield from table_blocks(_grid(item), header_rows=_header_rows(item))
        else:
            yield from _paragraph(item, numbers, is_styled)


def _paragraph(paragraph: WordParagraph, numbers: Numbers, is_styled: bool) -> Iterator[Block]:
    text = clean(_text(paragraph._p))
    if text and not is_contents_entry(text) and not _CONTENTS.match(_style_name(paragraph)):
        yield _block(paragraph, text, numbers, is_styled)
    for box in paragraph._p.iter(qn("w:txbxContent")):
        if not any(parent.tag.endswith("}Fallback") for parent in box.iterancestors()):
            yield from (Paragraph(words) for p in box.iter(qn("w:p")) if (words := clean(_text(p))))


def _block(paragraph: WordParagraph, text: str, numbers: Numbers, is_styled: bool) -> Block:
    number, level = _number(paragraph), _level(paragraph)
    marker = numbers.next(*number) if number is not None else None
    numbered = f"{marker}{text}" if marker and marker.endswith(("、", "）")) else clean(f"{marker or ''} {text}")
    if level is not None:
        return Heading(numbered, level)
    told = block_of(numbered)
    if isinstance(told, Heading):  # where headings have styles, a number alone makes none
        told = Paragraph(numbered) if is_styled or "\n" in numbered else told
    if isinstance(told, Paragraph) and (marker is not None or _style_name(paragraph).lower().startswith("list")):
        return ListItem(numbered)
    return told


def _level(paragraph: WordParagraph) -> int | None:
    """The heading level of the paragraph's style, of the styles it is based on, or of its outline level."""
    own = _outline(paragraph._p)
    if own is not None:
        return own
    for style in _styles(paragraph):
        name = style.name or ""
        if name.lower() in _TITLES:
            return 1
        if found := _STYLE.fullmatch(name):
            return int(found[1])
        if (level := _outline(style.element)) is not None:
            return level
    return None


def _outline(element: Any) -> int | None:
    node = element.find(f"{qn('w:pPr')}/{qn('w:outlineLvl')}")
    depth = int(node.get(qn("w:val"))) if node is not None else 9
    return depth + 1 if depth < 9 else None


def _styles(paragraph: WordParagraph) -> Iterator[Any]:
    """The paragraph's style and those it is based on; a damaged file may base styles on each other."""
    style: Any = paragraph.style
    for _ in range(_MAX_STYLES):
        if style is None:
            return
        yield style
        style = style.base_style


def _style_name(paragraph: WordParagraph) -> str:
    return (paragraph.style.name if paragraph.style is not None else None) or ""


def _number(paragraph: WordParagraph) -> tuple[str, int] | None:
    """The list and depth that the paragraph or its style belongs to."""
    holders: list[Any] = [paragraph._p, *(style.element for style in _styles(paragraph))]
    for holder in holders:
        node = holder.find(f"{qn('w:pPr')}/{qn('w:numPr')}")
        if node is not None:
            number, depth = node.find(qn("w:numId")), node.find(qn("w:ilvl"))
            list_id = number.get(qn("w:val")) if number is not None else "0"
            return None if list_id == "0" else (list_id, int(depth.get(qn("w:val"))) if depth is not None else 0)
    return None


def _text(element: Any) -> str:
    """The words of a paragraph or cell; deleted text and text boxes left out."""
    pieces: list[str] = []
    for node in element.iter(qn("w:t"), qn("w:tab"), qn("w:br"), qn("w:cr"), qn("w:p")):
        if any(parent.tag in _OUTSIDE for parent in _parents(node, element)):
            continue
        tag = node.tag
        if tag == qn("w:t"):
            pieces.append(node.text or "")
        elif tag == qn("w:tab"):
            pieces.append(" " if node.getparent().tag == qn("w:r") else "")
        else:
            pieces.append("\n")
    return "".join(pieces)


def _parents(node: Any, top: Any) -> Iterator[Any]:
    parent = node.getparent()
    while parent is not None and node is not top and parent is not top:
        yield parent
        parent = parent.getparent()


def _grid(table: Table) -> Grid:
    grid: Grid = []
    seen: dict[Any, Cell] = {}
    for y, row in enumerate(table.rows):
        cells = [cell._tc for cell in row.cells]
        lead = [Cell("", y, x) for x in range(row.grid_cols_before)]
        for x, cell in enumerate(cells, len(lead)):
            seen.setdefault(cell, Cell(_text(cell), y, x))
        grid.append(lead + [seen[cell] for cell in cells])
    return grid


def _header_rows(table: Table) -> int | None:
    """How many rows are marked to be repeated on each page; None when none is, and the header is to be found."""
    count = 0
    for row in table.rows:
        if row._tr.find(f"{qn('w:trPr')}/{qn('w:tblHeader')}") is None:
            break
        count += 1
    return count or None
