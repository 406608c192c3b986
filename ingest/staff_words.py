"""What only staff may read, or once could, word by word: however a text is saved, cut or marked up, it is the same text."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from itertools import groupby

from sqlalchemy import Connection

from ingest.reader import Unreadable
from ingest.split_document import SplitDocument
from knowledge_base.document_id import key_of, number_of
from knowledge_base.edition import Edition, Editions, Status
from knowledge_base.library import Library
from knowledge_base.passage import Audience, Passage

_RUN = 20
"""So many characters in a row are no coincidence."""
_TELLING = 8
"""A passage shorter than this, in characters, tells nothing that only staff could know: it is a heading or a remark."""


class StaffWords:
    """Holds a text against what stands in staff's documents, withdrawn ones too, and in none that customers read today."""

    def __init__(self, library: Library, editions: Editions, split: Callable[[Edition], list[SplitDocument]]) -> None:
        self._library = library
        self._editions = editions
        self._split = split
        self._withdrawn: dict[str, list[str]] = {}

    def recall(self) -> None:
        """Reads the files of what was withdrawn, each once; it takes long, so it is done before a transaction begins."""
        list(self._withdrawn_texts(None))

    def stand_in(self, shown: Sequence[SplitDocument], within: Connection) -> bool:
        """Whether customers would read there what only staff could."""
        wholes = [text for part in shown for text in _wholes(part.passages)]
        drafted = {run for text in wholes for run in _runs(text)}
        found: set[str] = set()
        for text in [*self._texts(Audience.STAFF), *self._withdrawn_texts(within)]:
            if len(text) < _RUN:
                found |= {text} if any(text in whole for whole in wholes) else set()
            else:
                found |= drafted.intersection(_runs(text))
        return bool(found) and bool(self._left(found, within))

    def _left(self, found: set[str], within: Connection) -> set[str]:
        """Without what customers read today."""
        ended = self._ended(within)
        for text in self._texts(Audience.CUSTOMER, ended):
            found = {run for run in found.difference(_runs(text)) if len(run) == _RUN or run not in text}
        return found

    def _texts(self, audience: Audience, without: Iterable[str] = ()) -> Iterator[str]:
        for document, passages in groupby(self._library.told(audience), lambda passage: passage.document):
            if document not in without:
                yield from _pieces(list(passages))

    def _ended(self, within: Connection) -> set[str]:
        """Customers' documents that are not in force today."""
        editions, today = self._editions.all(within), date.today()
        ended = set()
        for holding in self._library.holdings(Audience.CUSTOMER):
            document = holding.document
            number = number_of(document.id)
            follows = [
                later.document.effective_from or date.min
                for later in editions.get(key_of(document.id), [])
                if later.in_library and later.number > number
            ]
            if min(follows, default=date.max) <= today or (document.effective_to or date.max) < today:
                ended.add(document.id)
        return ended

    def _withdrawn_texts(self, within: Connection | None) -> Iterator[str]:
        for editions in self._editions.all(within).values():
            for edition in editions:
                if edition.status is Status.WITHDRAWN and edition.published_at:
                    yield from self._of(edition)

    def _of(self, edition: Edition) -> list[str]:
        if edition.id not in self._withdrawn:
            try:
                parts = self._split(edition)
            except (Unreadable, OSError):  # a folder's file that was gone already when it was withdrawn
                parts = []
            staffs = [part for part in parts if part.holding.document.audience is Audience.STAFF]
            self._withdrawn[edition.id] = [text for part in staffs for text in _pieces(part.passages)]
        return self._withdrawn[edition.id]


def _pieces(passages: Sequence[Passage]) -> list[str]:
    """A document's text as a whole, and those of its passages that are short."""
    short = (text for passage in passages for text in map(_plain, _said(passage)) if _TELLING <= len(text) < _RUN)
    return [text for text in dict.fromkeys((*_wholes(passages), *short)) if len(text) >= _TELLING]


def _wholes(passages: Sequence[Passage]) -> list[str]:
    """A document's text, and the cells of its tables alone, as they stand in a file without their headings."""
    texts = _plain("".join(passage.text for passage in passages))
    cells = _plain("".join(value for passage in passages for _, value in passage.cells))
    return [text for text in (texts, cells) if text]


def _said(passage: Passage) -> tuple[str, str, str]:
    return passage.text, passage.answer, "".join(value for _, value in passage.cells)


def _plain(text: str) -> str:
    """Letters and digits alone."""
    return "".join(filter(str.isalnum, unicodedata.normalize("NFKC", text))).casefold()


def _runs(text: str) -> Iterator[str]:
    return (text[start : start + _RUN] for start in range(len(text) - _RUN + 1))
