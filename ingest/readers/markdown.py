"""Markdown: headings, paragraphs, lists and tables; front matter is left out, HTML inside goes to the HTML reader."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import frontmatter
from markdown_it import MarkdownIt
from markdown_it.token import Token

from ingest.reader import Block, Heading, ListItem, Paragraph
from ingest.readers import html
from ingest.readers.encoding import decode
from ingest.readers.outline import join_all
from ingest.readers.table import plain, table_blocks
from knowledge_base.text import clean

SUFFIXES = frozenset({".md", ".markdown"})


def read(path: Path) -> list[Block]:
    """The file's blocks below its front matter."""
    tokens = MarkdownIt("commonmark").enable(["table", "strikethrough"]).parse(_body(decode(path)))
    return list(_blocks(iter(tokens)))


def _body(text: str) -> str:
    handler = frontmatter.default_handlers.YAMLHandler()
    if not handler.detect(text):
        return text
    try:
        return handler.split(text)[1]
    except ValueError:  # a rule of dashes at the top, no front matter
        return text


@dataclass
class _Place:
    """Where in the document a text stands: under a heading's mark, or in how many lists and after which number."""

    level: int = 0
    lists: int = 0
    marker: str = ""

    def pass_mark(self, token: Token) -> None:
        """Takes account of an opening or closing token."""
        match token.type:
            case "heading_open":
                self.level = int(token.tag[1:])
            case "heading_close":
                self.level = 0
            case "bullet_list_open" | "ordered_list_open":
                self.lists += 1
            case "bullet_list_close" | "ordered_list_close":
                self.lists -= 1
            case "list_item_open":
                self.marker = f"{token.info}{token.markup} " if token.info else ""


def _blocks(tokens: Iterator[Token]) -> Iterator[Block]:
    place = _Place()
    for token in tokens:
        match token.type:
            case "table_open":
                yield from _table(tokens)
            case "html_block":
                yield from html.blocks_of(token.content)
            case "inline" | "fence" | "code_block":
                text = _inline(token) if token.type == "inline" else clean(token.content)
                yield from filter(None, [_block(text, place)])
                place.marker = ""
            case _:
                place.pass_mark(token)


def _block(text: str, place: _Place) -> Block | None:
    if not text:
        return None
    if place.level:
        return Heading(text, place.level)
    return ListItem(place.marker + text) if place.lists else Paragraph(text)


def _table(tokens: Iterator[Token]) -> list[Block]:
    rows: list[list[str]] = []
    for token in tokens:
        if token.type == "table_close":
            break
        if token.type == "tr_open":
            rows.append([])
        elif token.type == "inline":
            rows[-1].append(_inline(token))
    return table_blocks(plain(rows), header_rows=1)


def _inline(token: Token) -> str:
    """The words of an inline token, wrapped lines joined, hard breaks and <br> kept as line ends."""
    lines, pieces = [], [""]
    for child in token.children or []:
        match child.type:
            case "text" | "code_inline" | "image":
                pieces[-1] += child.content
            case "softbreak":
                pieces.append("")
            case "hardbreak":
                lines.append(join_all(pieces))
                pieces = [""]
            case "html_inline" if child.content.lower().startswith("<br"):
                lines.append(join_all(pieces))
                pieces = [""]
    return clean("\n".join([*lines, join_all(pieces)]))
