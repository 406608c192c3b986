"""What was approved becomes a document for each audience: a table of questions, a new edition each time."""

from __future__ import annotations

import csv
import hashlib
import io
import secrets
from collections.abc import Iterable, Mapping
from contextlib import suppress
from functools import cache
from typing import Any, Protocol

import yaml
from pydantic import TypeAdapter
from sqlalchemy import Column, Connection, Row, String, Table, insert, select, update
from sqlalchemy.exc import IntegrityError

from assistant import faq_draft
from assistant.audit import Audit
from assistant.faq_check import FILE
from assistant.faq_draft import DraftMoved, FaqDraft, FaqDrafts, Status
from knowledge_base.database import metadata
from knowledge_base.passage import Audience

_shelf = Table(
    "faq_shelf",
    metadata,
    Column("audience", String(16), primary_key=True),
    Column("document", String(32), nullable=False),
    Column("digest", String(64), nullable=False),
)
"""What each audience's document holds, as a digest; empty while it is withdrawn."""
_HEADER = ("id", "question", "answer", "similar_questions", "flow", "effective_from", "effective_to")
_TRIES = 5
_SYSTEM = "system"


class Shelf(Protocol):
    """Where documents are published, and withdrawn by editors."""

    def put(self, by: str, file: str, content: bytes, title: str, audience: Audience, document: str) -> bool:
        """Publishes the document with this key, new or its next edition; whether it did, for another may have done it meanwhile."""
        ...

    def take(self, by: str, document: str, why: str) -> None:
        """Takes a document out of the library."""
        ...

    def held(self, document: str) -> bytes | None:
        """What the newest published edition holds; nothing where an editor took the document out."""
        ...


class FaqPublishing:
    """Brings the documents to what is approved; when two do it at once, the last to end sees what both approved."""

    def __init__(self, drafts: FaqDrafts, shelf: Shelf, audit: Audit) -> None:
        self._drafts = drafts
        self._shelf = shelf
        self._audit = audit

    def bring_up(self, by: str, audience: Audience) -> None:
        """Publishes what is approved and not published yet, as a row; does nothing where all is."""
        self.follow(audience)
        for _ in range(_TRIES):
            rows, before = self._rows(audience), self._last(audience)
            digest = _digest(_sheet(rows)) if rows else ""
            if digest == (before.digest if before else ""):
                self._done(by, rows)
                return
            if self._put(by, audience, rows, before.document if before else self._claimed(audience)):
                self._done(by, rows)

    def follow(self, audience: Audience) -> None:
        """Where an editor took the document out, back, or in again, each answer stands as it stands in it."""
        before = self._last(audience)
        held = self._shelf.held(before.document) if before else None
        digest = _digest(held) if held is not None else ""
        if before is None or digest == before.digest:
            return
        left = {row["id"] for row in csv.DictReader(io.StringIO((held or b"").decode()))}
        gone = [draft for draft in self._drafts.listed(Status.PUBLISHED, audience) if draft.id not in left]
        back = [draft for draft in self._drafts.listed(Status.WITHDRAWN, audience) if draft.id in left]
        with self._drafts.database.writing() as connection:
            for draft, to in [*((one, Status.WITHDRAWN) for one in gone), *((one, Status.PUBLISHED) for one in back)]:
                faq_draft.move(connection, draft, to, draft.decided_by)
                did = "withdraw_faq" if to is Status.WITHDRAWN else "restore_faq"
                self._audit.note(_SYSTEM, did, f"faq:{draft.id}", {"with": before.document}, within=connection)
            _keep(connection, audience, before.document, digest)

    def _put(self, by: str, audience: Audience, rows: list[FaqDraft], document: str) -> bool:
        """Whether these rows are in the library now; not where another process published others at the same moment."""
        named, content = _documents()[audience.value], _sheet(rows)
        if not rows:
            self._shelf.take(by, document, "")
        elif not self._shelf.put(by, named["file"], content, named["title"], audience, document):
            return False
        with self._drafts.database.writing() as connection:
            _keep(connection, audience, document, _digest(content) if rows else "")
        return True

    def _claimed(self, audience: Audience) -> str:
        """The key of an audience's document, told before there is one: whoever is killed meanwhile leaves no second."""
        row = {"audience": audience.value, "document": secrets.token_hex(6), "digest": ""}
        # Another process may have told it at the same moment.
        with suppress(IntegrityError), self._drafts.database.writing() as connection:
            connection.execute(insert(_shelf).values(**row))
        with self._drafts.database.reading() as connection:
            query = select(_shelf.c.document).where(_shelf.c.audience == audience.value)
            return str(connection.execute(query).scalar_one())

    def _rows(self, audience: Audience) -> list[FaqDraft]:
        both = (*self._drafts.listed(Status.APPROVED, audience), *self._drafts.listed(Status.PUBLISHED, audience))
        return sorted(both, key=lambda draft: (draft.made_at, draft.id))

    def _last(self, audience: Audience) -> Row[Any] | None:
        with self._drafts.database.reading() as connection:
            return connection.execute(select(_shelf).where(_shelf.c.audience == audience.value)).one_or_none()

    def _done(self, by: str, rows: Iterable[FaqDraft]) -> None:
        """What is in the document now is published."""
        for draft in rows:
            # Another process that published the same rows may have noted it first.
            if draft.status is Status.APPROVED:
                with suppress(DraftMoved), self._drafts.database.writing() as connection:
                    faq_draft.move(connection, draft, Status.PUBLISHED, draft.decided_by)
                    self._audit.note(by, "publish_faq", f"faq:{draft.id}", within=connection)


def _keep(connection: Connection, audience: Audience, document: str, digest: str) -> None:
    """Notes what an audience's document holds."""
    mine = (_shelf.c.audience == audience.value) & (_shelf.c.document == document)
    connection.execute(update(_shelf).where(mine).values(digest=digest))


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _sheet(rows: Iterable[FaqDraft]) -> bytes:
    sheet = io.StringIO()
    writer = csv.writer(sheet, lineterminator="\n")
    writer.writerow(_HEADER)
    for draft in rows:
        words = draft.words
        days = [day.isoformat() if day else "" for day in (words.effective_from, words.effective_to)]
        similar = "|".join(words.similar_questions)
        writer.writerow([draft.id, words.question, words.answer, similar, words.flow or "", *days])
    return sheet.getvalue().encode()


@cache
def _documents() -> Mapping[str, Mapping[str, str]]:
    content = yaml.safe_load(FILE.read_text(encoding="utf-8"))["documents"]
    return TypeAdapter(dict[str, dict[str, str]]).validate_python(content)
