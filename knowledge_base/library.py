"""The library: every document and passage with its vectors, in SQL.

It is the truth. The Chroma and keyword indexes are made from it and can be made again at any time, so a document appears,
changes or goes in one transaction here, however many indexes have yet to hear of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from typing import Any

import numpy as np
from pydantic import TypeAdapter
from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    Index,
    Integer,
    LargeBinary,
    Row,
    String,
    Table,
    Text,
    delete,
    func,
    insert,
    select,
    update,
)

from knowledge_base.database import Database, metadata
from knowledge_base.embedder import Vectors
from knowledge_base.passage import Audience, Document, Passage

_documents = Table(
    "documents",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("revision", String(16), nullable=False),
    Column("origin", Text, nullable=False),
    Column("audience", String(16), nullable=False),
    Column("embedder", String(64), nullable=False),
    Column("stamp", Text, nullable=False),
    Column("units", Integer, nullable=False),
    Column("body", Text, nullable=False),
    Column("ingested_at", String(32), nullable=False),
)
_passages = Table(
    "passages",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("document", String(32), nullable=False),
    Column("number", Integer, nullable=False),
    Column("body", Text, nullable=False),
    Column("vectors", LargeBinary, nullable=False),
    Index("passages_by_document", "document", "number"),
)
_generation = Table(
    "library_generation", metadata, Column("id", Integer, primary_key=True), Column("number", BigInteger)
)
_indexed = Table(
    "indexed",
    metadata,
    Column("index", String(64), primary_key=True),
    Column("document", String(32), primary_key=True),
    Column("revision", String(16), nullable=False),
    Column("units", Integer, nullable=False),
)
_document_json = TypeAdapter(Document)
_passage_json = TypeAdapter(Passage)
_BATCH = 500


@dataclass(frozen=True)
class Holding:
    """A document as the library holds it.

    `revision` changes with every change of content; `stamp` is what ingest compares to see whether a file has changed;
    `units` counts the vectors that a dense index holds for it.
    """

    document: Document
    revision: str
    origin: str
    embedder: str
    stamp: str
    units: int


@dataclass(frozen=True)
class Shelved:
    """A passage with the vectors of its units; shape (len(units), dimensions)."""

    passage: Passage
    vectors: Vectors

    @cached_property
    def whole(self) -> Vectors:
        """The passage as one vector: the mean of its units', so that nothing is embedded twice."""
        mean: Vectors = self.vectors.mean(axis=0)
        whole: Vectors = mean / max(float(np.linalg.norm(mean)), 1e-9)
        return whole


class Library:
    """Documents and passages in one SQL database."""

    def __init__(self, database: Database) -> None:
        self.database = database

    @contextmanager
    def changing(self, within: Connection | None = None) -> Iterator[Connection]:
        """A transaction, new or the one under way, in which nobody else changes the library."""
        with nullcontext(within) if within is not None else self.database.writing() as connection:
            # In PostgreSQL two that put the same document would collide.
            connection.execute(select(_generation.c.number).with_for_update())
            yield connection

    def generation(self) -> int:
        """A number that grows with every change."""
        # Asked for in every turn, so the statement is not built anew each time.
        with self.database.reading() as connection:
            return int(connection.exec_driver_sql("SELECT number FROM library_generation").scalar() or 0)

    def holdings(self, audience: Audience | None = None) -> list[Holding]:
        """What the library holds, without passages."""
        query = select(_documents)
        if audience is not None:
            query = query.where(_documents.c.audience == audience)
        with self.database.reading() as connection:
            rows = connection.execute(query.order_by(_documents.c.id)).all()
        return [_holding(row) for row in rows]

    def holding(self, document: str) -> Holding | None:
        """One document as the library holds it, without passages; None where it does not."""
        with self.database.reading() as connection:
            row = connection.execute(select(_documents).where(_documents.c.id == document)).first()
        return _holding(row) if row else None

    def put(self, holding: Holding, shelved: Sequence[Shelved], within: Connection | None = None) -> None:
        """Puts a document in the place of the one with the same id, as a whole."""
        document = holding.document
        row = {
            "id": document.id,
            "revision": holding.revision,
            "origin": holding.origin,
            "audience": document.audience.value,
            "embedder": holding.embedder,
            "stamp": holding.stamp,
            "units": holding.units,
            "body": _document_json.dump_json(document).decode(),
            "ingested_at": datetime.now(UTC).isoformat(timespec="seconds"),
        }
        with self.changing(within) as connection:
            _remove(connection, document.id)
            connection.execute(insert(_documents).values(**row))
            if shelved:
                connection.execute(insert(_passages), [_passage_row(item) for item in shelved])
            _advance(connection)

    def restamp(self, document: str, stamp: str) -> None:
        """Notes that a file was touched but says the same."""
        with self.database.writing() as connection:
            connection.execute(update(_documents).where(_documents.c.id == document).values(stamp=stamp))

    def remove(self, document: str, within: Connection | None = None) -> None:
        """Takes a document and its passages out."""
        with self.changing(within) as connection:
            if _remove(connection, document):
                _advance(connection)

    def passages(self, document: str) -> list[Shelved]:
        """A document's passages in reading order."""
        query = select(_passages).where(_passages.c.document == document).order_by(_passages.c.number)
        with self.database.reading() as connection:
            return [_shelved(row.body, row.vectors) for row in connection.execute(query)]

    def fetch(self, ids: Sequence[str]) -> dict[str, Shelved]:
        """Passages by id; those that are gone are left out."""
        query = select(_passages.c.id, _passages.c.body, _passages.c.vectors).where(_passages.c.id.in_(ids))
        with self.database.reading() as connection:
            return {row.id: _shelved(row.body, row.vectors) for row in connection.execute(query)}

    def walk(self, documents: Iterable[str]) -> Iterator[list[Shelved]]:
        """The passages of many documents, in lists of bounded size."""
        batch: list[Shelved] = []
        for document in documents:
            batch.extend(self.passages(document))
            if len(batch) >= _BATCH:
                yield batch
                batch = []
        if batch:
            yield batch

    def indexed(self, index: str) -> dict[str, tuple[str, int]]:
        """What a dense index has taken in: document -> (revision, number of vectors)."""
        query = select(_indexed).where(_indexed.c.index == index)
        with self.database.reading() as connection:
            return {row.document: (row.revision, row.units) for row in connection.execute(query)}

    def mark_indexed(self, index: str, holdings: Iterable[Holding]) -> None:
        """Notes that a dense index has taken these documents in."""
        rows = [
            {"index": index, "document": holding.document.id, "revision": holding.revision, "units": holding.units}
            for holding in holdings
        ]
        with self.changing() as connection:
            _unmark(connection, index, [row["document"] for row in rows])
            connection.execute(insert(_indexed), rows)

    def unmark_indexed(self, index: str, documents: Sequence[str]) -> None:
        """Notes that a dense index no longer has these documents."""
        with self.changing() as connection:
            _unmark(connection, index, documents)

    def told(self, audience: Audience) -> Iterator[Passage]:
        """Every passage of this audience's documents, document by document in reading order."""
        query = select(_passages.c.body).join(_documents, _documents.c.id == _passages.c.document)
        query = query.where(_documents.c.audience == audience).order_by(_passages.c.document, _passages.c.number)
        with self.database.reading() as connection:
            bodies = connection.execute(query).scalars().all()
        return map(_passage_json.validate_json, bodies)

    def counts(self) -> dict[str, int]:
        """How many passages each document has, by its id."""
        query = select(_passages.c.document, func.count()).group_by(_passages.c.document)
        with self.database.reading() as connection:
            return {row[0]: row[1] for row in connection.execute(query)}

    def count(self) -> int:
        """How many passages there are."""
        with self.database.reading() as connection:
            return int(connection.execute(select(func.count()).select_from(_passages)).scalar_one())


def _holding(row: Row[Any]) -> Holding:
    return Holding(_document_json.validate_json(row.body), row.revision, row.origin, row.embedder, row.stamp, row.units)


def _remove(connection: Connection, document: str) -> bool:
    connection.execute(delete(_passages).where(_passages.c.document == document))
    return bool(connection.execute(delete(_documents).where(_documents.c.id == document)).rowcount)


def _advance(connection: Connection) -> None:
    connection.execute(update(_generation).values(number=_generation.c.number + 1))


def _unmark(connection: Connection, index: str, documents: Sequence[object]) -> None:
    for start in range(0, len(documents), _BATCH):  # a statement takes a bounded number of values
        batch = documents[start : start + _BATCH]
        connection.execute(delete(_indexed).where((_indexed.c.index == index) & _indexed.c.document.in_(batch)))


def _passage_row(item: Shelved) -> dict[str, object]:
    return {
        "id": item.passage.id,
        "document": item.passage.document,
        "number": item.passage.number,
        "body": _passage_json.dump_json(item.passage).decode(),
        "vectors": item.vectors.astype(np.float16).tobytes(),
    }


def _shelved(body: str, vectors: bytes) -> Shelved:
    passage = _passage_json.validate_json(body)
    matrix = np.frombuffer(vectors, dtype=np.float16).astype(np.float32).reshape(len(passage.units), -1)
    return Shelved(passage, matrix)
