"""Editions of documents as editors keep them: the file itself, what is said of it, and who did what with it."""

from __future__ import annotations

import json
from collections.abc import Iterable
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import (
    Column,
    Connection,
    Integer,
    LargeBinary,
    Row,
    String,
    Table,
    Text,
    UniqueConstraint,
    func,
    insert,
    select,
    update,
)

from knowledge_base.database import Database, metadata
from knowledge_base.document_id import library_id
from knowledge_base.passage import Document

_editions = Table(
    "editions",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("document", String(32), nullable=False),
    Column("number", Integer, nullable=False),
    Column("status", String(16), nullable=False),
    Column("source", String(16), nullable=False),
    Column("origin", Text, nullable=False),
    Column("file_name", Text, nullable=False),
    Column("size", Integer, nullable=False),
    Column("digest", String(64), nullable=False),
    Column("told", Text, nullable=False),
    Column("passages", Integer, nullable=False),
    Column("hands", Text, nullable=False),
    Column("made_at", String(40), nullable=False),
    Column("published_by", String(100)),
    Column("published_at", String(40)),
    Column("withdrawn_by", String(100)),
    Column("withdrawn_at", String(40)),
    Column("withdrawn_why", Text),
    Column("body", LargeBinary, nullable=False),
    UniqueConstraint("document", "number", name="editions_by_document"),
)
_e = _editions.c
_TOLD = tuple(column for column in _e if column.name != "body")
_document_json = TypeAdapter(Document)


class Status(StrEnum):
    """Where an edition stands; that a later one supersedes it is found out, never stored."""

    DRAFT = "draft"
    PUBLISHED = "published"
    SUPERSEDED = "superseded"
    WITHDRAWN = "withdrawn"


class Source(StrEnum):
    """Where an edition's file came from."""

    FOLDER = "folder"
    UPLOAD = "upload"
    FAQ = "faq"


class EditionRefused(Exception):
    """What an editor asked cannot be done as things stand; each kind says why."""

    def __str__(self) -> str:
        return " ".join((self.__doc__ or "").split())


class NoSuchDocument(EditionRefused):
    """There is no such document in the knowledge base, or no such edition of it."""


class EditionMoved(EditionRefused):
    """This edition was changed meanwhile; look at it again before you decide."""


class NotADraft(EditionRefused):
    """Only a draft can be changed or published; upload the file again as a new edition."""


class LaterEdition(EditionRefused):
    """A later edition was published meanwhile; upload this file again as a new edition."""


class NothingBefore(EditionRefused):
    """There is no earlier edition to go back to; withdraw the document instead."""


class NothingWithdrawn(EditionRefused):
    """Nothing of this document was withdrawn, so nothing can be put back."""


class AnotherPerson(EditionRefused):
    """Only staff could read this so far; an editor who had no hand in the draft must publish it for customers."""


class FaqDocument(EditionRefused):
    """Each answer in this document was approved by two persons; change them on the FAQ page, or withdraw the document."""


class DatesCrossed(EditionRefused):
    """It would end before it takes effect; mend its dates."""


@dataclass(frozen=True)
class Edition:
    """One edition of a document.

    `key` names the document, `document` is what is said of it, under the id that this edition has in the library; `hands`
    are the sign-ins that made or changed it; times are UTC, ISO 8601; `digest` is of the file and what was said beside it.
    """

    id: str
    key: str
    number: int
    status: Status
    source: Source
    origin: str
    file_name: str
    size: int
    digest: str
    document: Document
    passages: int
    hands: tuple[str, ...]
    made_at: str
    published_by: str | None = None
    published_at: str | None = None
    withdrawn_by: str | None = None
    withdrawn_at: str | None = None
    withdrawn_why: str | None = None

    @property
    def in_library(self) -> bool:
        """Whether passages of it are found, on the days when it is in force."""
        return self.status in (Status.PUBLISHED, Status.SUPERSEDED)


class Editions:
    """The editions in one SQL database; `within` reads or writes in a transaction that is under way."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def get(self, edition: str, within: Connection | None = None) -> Edition:
        """One edition by its own id; raises NoSuchDocument."""
        with self._reading(within) as connection:
            key = connection.execute(select(_e.document).where(_e.id == edition)).scalar()
            found = [one for one in self.of(key, connection) if one.id == edition] if key else []
        if not found:
            raise NoSuchDocument
        return found[0]

    def of(self, key: str, within: Connection | None = None) -> list[Edition]:
        """A document's editions, the first one first."""
        with self._reading(within) as connection:
            rows = connection.execute(select(*_TOLD).where(_e.document == key).order_by(_e.number)).all()
        return _standing(rows)

    def all(self, within: Connection | None = None) -> dict[str, list[Edition]]:
        """Every document's editions by key, the first one first."""
        with self._reading(within) as connection:
            rows = connection.execute(select(*_TOLD).order_by(_e.document, _e.number)).all()
        found: dict[str, list[Row[Any]]] = {}
        for row in rows:
            found.setdefault(row.document, []).append(row)
        return {key: _standing(group) for key, group in found.items()}

    def newest(self, key: str) -> Edition | None:
        """The newest published edition of a document; None where none is published."""
        return next((edition for edition in reversed(self.of(key)) if edition.status is Status.PUBLISHED), None)

    def body(self, edition: str) -> bytes:
        """The file of an edition; raises NoSuchDocument."""
        with self.database.reading() as connection:
            body = connection.execute(select(_e.body).where(_e.id == edition)).scalar()
        if body is None:
            raise NoSuchDocument
        return bytes(body)

    def kept(self, key: str, within: Connection) -> bool:
        """Whether editors decide on this document, and no longer the folder that its file lies in."""
        query = select(func.count()).where((_e.document == key) & (_e.source == Source.FOLDER))
        return bool(within.execute(query).scalar_one())

    def add(self, edition: Edition, body: bytes, within: Connection) -> None:
        """Stores a new edition with its file."""
        within.execute(insert(_editions).values(**_row(edition), body=body))

    def change(self, edition: Edition, within: Connection) -> None:
        """Stores what is new about an edition; its file stays as it is."""
        within.execute(update(_editions).where(_e.id == edition.id).values(**_row(edition)))

    def _reading(self, within: Connection | None) -> Any:
        return nullcontext(within) if within is not None else self.database.reading()


def now() -> str:
    """The time as editions tell it."""
    return datetime.now(UTC).isoformat(timespec="milliseconds")


def at(key: str, number: int, document: Document) -> Document:
    """A document under the id that this edition of it has in the library."""
    return Document(**vars(document) | {"id": library_id(key, number)})


def _standing(rows: Iterable[Row[Any]]) -> list[Edition]:
    """A document's editions from its rows; of the published ones, the last supersedes the others."""
    editions = [_edition(row) for row in rows]
    last = max((edition.number for edition in editions if edition.status is Status.PUBLISHED), default=0)
    return [
        Edition(**vars(edition) | {"status": Status.SUPERSEDED})
        if edition.status is Status.PUBLISHED and edition.number < last
        else edition
        for edition in editions
    ]


def _edition(row: Row[Any]) -> Edition:
    told = dict(row._mapping)
    return Edition(
        **told
        | {
            "key": told.pop("document"),
            "status": Status(told["status"]),
            "source": Source(told["source"]),
            "document": _document_json.validate_json(told.pop("told")),
            "hands": tuple(json.loads(told["hands"])),
        }
    )


def _row(edition: Edition) -> dict[str, object]:
    row = dict(vars(edition))
    status = Status.PUBLISHED if edition.status is Status.SUPERSEDED else edition.status
    row["told"] = _document_json.dump_json(row.pop("document")).decode()
    row["document"] = row.pop("key")
    row["hands"] = json.dumps(edition.hands, ensure_ascii=False)
    return row | {"status": status.value, "source": edition.source.value}
