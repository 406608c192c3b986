"""Editions in the library: put in, taken out, and taken over from the folder that a file lies in."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from sqlalchemy import Connection

from ingest import listed_words
from ingest.edition_file import split_edition
from ingest.folder_file import FolderFile
from ingest.split_document import SplitDocument, shelved
from ingest.staff_words import StaffWords
from knowledge_base.document_id import both
from knowledge_base.edition import (
    AnotherPerson,
    DatesCrossed,
    Edition,
    EditionMoved,
    Editions,
    Source,
    Status,
    now,
)
from knowledge_base.embedder import Embedder, Vectors
from knowledge_base.library import Library
from knowledge_base.passage import Audience
from knowledge_base.word_list import NOTHING_LISTED, WordList

_SYSTEM = "system"


@dataclass(frozen=True)
class Embedded:
    """An edition as it is to stand, read and embedded."""

    edition: Edition
    documents: tuple[SplitDocument, ...]
    vectors: Vectors


@dataclass(frozen=True)
class FolderEdition:
    """What the folder says of a document now, to be kept as its first edition; an unreadable file is kept as nothing."""

    edition: Edition
    body: bytes


class EditionShelf:
    """What editors' acts have in common; all that takes a connection belongs into their one transaction."""

    def __init__(self, library: Library, embedder: Embedder, knowledge: Path, words: WordList = NOTHING_LISTED) -> None:
        self.library = library
        self.editions = Editions(library.database)
        self._embedder = embedder
        self._words = words
        self._knowledge = knowledge.resolve()
        self._staff_words = StaffWords(library, self.editions, lambda one: self.split(one, self.editions.body(one.id)))

    def split(self, edition: Edition, body: bytes) -> list[SplitDocument]:
        """An edition's passages; raises Unreadable."""
        found = split_edition(edition, body, self._embedder.fingerprint)
        listed_words.refuse(found, self._words)
        return found

    def embed(self, edition: Edition) -> Embedded:
        """An edition read and embedded, before the transaction, for it takes long; raises Unreadable."""
        documents = self.split(edition, self.editions.body(edition.id))
        texts = [text for document in documents for text in document.texts]
        self._staff_words.recall()
        return Embedded(edition, tuple(documents), self._embedder.embed_passages(texts))

    def put(self, embedded: Embedded, within: Connection) -> None:
        """Stores an edition, and its passages in the library."""
        for holding, items in shelved(embedded.documents, embedded.vectors):
            self.library.put(holding, items, within)
        self.editions.change(embedded.edition, within)

    def take_out(self, edition: Edition, by: str, why: str, at: str, within: Connection) -> None:
        """Withdraws an edition: its passages are out of the library."""
        for identifier in both(edition.document.id):
            self.library.remove(identifier, within)
        withdrawn = replace(edition, status=Status.WITHDRAWN, withdrawn_by=by, withdrawn_at=at, withdrawn_why=why)
        self.editions.change(withdrawn, within)

    def require_same(self, edition: Edition, within: Connection) -> None:
        """Raises EditionMoved where an edition is not as it was when the act began."""
        if self.editions.get(edition.id, within) != edition:
            raise EditionMoved

    def from_folder(self, key: str) -> FolderEdition | None:
        """What is to be kept of a folder's document when an editor first acts on it; None where there is nothing to keep."""
        holding = self.library.holding(key)
        if holding is None or any(edition.number == 1 for edition in self.editions.of(key)):
            return None
        root = Path(holding.origin) if holding.origin else self._knowledge
        file = FolderFile(root / holding.document.path, root, holding.origin)
        body = file.path.read_bytes() if file.path.is_file() else b""
        counts = self.library.counts()
        edition = Edition(
            id=secrets.token_hex(8),
            key=key,
            number=1,
            status=Status.PUBLISHED,
            source=Source.FOLDER,
            origin=holding.origin,
            file_name=file.path.name,
            size=len(body),
            digest=file.digest(),
            document=holding.document,
            passages=sum(counts.get(identifier, 0) for identifier in both(key)),
            hands=(),
            made_at=now(),
            published_by=_SYSTEM,
            published_at=now(),
        )
        return FolderEdition(edition, body)

    def take_over(self, found: FolderEdition | None, within: Connection) -> None:
        """From now on editors decide on the folder's document."""
        if found and not self.editions.kept(found.edition.key, within):
            self.editions.add(found.edition, found.body, within)

    def require_another_person(self, embedded: Embedded, within: Connection, had_a_hand: bool) -> None:
        """Raises AnotherPerson where customers would read what only staff could, and whoever had a hand in it does it alone."""
        shown = [part for part in embedded.documents if part.holding.document.audience is Audience.CUSTOMER]
        if not shown or not had_a_hand:
            return
        if self._was_for_staff(embedded.edition, within) or self._staff_words.stand_in(shown, within):
            raise AnotherPerson

    def _was_for_staff(self, edition: Edition, within: Connection) -> bool:
        """Whether the last edition before it that was ever published showed customers nothing."""
        before = [other for other in self.editions.of(edition.key, within) if other.number < edition.number]
        published = [other.document for other in before if other.published_at]
        if not published or published[-1].audience is Audience.CUSTOMER:
            return False
        held = [self.library.holding(identifier) for identifier in both(published[-1].id)]
        return not any(holding.document.audience is Audience.CUSTOMER for holding in held if holding)


def had_a_hand(by: str, edition: Edition) -> bool:
    """Whether someone made, changed or published an edition."""
    return by in edition.hands or by == edition.published_by


def dated(edition: Edition) -> Edition:
    """An edition with the day from which it takes the place of those before it: today, unless it says another."""
    document = edition.document
    if edition.number > 1 and document.effective_from is None:
        document = replace(document, effective_from=date.today())
    if (document.effective_from or date.min) > (document.effective_to or date.max):
        raise DatesCrossed
    return replace(edition, document=document)
