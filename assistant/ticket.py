"""What waits for a person of the bank: one row a ticket, written in the same transaction as the event that made it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from sqlalchemy import Column, Connection, ForeignKey, String, Table, Text, insert, select, update

from assistant.event import Event
from assistant.flow_event import FlowEnded, ReviewDecided, ReviewRequested
from knowledge_base.database import Database, metadata

_tickets = Table(
    "tickets",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("conversation", ForeignKey("conversations.id"), nullable=False),
    Column("frame", String(100), nullable=False),
    Column("status", String(16), nullable=False, index=True),
    Column("skill", String(40), nullable=False),
    Column("text", Text, nullable=False),
    Column("opened_at", String(40), nullable=False),
    Column("closed_at", String(40)),
    Column("closed_by", String(100)),
)


class Status(StrEnum):
    """Where a ticket stands."""

    WAITING = "waiting"
    RESOLVED = "resolved"
    ABANDONED = "abandoned"


class NoSuchTicket(Exception):
    """There is no such ticket; GET /v1/tickets lists them."""


@dataclass(frozen=True)
class Ticket:
    """Something that a person must decide: for which conversation, and what it says. Times are UTC, ISO 8601."""

    id: str
    conversation: str
    frame: str
    status: Status
    skill: str
    text: str
    opened_at: str
    closed_at: str | None = None
    closed_by: str | None = None


class Tickets:
    """Reads the tickets; `project` is how they come to be."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def listed(self, status: Status | None = None) -> list[Ticket]:
        """Tickets of this status, or all, the longest waiting first."""
        query = select(_tickets).order_by(_tickets.c.opened_at, _tickets.c.id)
        with self._database.reading() as connection:
            rows = connection.execute(query.where(_tickets.c.status == status.value) if status else query).mappings()
            return [_ticket(row) for row in rows]

    def get(self, ticket: str) -> Ticket:
        """One ticket; raises NoSuchTicket."""
        with self._database.reading() as connection:
            row = connection.execute(select(_tickets).where(_tickets.c.id == ticket)).mappings().first()
        if row is None:
            raise NoSuchTicket(NoSuchTicket.__doc__)
        return _ticket(row)


def project(connection: Connection, conversation: str, events: Sequence[Event]) -> None:
    """Makes and closes tickets as these events say."""
    now = datetime.now(UTC).isoformat(timespec="milliseconds")
    for event in events:
        if isinstance(event, ReviewRequested):
            row = {"id": event.ticket, "conversation": conversation, "frame": event.frame, "skill": event.skill}
            row |= {"status": Status.WAITING.value, "text": event.text, "opened_at": now}
            connection.execute(insert(_tickets).values(row))
        elif isinstance(event, ReviewDecided):
            closed = {"status": Status.RESOLVED.value, "closed_at": now, "closed_by": event.reviewer}
            connection.execute(update(_tickets).where(_tickets.c.id == event.ticket).values(closed))
        elif isinstance(event, FlowEnded):
            open_one = (_tickets.c.frame == event.frame) & (_tickets.c.status == Status.WAITING.value)
            own = open_one & (_tickets.c.conversation == conversation)
            connection.execute(update(_tickets).where(own).values(status=Status.ABANDONED.value, closed_at=now))


def _ticket(row: object) -> Ticket:
    values = dict(row)  # type: ignore[call-overload]
    return Ticket(**{**values, "status": Status(values["status"])})
