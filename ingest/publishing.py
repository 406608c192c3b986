"""How editors put documents into the library and take them out: drafts, publishing, withdrawing, going back.

Each act is one transaction: the library, the edition and the trail of who did it change together or not at all. Reading and
embedding come before it; what others changed meanwhile is found out in it.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from copy import copy
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from ingest import upload
from ingest.edition_shelf import EditionShelf, dated, had_a_hand
from ingest.split_document import SplitDocument
from knowledge_base.edition import (
    AnotherPerson,
    Edition,
    Editions,
    FaqDocument,
    LaterEdition,
    NoSuchDocument,
    NotADraft,
    NothingBefore,
    NothingWithdrawn,
    Source,
    Status,
    at,
    now,
)
from knowledge_base.embedder import Embedder
from knowledge_base.library import Library
from knowledge_base.passage import Audience, Document
from knowledge_base.word_list import NOTHING_LISTED, WordList

Note = Callable[[str, str, str, Mapping[str, str], Connection], object]
"""Called as (who, did, what, detail, within) in the transaction in which it is done."""


class Publishing:
    """Editors' acts on documents; whether one is an editor is asked where the act comes in."""

    def __init__(
        self,
        library: Library,
        embedder: Embedder,
        knowledge: Path,
        note: Note,
        source: Source = Source.UPLOAD,
        words: WordList = NOTHING_LISTED,
    ) -> None:
        self.editions = Editions(library.database)
        self._library = library
        self._shelf = EditionShelf(library, embedder, knowledge, words)
        self._note = note
        self._source = source

    def of_faq(self) -> Publishing:
        """The same for documents of the FAQ desk, which nobody else drafts or publishes."""
        made = copy(self)
        made._source = Source.FAQ
        return made

    def draft(
        self,
        by: str,
        file_name: str,
        content: bytes,
        meta: Mapping[str, Any],
        document: str | None = None,
        new_key: str | None = None,
    ) -> Edition:
        """A draft of a new document, or of the next edition of the one with this key.

        `meta` has the keys of `metadata.Metadata`; what it leaves out is as in the file's front matter, else as in the edition
        before, dates excepted. Raises Unreadable, for wrong metadata too, and NoSuchDocument.
        """
        name = upload.checked_name(file_name, content)
        key = document or new_key or secrets.token_hex(6)
        self._require_own(key)
        before, origin = self._before(document) if document else (None, upload.ORIGIN)
        told = upload.described(key, name, content, meta, before, origin)
        made = replace(_new(key, name, content, told, origin, by), source=self._source)
        made = replace(made, passages=self._count(made, content))
        with self._library.changing() as connection:
            number = self._next_number(key, connection)
            made = replace(made, number=number, document=at(key, number, told))
            self.editions.add(made, content, connection)
            self._tell(by, "draft", made, connection)
        return made

    def change(self, by: str, edition: str, meta: Mapping[str, Any]) -> Edition:
        """A draft with other metadata; raises NotADraft, EditionMoved, FaqDocument, NoSuchDocument, Unreadable."""
        found = self._draft(edition)
        self._require_own(found.key)
        hands = tuple(dict.fromkeys((*found.hands, by)))
        changed = replace(found, document=upload.changed(found.document, meta), hands=hands)
        changed = replace(changed, passages=self._count(changed, self.editions.body(edition)))
        with self._library.changing() as connection:
            self._shelf.require_same(found, connection)
            self.editions.change(changed, connection)
            self._tell(by, "change_draft", changed, connection)
        return changed

    def revise(self, by: str, document: str, meta: Mapping[str, Any]) -> Edition:
        """A draft of the next edition: the newest one's file and days, other metadata; raises NoSuchDocument, Unreadable."""
        published = [edition for edition in self.editions.of(document) if edition.published_at]
        folder = None if published else self._shelf.from_folder(document)
        if not published and folder is None:
            raise NoSuchDocument
        last, body = (folder.edition, folder.body) if folder else (published[-1], self.editions.body(published[-1].id))
        days = {"effective_from": last.document.effective_from, "effective_to": last.document.effective_to}
        return self.draft(by, last.file_name, body, days | dict(meta), document)

    def preview(self, edition: str) -> list[SplitDocument]:
        """The passages that an edition has; two documents, where a table has rows for both audiences. Raises Unreadable."""
        return self._shelf.split(self.editions.get(edition), self.editions.body(edition))

    def publish(self, by: str, edition: str) -> Edition:
        """Puts a draft into the library, where it ends the editions before it on the day before it takes effect.

        Raises NotADraft, EditionMoved, LaterEdition, AnotherPerson, FaqDocument, DatesCrossed, NoSuchDocument,
        Unreadable.
        """
        found = self._draft(edition)
        self._require_own(found.key)
        folder = self._shelf.from_folder(found.key)
        published = replace(dated(found), status=Status.PUBLISHED, published_by=by, published_at=now())
        embedded = self._shelf.embed(published)
        made_alone = by in found.hands and found.source is not Source.FAQ  # two approve each of its rows
        with self._library.changing() as connection:
            self._shelf.require_same(found, connection)
            if _last_published(self.editions.of(found.key, connection)) > found.number:
                raise LaterEdition
            self._shelf.take_over(folder, connection)
            self._shelf.require_another_person(embedded, connection, made_alone)
            self._shelf.put(embedded, connection)
            self._tell(by, "publish", published, connection)
        return published

    def withdraw(self, by: str, document: str, why: str) -> list[Edition]:
        """Takes a document out of the library in all its editions, or drops its drafts where none ever was in it; which those were.

        Nothing is destroyed, and doing it twice changes nothing. Raises NoSuchDocument.
        """
        folder = self._shelf.from_folder(document)
        with self._library.changing() as connection:
            self._shelf.take_over(folder, connection)
            editions = self.editions.of(document, connection)
            if not editions:
                raise NoSuchDocument
            going = [edition for edition in editions if edition.in_library]
            if not any(edition.published_at for edition in editions):
                going = [edition for edition in editions if edition.status is Status.DRAFT]
            self._take_out(by, "withdraw", going, why, connection)
        return going

    def drop(self, by: str, edition: str, why: str) -> None:
        """Puts a draft away unpublished; raises NotADraft, EditionMoved, NoSuchDocument."""
        found = self._draft(edition)
        with self._library.changing() as connection:
            self._shelf.require_same(found, connection)
            self._take_out(by, "drop_draft", [found], why, connection)

    def roll_back(self, by: str, document: str, why: str) -> Edition:
        """Withdraws the newest published edition; the one before is in force again on its own days. Returns that one.

        Raises NothingBefore, AnotherPerson, NoSuchDocument.
        """
        with self._library.changing() as connection:
            editions = self.editions.of(document, connection)
            if not editions and self._library.holding(document) is None:
                raise NoSuchDocument
            published = [edition for edition in editions if edition.in_library]
            if len(published) < 2:
                raise NothingBefore
            _require_another_to_reopen(by, published[-2], published[-1])
            self._take_out(by, "roll_back", published[-1:], why, connection)
        return published[-2]

    def restore(self, by: str, document: str) -> list[Edition]:
        """Puts back what was last withdrawn or rolled back; which editions these are.

        Raises NothingWithdrawn, LaterEdition, EditionMoved, AnotherPerson, NoSuchDocument, Unreadable.
        """
        editions = self.editions.of(document)
        if not editions and self._library.holding(document) is None:
            raise NoSuchDocument
        withdrawn = _withdrawn_last(editions)
        if _last_published(editions) > withdrawn[-1].number:
            raise LaterEdition
        back = [self._shelf.embed(_put_back(edition)) for edition in withdrawn]
        with self._library.changing() as connection:
            for found, embedded in zip(withdrawn, back, strict=True):
                self._shelf.require_same(found, connection)
                self._shelf.require_another_person(embedded, connection, had_a_hand(by, found))
                self._shelf.put(embedded, connection)
                self._tell(by, "restore", embedded.edition, connection)
        return [embedded.edition for embedded in back]

    def _before(self, key: str) -> tuple[Document, str]:
        """What was last said of a document, and its origin."""
        editions = self.editions.of(key)
        holding = self._library.holding(key)
        last = ([edition for edition in editions if edition.published_at] or editions)[-1:]
        if last:
            return last[0].document, last[0].origin
        if holding is None:
            raise NoSuchDocument
        return holding.document, holding.origin

    def _draft(self, edition: str) -> Edition:
        found = self.editions.get(edition)
        if found.status is not Status.DRAFT:
            raise NotADraft
        return found

    def _require_own(self, key: str) -> None:
        """Raises FaqDocument where the FAQ desk keeps a document, and it is not the one that acts."""
        kept = any(edition.source is Source.FAQ for edition in self.editions.of(key))
        if kept and self._source is not Source.FAQ:
            raise FaqDocument

    def _count(self, edition: Edition, content: bytes) -> int:
        return sum(len(document.passages) for document in self._shelf.split(edition, content))

    def _next_number(self, key: str, within: Connection) -> int:
        """One more than there are; a folder's document that no editor has touched yet is its own first edition."""
        numbers = [edition.number for edition in self.editions.of(key, within)]
        return max([*numbers, 1 if self._library.holding(key) else 0]) + 1

    def _take_out(self, by: str, did: str, editions: list[Edition], why: str, within: Connection) -> None:
        moment = now()
        for edition in editions:
            self._shelf.take_out(edition, by, why, moment, within)
            self._tell(by, did, edition, within, why)

    def _tell(self, by: str, did: str, edition: Edition, within: Connection, why: str = "") -> None:
        document = edition.document
        detail = {
            "edition": str(edition.number),
            "title": document.title,
            "audience": document.audience.value,
            "file": edition.file_name,
        }
        self._note(by, did, edition.key, detail | ({"why": why} if why else {}), within)


def _new(key: str, name: str, content: bytes, told: Document, origin: str, by: str) -> Edition:
    return Edition(
        id=secrets.token_hex(8),
        key=key,
        number=1,
        status=Status.DRAFT,
        source=Source.UPLOAD,
        origin=origin,
        file_name=name,
        size=len(content),
        digest=sha256(content).hexdigest(),
        document=told,
        passages=0,
        hands=(by,),
        made_at=now(),
    )


def _require_another_to_reopen(by: str, before: Edition, newest: Edition) -> None:
    """Raises AnotherPerson where going back shows customers what was made staff's, and `by` had a hand in either edition."""
    opened = before.document.audience is Audience.CUSTOMER and newest.document.audience is Audience.STAFF
    if opened and (had_a_hand(by, before) or had_a_hand(by, newest)):
        raise AnotherPerson


def _last_published(editions: list[Edition]) -> int:
    return max((edition.number for edition in editions if edition.in_library), default=0)


def _withdrawn_last(editions: list[Edition]) -> list[Edition]:
    """The editions of the last withdrawal of what was published; drafts that were dropped are none."""
    gone = [edition for edition in editions if edition.status is Status.WITHDRAWN and edition.published_at]
    if not gone:
        raise NothingWithdrawn
    last = max(edition.withdrawn_at or "" for edition in gone)
    return [edition for edition in gone if edition.withdrawn_at == last]


def _put_back(edition: Edition) -> Edition:
    return replace(edition, status=Status.PUBLISHED, withdrawn_by=None, withdrawn_at=None, withdrawn_why=None)
