"""Blocks to passages: the document's own structure decides where one ends."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from ingest.reader import Block, Faq, Heading, ListItem, Paragraph, Row, Unreadable
from knowledge_base.passage import UNIT_HEADER, Document, Kind, Passage
from knowledge_base.text import sentences

VERSION = 5
"""Counts changes to reading and splitting that make passages differ; documents of another version are read again."""

MAX_CHARACTERS = 450
_LONGEST_UNIT_LINE = 40
_UNIT_LINE = re.compile("单位[:：]|^[（(]?(?:除.{0,12}外[,，])?(?:人民币)?(?:百万|千|万|亿)?元")
_UNIT_WORD = re.compile("^单位[:：] ?")
_AMOUNT = re.compile(r"-?[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?|[(][0-9,.]+[)]")
_MIN_UNIT = 10
_MAX_ROW_UNIT = 240


@dataclass
class _Section:
    """The headings above the present block, the text that has gathered under them, and the unit told for their tables."""

    headings: list[tuple[int, str]] = field(default_factory=list)
    blocks: list[Paragraph | ListItem] = field(default_factory=list)
    unit: str = ""

    @property
    def path(self) -> str:
        return " > ".join(text for _level, text in self.headings)

    def enter(self, heading: Heading) -> None:
        self.headings = [item for item in self.headings if item[0] < heading.level] + [(heading.level, heading.text)]
        self.unit = ""


def split(document: Document, revision: str, blocks: Sequence[Block]) -> list[Passage]:
    """The passages of a document in reading order: a section's text, a table's row, or a question with its answer."""
    drafts = enumerate(_drafts(document, blocks))
    return [replace(draft, id=f"{document.id}.{revision}.{number}", number=number) for number, draft in drafts]


def context(document: Document, passage: Passage) -> str:
    """What an embedded unit is read with: the document's title and the nearest heading; a question stands alone."""
    if passage.kind is Kind.FAQ:
        return ""
    heading = passage.section.rpartition(" > ")[2]
    return document.title if not heading or heading in document.title else f"{document.title} {heading}"


def _drafts(document: Document, blocks: Sequence[Block]) -> Iterator[Passage]:
    """The passages, not yet numbered."""
    section = _Section()
    for block in blocks:
        match block:
            case Heading():
                yield from _flush(document, section)
                if block.text != document.title:
                    section.enter(block)
            case Paragraph() | ListItem():
                section.blocks.append(block)
                if len(block.text) <= _LONGEST_UNIT_LINE and _UNIT_LINE.search(block.text):
                    section.unit = block.text
            case Row():
                yield from _flush(document, section)
                yield from _row(document, section, block)
            case Faq():
                yield from _flush(document, section)
                yield _faq(document, block)
    yield from _flush(document, section)


def _flush(document: Document, section: _Section) -> Iterator[Passage]:
    for group in _groups(section.blocks):
        text = "\n".join(block.text for block in group)
        units = tuple(_units(block.text for block in group))
        if units:
            yield Passage("", document.id, 0, Kind.TEXT, text, units, section.path, group[0].page)
    section.blocks = []


def _groups(blocks: Iterable[Paragraph | ListItem]) -> Iterator[list[Paragraph | ListItem]]:
    """Blocks that make one passage together; a block that is too long by itself is cut between sentences."""
    group: list[Paragraph | ListItem] = []
    length = 0
    for block in (part for whole in blocks for part in _parts(whole)):
        if group and length + len(block.text) > MAX_CHARACTERS:
            yield group
            group, length = [], 0
        group.append(block)
        length += len(block.text)
    if group:
        yield group


def _parts(block: Paragraph | ListItem) -> Iterator[Paragraph | ListItem]:
    if len(block.text) <= MAX_CHARACTERS:
        yield block
        return
    text = ""
    for sentence in (piece for whole in sentences(block.text) for piece in _pieces(whole)):
        if text and len(text) + len(sentence) > MAX_CHARACTERS:
            yield Paragraph(text, block.page)
            text = ""
        text += sentence
    if text:
        yield Paragraph(text, block.page)


def _pieces(sentence: str) -> Iterator[str]:
    for start in range(0, len(sentence), MAX_CHARACTERS):
        yield sentence[start : start + MAX_CHARACTERS]


def _units(texts: Iterable[str]) -> Iterator[str]:
    """Sentences, a very short one joined to the next."""
    for text in texts:
        held = ""
        for sentence in sentences(text):
            held += sentence
            if len(held) >= _MIN_UNIT:
                yield held
                held = ""
        if held:
            yield held


def _row(document: Document, section: _Section, row: Row) -> Iterator[Passage]:
    cells = tuple((header, cell) for header, cell in zip(row.headers, row.cells, strict=False) if cell)
    if section.unit and any(_AMOUNT.fullmatch(cell) for _header, cell in cells):
        cells += ((UNIT_HEADER, _UNIT_WORD.sub("", section.unit)),)
    if cells:
        text = "；".join(f"{header}：{cell}" if header else cell for header, cell in cells)
        subject = cells[0][1] if len(cells) > 1 else document.product
        yield Passage(
            "", document.id, 0, Kind.ROW, text, tuple(_row_units(cells)), section.path, row.page, subject, cells
        )


def _row_units(cells: Sequence[tuple[str, str]]) -> Iterator[str]:
    """The row's cells in stretches short enough for the model, each beginning with the row's name."""
    name = cells[0][1]
    text = name
    for header, cell in cells[1:]:
        part = f" {header}：{cell}" if header else f" {cell}"
        if text != name and len(text) + len(part) > _MAX_ROW_UNIT:
            yield text
            text = name
        text += part
    yield text


def _faq(document: Document, faq: Faq) -> Passage:
    return Passage(
        id="",
        document=document.id,
        number=0,
        kind=Kind.FAQ,
        text=f"{faq.question}\n{faq.answer}",
        units=(faq.question, *faq.similar_questions, f"{faq.question} {faq.answer}"),
        subject=document.product,
        answer=faq.answer,
        flow=faq.flow,
        effective_from=_day(faq.effective_from, faq),
        effective_to=_day(faq.effective_to, faq),
    )


def _day(value: str | None, faq: Faq) -> date | None:
    if not value:
        return None
    try:
        return date.fromisoformat(value.replace("/", "-"))
    except ValueError as error:
        raise Unreadable(f"{value!r} at {faq.question!r} is not a date", "write dates as 2026-01-31") from error
