"""Takes conversations out of everything that is stored, and says in a certificate what went and what stays."""

from __future__ import annotations

import hashlib
import hmac
import json
import logging
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Table, delete, or_, select, update

from assistant import picture, storage  # noqa: F401 - all tables that tell of a conversation stand in metadata then
from assistant.audit import Audit
from assistant.faq_draft import drafts
from assistant.gap_table import cursor, gaps, groups
from assistant.lead import leads
from assistant.ticket import OPEN
from assistant.ticket_table import tickets
from knowledge_base.database import Database, metadata

log = logging.getLogger(__name__)

_conversations, _events = metadata.tables["conversations"], metadata.tables["events"]
_NAMES_CUSTOMER = ("conversation_started", "signed_in")
_AT_ONCE = 500
_SETTLES, _MOMENT = 50, 0.1
STAYS = (
    "entries of the audit trail, which name conversations and tickets by their ids and cannot be altered",
    "archives of `teller backup` and of the database that were made before",
    "what was exported, logged, or sent to other systems before",
    "drafts and answers that the bank's people wrote themselves",
    "conversations in which the customer did not sign in",
    "what running services remember, for a minute at most",
)


class StillOpen(Exception):
    """Somebody waits in a conversation, or is being served; nothing was erased. Close these tickets first: {}."""


@dataclass(frozen=True)
class Erased:
    """What went: how many conversations, and rows by table."""

    conversations: int
    rows: Mapping[str, int]


@dataclass(frozen=True)
class Certificate:
    """That one customer's conversations were erased. `customer` is a keyed digest of the id, `digest` the SHA-256 of all the rest as JSON."""

    customer: str
    erased_at: str
    by: str
    conversations: int
    rows: Mapping[str, int]
    stays: Sequence[str]
    digest: str = ""

    def sealed(self) -> Certificate:
        """The same with its digest, which the audit trail holds too."""
        told = {name: value for name, value in asdict(self).items() if name != "digest"}
        text = json.dumps(told, ensure_ascii=False, sort_keys=True)
        return Certificate(**told | {"digest": hashlib.sha256(text.encode()).hexdigest()})


class Erasure:
    """Finds conversations and erases them, also beside running services: these forget them within a minute, and answer them no more."""

    def __init__(self, database: Database, audit: Audit, key: str) -> None:
        self._database = database
        self._audit = audit
        self._key = key.encode()

    def of_customer(self, customer: str) -> list[str]:
        """The conversations in which this customer signed in, by id."""
        wanted = f'"customer":{json.dumps(customer, ensure_ascii=False)}'
        named = _events.c.body.contains(wanted, autoescape=True)
        with self._database.reading() as connection:
            rows = connection.execute(select(_events.c.conversation, _events.c.body).where(named))
            found = {row.conversation for row in rows if _names(json.loads(row.body), customer)}
            for table in (tickets, leads):
                found |= set(
                    connection.execute(select(table.c.conversation).where(table.c.customer == customer)).scalars()
                )
        return sorted(found)

    def older_than(self, days: int, most: int | None = None) -> list[str]:
        """The conversations in which nothing has happened for so many days and no ticket is open, by id; of many, the oldest `most`."""
        since = (datetime.now(UTC) - timedelta(days=days)).isoformat(timespec="milliseconds")
        id = _conversations.c.id  # noqa: A001 - what the column is called
        later = select(_events.c.number).where(_events.c.conversation == id, _events.c.at >= since)
        waiting = select(tickets.c.id).where(tickets.c.conversation == id, _is_open())
        query = select(id).where(_conversations.c.started_at < since, ~later.exists(), ~waiting.exists())
        with self._database.reading() as connection:
            return list(connection.execute(query.order_by(_conversations.c.started_at, id).limit(most)).scalars())

    def customer(self, customer: str, by: str) -> Certificate:
        """Erases a customer's conversations, as a whole or not at all; raises StillOpen."""
        with self._database.writing() as connection:
            erased = self._erase(connection, lambda: self.of_customer(customer))
            digest = hmac.new(self._key, customer.encode(), hashlib.sha256).hexdigest()
            certificate = Certificate(digest, _now(), by, erased.conversations, erased.rows, STAYS).sealed()
            detail = {"certificate": certificate.digest, "conversations": str(erased.conversations)}
            self._audit.note(by, "erase_customer", digest, detail, within=connection)
        self._settle()
        return certificate

    def old(self, days: int, by: str, most: int | None = None) -> Erased:
        """Erases what `older_than` finds."""
        with self._database.writing() as connection:
            erased = self._erase(connection, lambda: self.older_than(days, most))
            detail = {"days": str(days), "conversations": str(erased.conversations)}
            self._audit.note(by, "erase_old", "conversations", detail, within=connection)
        self._settle()
        return erased

    def _erase(self, connection: Connection, find: Callable[[], Sequence[str]]) -> Erased:
        if not self._database.is_postgres:
            connection.exec_driver_sql("PRAGMA secure_delete=ON")
        connection.execute(select(cursor).with_for_update())
        conversations = _held(connection, find)
        self._require_closed(connection, conversations)
        told = _gap_texts(connection, conversations)
        counts: dict[str, int] = {}
        for part in _parts(conversations):
            for name, count in _delete(connection, part).items():
                counts[name] = counts.get(name, 0) + count
        _mend_groups(connection, told)
        return Erased(len(conversations), {name: count for name, count in sorted(counts.items()) if count})

    def _require_closed(self, connection: Connection, conversations: Sequence[str]) -> None:
        for part in _parts(conversations):
            query = select(tickets.c.id).where(tickets.c.conversation.in_(part), _is_open())
            if found := connection.execute(query).scalars().all():
                raise StillOpen(str(StillOpen.__doc__).format(", ".join(found)))

    def _settle(self) -> None:
        """Leaves nothing of it in SQLite's log of writes either, which is emptied once nobody reads in it."""
        if self._database.is_postgres:
            return
        for _ in range(_SETTLES):
            with self._database.engines.writer.connect() as connection:
                found = connection.connection.cursor()
                found.execute("PRAGMA wal_checkpoint(TRUNCATE)")
                busy = found.fetchone()
            if busy and not busy[0]:
                return
            time.sleep(_MOMENT)
        log.warning(
            "SQLite's log of writes is in use and still holds what was erased; it goes with the next erasure or stop"
        )


def _held(connection: Connection, find: Callable[[], Sequence[str]]) -> list[str]:
    """What is found, and still is once nobody can append to it; whoever wants to waits until it is gone, and then learns it."""
    found = sorted(find())
    for part in _parts(found):
        connection.execute(select(_conversations.c.id).where(_conversations.c.id.in_(part)).with_for_update())
    still = set(find())
    return [one for one in found if one in still]


def _delete(connection: Connection, conversations: Sequence[str]) -> dict[str, int]:
    """Out of every table that tells its rows' conversation; what people wrote only forgets where it came from."""
    connection.execute(update(drafts).where(drafts.c.conversation.in_(conversations)).values(conversation=None))
    counts = {}
    for table in reversed(metadata.sorted_tables):
        column = _conversation_column(table)
        if column is not None:
            counts[table.name] = connection.execute(delete(table).where(column.in_(conversations))).rowcount
    return counts


def _conversation_column(table: Table) -> ColumnElement[Any] | None:
    if table is _conversations:
        return table.c.id
    column = table.c.get("conversation")
    return column if column is not None and column.foreign_keys else None


def _gap_texts(connection: Connection, conversations: Sequence[str]) -> dict[str, set[str]]:
    """What of these conversations stands in groups of open questions, by group."""
    told: dict[str, set[str]] = {}
    for part in _parts(conversations):
        query = select(gaps.c.gap_group, gaps.c.text).where(
            gaps.c.conversation.in_(part), gaps.c.gap_group.is_not(None)
        )
        for group, text in connection.execute(query):
            told.setdefault(group, set()).add(text)
    return told


def _mend_groups(connection: Connection, told: Mapping[str, set[str]]) -> None:
    """A group without questions goes; one that is called by what went is called by the earliest that is left."""
    for group, texts in told.items():
        query = select(gaps.c.text, gaps.c.vector, gaps.c.embedder).where(gaps.c.gap_group == group).order_by(gaps.c.at)
        left = connection.execute(query).all()
        if not left:
            connection.execute(update(drafts).where(drafts.c.gap_group == group).values(gap_group=None))
            connection.execute(delete(groups).where(groups.c.id == group))
            continue
        row = connection.execute(select(groups).where(groups.c.id == group)).one()
        gone = texts - {one.text for one in left}
        first = next((one for one in left if one.vector is not None and one.embedder == row.embedder), None)
        if first and {row.title, row.leader} & gone:
            called = {"title": first.text, "leader": first.text, "vector": first.vector}
            connection.execute(update(groups).where(groups.c.id == group).values(**called))


def _names(event: Mapping[str, Any], customer: str) -> bool:
    return event["type"] in _NAMES_CUSTOMER and event["customer"] == customer


def _is_open() -> ColumnElement[bool]:
    return or_(*(tickets.c.status == status.value for status in OPEN))


def _parts(conversations: Sequence[str]) -> Iterable[Sequence[str]]:
    return (conversations[start : start + _AT_ONCE] for start in range(0, len(conversations), _AT_ONCE))


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds")
