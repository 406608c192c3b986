"""The register of documents, as those who keep them see it: what is in the library, and what its editions are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from knowledge_base.document_id import both, key_of, number_of
from knowledge_base.edition import Edition, Editions, NoSuchDocument, Source, Status
from knowledge_base.library import Holding, Library
from knowledge_base.passage import Audience, Document, Passage
from knowledge_base.search import superseded


class State(StrEnum):
    """Where a day stands to a document's dates; found out each time, never stored."""

    IN_FORCE = "in_force"
    NOT_YET = "not_yet"
    ENDED = "ended"

    @classmethod
    def of(cls, document: Document, day: date) -> State:
        """The state of a document on a day."""
        if document.valid_on(day):
            return cls.IN_FORCE
        return cls.NOT_YET if (document.effective_from or date.min) > day else cls.ENDED


@dataclass(frozen=True)
class Registered:
    """A document in one line.

    `document` is of the edition in force, else of the next to come, else of the last; its dates are those on which it is found.
    `audiences` are those who find something of it; `state` is None where nothing of it is in the library; `number` tells which
    edition `document` is of, `draft` which edition waits to be published.
    """

    key: str
    document: Document
    audiences: tuple[Audience, ...]
    status: Status
    state: State | None
    number: int
    passages: int
    source: Source
    editions: tuple[Edition, ...]
    draft: Edition | None


class Register:
    """Reads the register; nothing is changed here."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self._editions = Editions(library.database)

    def documents(self) -> list[Registered]:
        """Every document, by title."""
        editions, held = self._editions.all(), self._held()
        counts = self._library.counts()
        found = [
            _registered(key, held.get(key, ()), editions.get(key, ()), counts) for key in held.keys() | editions.keys()
        ]
        return sorted(found, key=lambda one: (one.document.title, one.key))

    def document(self, identifier: str) -> Registered:
        """One document by its key, or by the id that one of its editions has in the library; raises NoSuchDocument."""
        key = key_of(identifier)
        editions, held = self._editions.of(key), self._held().get(key, ())
        if not editions and not held:
            raise NoSuchDocument
        return _registered(key, held, editions, self._library.counts())

    def passages(self, identifier: str) -> list[tuple[Audience, Passage]]:
        """The passages that an edition has in the library, with who may read them."""
        found = []
        for name in both(identifier):
            holding = self._library.holding(name)
            if holding:
                found += [(holding.document.audience, item.passage) for item in self._library.passages(name)]
        return found

    def _held(self) -> dict[str, list[Holding]]:
        """What is in the library by key, with the days on which it is found."""
        found: dict[str, list[Holding]] = {}
        for identifier, holding in sorted(superseded(self._library.holdings()).items()):
            found.setdefault(key_of(identifier), []).append(holding)
        return found


def _registered(key: str, held: Sequence[Holding], editions: Sequence[Edition], counts: dict[str, int]) -> Registered:
    drafts = [edition for edition in editions if edition.status is Status.DRAFT]
    source = editions[0].source if editions else Source.FOLDER
    if held:
        document = _foremost([holding.document for holding in held])
        own = both(document.id)
        audiences = sorted({holding.document.audience for holding in held if holding.document.id in own})
        status, state = Status.PUBLISHED, State.of(document, date.today())
        passages = sum(counts.get(identifier, 0) for identifier in own)
        source = source if any(edition.number == 1 for edition in editions) else Source.FOLDER
    else:
        last = _last(editions)
        document, passages, audiences = last.document, last.passages, [last.document.audience]
        status, state = last.status, None
    number = number_of(document.id)
    draft = drafts[-1] if drafts else None
    return Registered(key, document, tuple(audiences), status, state, number, passages, source, tuple(editions), draft)


def _foremost(documents: Sequence[Document]) -> Document:
    """What is in force today, else what comes next, else what ended last; of two halves the one with the shorter id."""
    today = date.today()
    order = {State.IN_FORCE: 0, State.NOT_YET: 1, State.ENDED: 2}

    def rank(document: Document) -> tuple[int, int, int]:
        state = State.of(document, today)
        sooner = (document.effective_from or date.min).toordinal() if state is State.NOT_YET else 0
        later = -(document.effective_to or date.max).toordinal() if state is State.ENDED else 0
        return order[state], sooner or later or -number_of(document.id), len(document.id)

    return min(documents, key=rank)


def _last(editions: Sequence[Edition]) -> Edition:
    """What stands for a document of which nothing is in the library: what was withdrawn last, else its newest draft."""
    published = [edition for edition in editions if edition.published_at]
    drafts = [edition for edition in editions if edition.status is Status.DRAFT]
    return (published or drafts or list(editions))[-1]
