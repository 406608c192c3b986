"""HTML: headings, paragraphs, lists and tables with their spans; scripts, navigation and hidden parts left out."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from selectolax.lexbor import LexborHTMLParser, LexborNode

from ingest.reader import Block, Heading, ListItem, Paragraph
from ingest.readers.encoding import decode
from ingest.readers.outline import heading_level, is_contents_entry, join_all
from ingest.readers.table import Grid, spread, table_blocks
from knowledge_base.text import clean

SUFFIXES = frozenset({".html", ".htm"})

_CHARSET = re.compile(rb"""charset\s*=\s*["']?([\w-]+)""", re.IGNORECASE)
_REMOVED = (
    "script, style, noscript, template, nav, footer, svg, iframe, object, button, select, head, "
    "[hidden], [aria-hidden=true], [role=navigation]"
)
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_HEADINGS = {"h1": 1, "h2": 2, "h3": 3, "h4": 4, "h5": 5, "h6": 6}
_UNNUMBERED = 6
_CHAPTER = re.compile(r"^(?:[0-9]{1,2}|[一二三四五六七八九十]{1,3})[.\uff0e\s]\s*(?=[^\W\d_]{2})")
_TITLE = re.compile(r"[^\s，。；：！？,;:]*[^\W\d_]{2}[^\s，。；：,;:、]*")
_AMOUNT = re.compile("[0-9]{1,3}(?:,[0-9]{3})+")  # a line of a statement that lost its table
_FIGURE = re.compile("[0-9]{3}|[日月]$")
_BREAKS = frozenset(
    re.findall(
        r"\w+",
        "address article aside blockquote body caption dd details div dl dt fieldset figcaption figure form h header hr "
        "html li main ol p pre section summary table tbody td tfoot th thead tr ul",
    )
) | frozenset(_HEADINGS)
_RUNNING = 20
_MAX_SPAN = 1000


def read(path: Path) -> list[Block]:
    """The page's blocks in reading order."""
    with path.open("rb") as file:
        declared = _CHARSET.search(file.read(4096))
    return blocks_of(decode(path, declared[1].decode("ascii") if declared else None))


def blocks_of(source: str) -> list[Block]:
    """The blocks of a piece of HTML."""
    tree = LexborHTMLParser(source)
    for node in tree.css(_REMOVED):
        if node.tag not in {"html", "body"}:
            node.decompose()
    for node in tree.css("[style]"):
        if node.tag not in {"html", "body"} and _HIDDEN.search(node.attributes.get("style") or ""):
            node.decompose()
    walk = _Walk()
    if tree.root is not None:
        walk.over(tree.root)
    return _without_running_titles(walk.blocks)


@dataclass
class _Walk:
    """A walk over the tree that gathers text until a block element begins or ends; no recursion, pages nest deep."""

    blocks: list[Block] = field(default_factory=list)
    text: list[str] = field(default_factory=list)
    open_tags: list[str] = field(default_factory=list)
    counters: list[int | None] = field(default_factory=list)
    marker: str = ""

    def over(self, root: LexborNode) -> None:
        data, stack = _data_tables(root), [(root, False)]
        while stack:
            node, leaving = stack.pop()
            tag = node.tag or ""
            if leaving:
                self._leave(tag)
            elif tag == "-text":
                self.text.append(_collapsed(node.text_content or "", keep="pre" in self.open_tags))
            elif tag == "br":
                self.text.append("\n")
            elif tag == "table" and node.mem_id in data:
                self._flush()
                self.blocks += _table(node)
            elif not tag.startswith(("-", "_", "!")):
                self._enter(node, tag)
                stack.append((node, True))
                stack += [(child, False) for child in reversed(list(node.iter(include_text=True)))]

    def _enter(self, node: LexborNode, tag: str) -> None:
        if tag in _BREAKS:
            self._flush()
        self.open_tags.append(tag)
        if tag in {"ol", "ul"}:
            start = node.attributes.get("start") or "1"
            self.counters.append(int(start) if tag == "ol" and start.isdecimal() else 1 if tag == "ol" else None)
        elif tag == "li" and self.counters and (number := self.counters[-1]) is not None:
            self.marker = f"{number}. "
            self.counters[-1] = number + 1

    def _leave(self, tag: str) -> None:
        if tag in _BREAKS:
            self._flush()
        self.open_tags.pop()
        if tag in {"ol", "ul"}:
            self.counters.pop()

    def _flush(self) -> None:
        text = clean("\n".join(line.strip() for line in "".join(self.text).split("\n") if line.strip()))
        self.text = []
        if text and not is_contents_entry(text):
            self.blocks.append(self._block(text))

    def _block(self, text: str) -> Block:
        for tag in reversed(self.open_tags):
            if tag in _HEADINGS:
                return Heading(join_all(text.split("\n")), _HEADINGS[tag])
            if tag == "h":  # converters from PDF write <h>, and put short lines of every kind into it
                return _told_heading(join_all(text.split("\n")))
            if tag == "li":
                marker, self.marker = self.marker, ""
                return ListItem(marker + text)
        return Paragraph(text)


def _told_heading(text: str) -> Heading | Paragraph:
    level = heading_level(text)
    if level is not None and len(_AMOUNT.findall(text)) < 2:
        return Heading(text, level)
    chapter = _CHAPTER.match(text)
    title = text[chapter.end() :] if chapter else text
    if len(title) > 30 or not _TITLE.fullmatch(title) or _FIGURE.search(title):
        return Paragraph(text)
    return Heading(text, 1 if chapter else _UNNUMBERED)


def _without_running_titles(blocks: list[Block]) -> list[Block]:
    """The blocks without the page headers of a converted document, which come back as headings on every page."""
    seen = Counter(block.text for block in blocks if isinstance(block, Heading))
    return [block for block in blocks if not isinstance(block, Heading) or seen[block.text] < _RUNNING]


def _collapsed(text: str, keep: bool) -> str:
    """Text with white space as a browser shows it, except that a line end between Chinese characters is no space."""
    if keep:
        return text
    lead, tail = " " if text[:1].isspace() else "", " " if text[-1:].isspace() else ""
    return lead + join_all(" ".join(line.split()) for line in text.split("\n")) + tail if text.strip() else " "


def _data_tables(root: LexborNode) -> set[int]:
    """The tables that hold data, by their `mem_id`: one that lays out a page holds tables, headings or a single cell.

    One walk for all of them; to look into each would take for ever where they stand in one another.
    """
    cells, layout, around = Counter[int](), set[int](), list[int]()
    stack: list[tuple[LexborNode, bool]] = [(root, False)]
    while stack:
        node, leaving = stack.pop()
        tag = node.tag or ""
        if leaving:
            around.pop()
            continue
        if around and (tag == "table" or tag in _HEADINGS):
            layout.add(around[-1])
        elif around and tag in {"td", "th"}:
            cells[around[-1]] += 1
        if tag == "table":
            layout |= {node.mem_id} if node.attributes.get("role") == "presentation" else set()
            around.append(node.mem_id)
            stack.append((node, True))
        stack += [(child, False) for child in node.iter()]
    return {table for table, count in cells.items() if count > 1} - layout


def _table(table: LexborNode) -> list[Block]:
    rows = table.css("tr")
    caption = table.css_first("caption")
    titles: list[Block] = [Paragraph(_cell_text(caption))] if caption is not None and _cell_text(caption) else []
    return titles + table_blocks(_grid(rows), header_rows=_header_rows(rows))


def _header_rows(rows: list[LexborNode]) -> int | None:
    """How many rows from the top are marked as header, single cells above them included; None when none is."""
    last = None
    for number, row in enumerate(rows, 1):
        tags = [cell.tag for cell in _cells(row)]
        if (row.parent is not None and row.parent.tag == "thead") or (tags and set(tags) == {"th"}):
            last = number
        elif len(tags) != 1:
            break
    return last


def _grid(rows: list[LexborNode]) -> Grid:
    return spread([[(_cell_text(c), _span(c, "rowspan"), _span(c, "colspan")) for c in _cells(row)] for row in rows])


def _cells(row: LexborNode) -> Iterator[LexborNode]:
    return (cell for cell in row.iter() if cell.tag in {"td", "th"})


def _cell_text(cell: LexborNode) -> str:
    pieces = (join_all(_collapsed(piece, keep=False).split("\n")) for piece in cell.text(separator="\n").split("\n"))
    return clean(join_all(piece for piece in pieces if piece.strip()))


def _span(cell: LexborNode, name: str) -> int:
    value = (cell.attributes.get(name) or "1").strip()
    return min(int(value), _MAX_SPAN) if value.isdecimal() and value.isascii() else 1
