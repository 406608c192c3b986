"""The passages that guidance of staff goes by: those in force, in the order in which documents count."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from cachetools import LRUCache

from assistant.answering import cite_passage
from assistant.reply import Citation
from knowledge_base.passage import Audience, Document, Passage
from knowledge_base.search import Search

_DAYS_KEPT = 8


@dataclass(frozen=True)
class Source:
    """A passage with the document that it stands in."""

    passage: Passage
    document: Document

    @property
    def place(self) -> str:
        """The document's path and the headings above the passage."""
        return f"{self.document.path} > {self.passage.section}"

    def cited(self, number: int) -> Citation:
        """The passage as a citation with this number."""
        return cite_passage(number, self.passage, self.document)


class Sources:
    """The passages of the documents whose paths these patterns find, kept until the library moves on.

    A document counts before others where an earlier pattern finds it, or the same pattern and its path comes first.
    """

    def __init__(self, search: Search, patterns: Sequence[str]) -> None:
        self._search = search
        self._patterns = [re.compile(pattern) for pattern in patterns]
        self._kept: LRUCache[tuple[int, Audience, date], tuple[Source, ...]] = LRUCache(_DAYS_KEPT)

    @property
    def generation(self) -> int:
        """A number that grows with every change of the library."""
        return self._search.library.generation()

    def of(self, audience: Audience, day: date) -> tuple[Source, ...]:
        """The passages in force on `day` that this audience may read."""
        key = (self.generation, audience, day)
        if key not in self._kept:
            self._kept[key] = tuple(self._read(audience, day))
        return self._kept[key]

    def _read(self, audience: Audience, day: date) -> Iterator[Source]:
        for document in self._in_order(self._search.documents(audience), day):
            for item in self._search.library.passages(document.id):
                if item.passage.valid_on(day):
                    yield Source(item.passage, document)

    def _in_order(self, documents: Sequence[Document], day: date) -> list[Document]:
        ranked = [(self._rank(document), document.path, document) for document in documents if document.valid_on(day)]
        return [found for rank, _path, found in sorted(ranked, key=lambda item: item[:2]) if rank < len(self._patterns)]

    def _rank(self, document: Document) -> int:
        found = (number for number, pattern in enumerate(self._patterns) if pattern.search(document.path))
        return next(found, len(self._patterns))


def first_with(sources: Sequence[Source], words: Sequence[str]) -> Source | None:
    """The first passage in which all of these words stand."""
    return next((source for source in sources if all(word in source.passage.text for word in words)), None)
