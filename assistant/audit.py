"""Who read or changed what: entries that are only added, each sealed together with the one before it."""

from __future__ import annotations

import hashlib
import hmac
import json
import threading
from collections.abc import Iterator, Mapping
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from cachetools import LRUCache
from sqlalchemy import BigInteger, Column, Connection, Index, Integer, String, Table, Text, insert, select, update

from knowledge_base.database import Database, metadata

_entries = Table(
    "audit",
    metadata,
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    Column("at", String(40), nullable=False),
    Column("who", String(100), nullable=False),
    Column("did", String(60), nullable=False),
    Column("what", Text, nullable=False),
    Column("detail", Text, nullable=False),
    Column("digest", String(64), nullable=False),
    Index("audit_by_who", "who", "number"),
    Index("audit_by_what", "what", "number"),
)
_head = Table(
    "audit_head",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("number", BigInteger, nullable=False),
    Column("digest", String(64), nullable=False),
)
_BATCH = 1_000
_REMEMBERED = 10_000


@dataclass(frozen=True)
class Entry:
    """One entry: `who` (a sign-in's name, or `system`) did something to `what` (an id), at this time (UTC, ISO 8601)."""

    number: int
    at: str
    who: str
    did: str
    what: str
    detail: Mapping[str, str]


@dataclass(frozen=True)
class Break:
    """The first entry at which the chain does not hold, and in what way."""

    number: int
    reason: str


class Audit:
    """The audit trail. Its digests are keyed, so who can write the database but has not the key cannot mend the chain."""

    def __init__(self, database: Database, key: str) -> None:
        self._database = database
        self._key = key.encode()
        self._looks: LRUCache[tuple[str, ...], None] = LRUCache(_REMEMBERED)
        self._lock = threading.Lock()

    def note(
        self,
        who: str,
        did: str,
        what: str,
        detail: Mapping[str, str] | None = None,
        within: Connection | None = None,
    ) -> None:
        """Adds an entry; `within` a transaction that writes, so that what was done and its entry are stored together or not at all."""
        with nullcontext(within) if within is not None else self._database.writing() as connection:
            last = connection.execute(select(_head).with_for_update()).one()
            row = {
                "number": last.number + 1,
                "at": datetime.now(UTC).isoformat(timespec="milliseconds"),
                "who": who,
                "did": did,
                "what": what,
                "detail": json.dumps(detail or {}, ensure_ascii=False, sort_keys=True),
            }
            digest = self._digest(last.digest, row)
            connection.execute(insert(_entries).values(**row, digest=digest))
            connection.execute(update(_head).values(number=row["number"], digest=digest))

    def note_look(self, who: str, did: str, what: str, detail: Mapping[str, str] | None = None) -> None:
        """Adds an entry where this person has not done this to this thing today (UTC): who looks on looks once."""
        today = datetime.now(UTC).date().isoformat()
        look = (who, did, what, today)
        with self._lock:
            if look in self._looks:
                return
        e = _entries.c
        query = select(e.number).where(e.what == what, e.who == who, e.did == did, e.at >= today).limit(1)
        with self._database.reading() as connection:
            noted = connection.execute(query).first() is not None
        if not noted:
            self.note(who, did, what, detail)
        with self._lock:
            self._looks[look] = None

    def listed(
        self, who: str | None = None, what: str | None = None, before: int | None = None, limit: int = 100
    ) -> list[Entry]:
        """The entries, the last first; those of one person, or on one thing, or before a number, where these are given."""
        query = select(_entries).order_by(_entries.c.number.desc()).limit(limit)
        for column, wanted in ((_entries.c.who, who), (_entries.c.what, what)):
            query = query.where(column == wanted) if wanted is not None else query
        query = query.where(_entries.c.number < before) if before is not None else query
        with self._database.reading() as connection:
            rows = connection.execute(query).all()
        return [Entry(row.number, row.at, row.who, row.did, row.what, json.loads(row.detail)) for row in rows]

    def verify(self) -> tuple[int, Break | None]:
        """How many entries hold, from the first one on, and where the chain breaks, if it does."""
        with self._database.reading() as connection:
            head, previous, number = connection.execute(select(_head)).one(), "", 0
            for row in _rows(connection):
                if row["number"] != number + 1:
                    return number, Break(number + 1, "it is missing")
                if not hmac.compare_digest(self._digest(previous, row), row["digest"]):
                    return number, Break(
                        row["number"], "it was altered, or another key was in force when it was written"
                    )
                previous, number = row["digest"], row["number"]
        if (head.number, head.digest) != (number, previous):
            return number, Break(number + 1, "it is missing, or the head of the chain was altered")
        return number, None

    def _digest(self, previous: str, row: Mapping[str, Any]) -> str:
        told = json.dumps([previous, *(row[name] for name in ("number", "at", "who", "did", "what", "detail"))])
        return hmac.new(self._key, told.encode(), hashlib.sha256).hexdigest()


def _rows(connection: Connection) -> Iterator[Mapping[str, Any]]:
    """Every entry, the first first, read in bounded lists."""
    after = -1
    while True:
        found = connection.execute(
            select(_entries).where(_entries.c.number > after).order_by(_entries.c.number).limit(_BATCH)
        ).all()
        if not found:
            return
        yield from (row._asdict() for row in found)
        after = found[-1].number
