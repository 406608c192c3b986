"""Rows of product tables become statements about products, by catalogue.yaml."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict

from assistant import product_value
from assistant.product import Field, Kind, Statement
from assistant.source import Source
from knowledge_base.passage import Kind as PassageKind
from knowledge_base.text import fold

_WITH_TERM = re.compile("^(.+?)((?:[0-9]+个月|[0-9]+年|[0-9]+天))$")
_LIST = re.compile("[、,，/]")


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class KindWords(_Part):
    """What tells that a product is of a kind: words of its name, or of its place."""

    name: str = "(?!)"
    place: str = "(?!)"


class Layout(_Part):
    """catalogue.yaml: which documents, headings and words mean what."""

    sources: tuple[str, ...]
    names: frozenset[str]
    names_with_term: frozenset[str]
    terms: frozenset[str]
    items: frozenset[str]
    contents: frozenset[str]
    fields: Mapping[str, frozenset[str]]
    nothing: str
    alike: Mapping[str, str]
    kinds: Mapping[Kind, KindWords]
    same: Mapping[str, str]
    also: Mapping[str, tuple[str, ...]]

    def field(self, header: str) -> str | None:
        """The field that a heading means."""
        return next((name for name, headers in self.fields.items() if header in headers), None)

    def kind(self, name: str, source: Source) -> Kind | None:
        """The kind of a product with this name in this place."""
        named = (kind for kind, words in self.kinds.items() if re.search(words.name, name))
        placed = (kind for kind, words in self.kinds.items() if re.search(words.place, source.place))
        return next(named, None) or next(placed, None)

    def says_nothing(self, text: str) -> bool:
        """Whether a cell tells nothing."""
        return re.fullmatch(self.nothing, text.strip()) is not None

    def is_blank(self, text: str) -> bool:
        """Whether a cell holds a dash and nothing else."""
        return not text.strip("—–- ")

    def agree(self, one: str, other: str) -> bool:
        """Whether two statements say the same, or one says more than the other and nothing against it."""
        one, other = self._plain(one), self._plain(other)
        if one in other or other in one or set(_LIST.split(one)) == set(_LIST.split(other)):
            return True
        mine, theirs = product_value.figures(one), product_value.figures(other)
        return bool(mine and theirs) and (mine <= theirs or theirs <= mine)

    def _plain(self, text: str) -> str:
        text = re.sub(r"\s", "", text)
        for plain, words in self.alike.items():
            text = re.sub(words, plain, text)
        return fold(text)


@cache
def layout() -> Layout:
    """The layout that ships, checked; raises ValidationError for one that is wrong."""
    path = Path(__file__).with_name("catalogue.yaml")
    return Layout.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))


@dataclass(frozen=True)
class Named:
    """A row about a product: the name that all its terms share, the term where the row tells one, and what it says."""

    family: str
    term: str
    said: Mapping[str, Statement]
    source: Source

    @property
    def name(self) -> str:
        """The product's own name."""
        return f"{self.family}{self.term}"


def read(sources: Iterable[Source], told: Layout) -> Iterator[Named]:
    """What the rows of product tables say, in order; other rows and passages are passed over."""
    for source in sources:
        if source.passage.kind is PassageKind.ROW:
            yield from _row(source, told)


def _row(source: Source, told: Layout) -> Iterator[Named]:
    cells = dict(source.passage.cells)
    header = next((one for one in cells if one in told.names | told.names_with_term), None)
    if header is None:
        return
    said = dict(_said(cells, source, told))
    if said:
        yield Named(*_named(header, cells, told), said, source)


def _named(header: str, cells: Mapping[str, str], told: Layout) -> tuple[str, str]:
    """The family and the term of the product that a row is about."""
    name = cells[header].strip()
    split = _WITH_TERM.match(name) if header in told.names_with_term else None
    if split:
        return split.group(1), split.group(2)
    term = next((cells[one] for one in told.terms if one in cells), "")
    return name, term if _WITH_TERM.match(f"-{term}") else ""


def _said(cells: Mapping[str, str], source: Source, told: Layout) -> Iterator[tuple[str, Statement]]:
    item = next((cells[one] for one in told.items if one in cells), None)
    content = next((cells[one] for one in told.contents if one in cells), None)
    if item is not None and content is not None:
        cells = {item: content}
    for header, text in cells.items():
        field = told.field(header)
        if field:
            yield field, Statement(text, source)
        elif told.names_with_term & {header} and (split := _WITH_TERM.match(text)):
            yield "term", Statement(split.group(2), source)


def merged(statements: Sequence[Statement], told: Layout) -> Field:
    """One field of what all say, one at least: the first of those that agree, and the first of each that disagrees with it.

    Who says nothing counts only where nobody says anything.
    """
    kept: list[Statement] = []
    listed = sorted(statements, key=lambda one: told.is_blank(one.text))
    for statement in [one for one in listed if not told.says_nothing(one.text)]:
        if not any(told.agree(statement.text, one.text) for one in kept):
            kept.append(statement)
    return Field(tuple(kept or listed[:1]))
