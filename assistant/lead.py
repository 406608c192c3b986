"""Leads: unfinished tasks that customers agreed to be contacted about. All their SQL stands here.

A row is written in the same transaction as the event that made or moved it; nobody has a row who did not agree.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    ColumnElement,
    Connection,
    ForeignKey,
    Index,
    String,
    Table,
    Text,
    insert,
    or_,
    select,
    update,
)

from assistant.event import Event
from assistant.lead_event import LeadClosed, LeadConsented, LeadFinished, LeadMoved, LeadTaken, LeadWithdrawn
from knowledge_base.database import Database, metadata


class Status(StrEnum):
    """Where a lead stands."""

    NEW = "new"
    TAKEN = "taken"
    DONE = "done"
    DROPPED = "dropped"


OPEN = (Status.NEW, Status.TAKEN)

leads = Table(
    "leads",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("conversation", ForeignKey("conversations.id"), nullable=False),
    Column("customer", String(100), nullable=False),
    Column("name", String(100), nullable=False),
    Column("branch", String(100), nullable=False),
    Column("flow", String(100), nullable=False),
    Column("frame", String(100), nullable=False),
    Column("step", String(100), nullable=False),
    Column("stopped_at", String(40), nullable=False),
    Column("resumed", Boolean, nullable=False),
    Column("consented_at", String(40), nullable=False),
    Column("consent_version", String(40), nullable=False),
    Column("consent_digest", String(64), nullable=False),
    Column("status", String(16), nullable=False),
    Column("withdrawn", Boolean, nullable=False),
    Column("taken_by", String(100)),
    Column("note", Text, nullable=False),
    Column("updated_at", String(40), nullable=False),
    Index("leads_by_customer", "customer", "flow"),
    Index("leads_listed", "status", "branch", "stopped_at"),
)
_l = leads.c
_IS_OPEN = _l.status.in_([status.value for status in OPEN])


class LeadGone(Exception):
    """Somebody else has this lead, it is closed, or the customer has gone on or no longer wishes it; GET /v1/leads lists those there are."""


class NoSuchLead(Exception):
    """There is no such lead; GET /v1/leads lists them."""


@dataclass(frozen=True)
class Lead:
    """One row. Times are UTC, ISO 8601; what the customer filled in stays in the conversation's events.

    `name` is covered. `resumed` while the customer is at the task again, so that it only counts once it is left untouched;
    `withdrawn` where the customer no longer agrees, after which nobody is shown it.
    """

    id: str
    conversation: str
    customer: str
    name: str
    branch: str
    flow: str
    frame: str
    step: str
    stopped_at: str
    resumed: bool
    consented_at: str
    consent_version: str
    consent_digest: str
    status: Status
    withdrawn: bool
    taken_by: str | None
    note: str
    updated_at: str


def now() -> str:
    """This moment, as times are stored: UTC, ISO 8601, to the millisecond."""
    return datetime.now(UTC).isoformat(timespec="milliseconds")


def project(connection: Connection, conversation: str, events: Sequence[Event]) -> None:
    """Makes and moves leads as these events say; raises LeadGone, and then nothing of it stands."""
    for event in events:
        if isinstance(event, LeadConsented):
            connection.execute(insert(leads).values(_row(conversation, event)))
        elif isinstance(event, LeadMoved | LeadFinished | LeadWithdrawn):
            mine = (_l.id == event.lead) & _IS_OPEN
            connection.execute(update(leads).where(mine).values(**_changes(conversation, event), updated_at=now()))
        elif isinstance(event, LeadTaken | LeadClosed):
            _move(connection, event)


def _row(conversation: str, event: LeadConsented) -> dict[str, Any]:
    own = {"id": event.lead, "conversation": conversation, "customer": event.customer}
    whose = {"name": event.name, "branch": event.branch}
    consent = {"consented_at": event.at, "consent_version": event.version, "consent_digest": event.digest}
    stands = {"status": Status.NEW.value, "resumed": False, "withdrawn": False, "note": "", "updated_at": now()}
    point = event.point
    where = {"flow": point.flow, "frame": point.frame, "step": point.step, "stopped_at": point.at}
    return own | whose | where | consent | stands


def _changes(conversation: str, event: LeadMoved | LeadFinished | LeadWithdrawn) -> dict[str, Any]:
    if isinstance(event, LeadFinished):
        return {"status": Status.DONE.value}
    if isinstance(event, LeadWithdrawn):
        return {"status": Status.DROPPED.value, "withdrawn": True}
    point = event.point
    where = {"frame": point.frame, "step": point.step, "stopped_at": point.at}
    return where | {"conversation": conversation, "resumed": event.resumed}


def _move(connection: Connection, event: LeadTaken | LeadClosed) -> None:
    """One row is changed, or the move is refused."""
    if isinstance(event, LeadTaken):
        may = _l.status == Status.NEW.value
        values: dict[str, Any] = {"status": Status.TAKEN.value, "taken_by": event.by}
    else:
        may = (_l.status == Status.TAKEN.value) & (_l.taken_by == event.by)
        values = {"status": event.how, "note": event.note}
    changed = update(leads).where((_l.id == event.lead) & may).values(**values, updated_at=now())
    if connection.execute(changed).rowcount != 1:
        raise LeadGone(LeadGone.__doc__)


class Leads:
    """Reads the leads."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def open_of(self, customer: str, flow: str | None = None) -> list[Lead]:
        """What a customer agreed to be contacted about and is not closed yet: of one flow, or of all."""
        mine = (_l.customer == customer) & _IS_OPEN
        return self._found(mine & (_l.flow == flow) if flow else mine)

    def listed(
        self,
        untouched_since: str,
        status: Status | None = None,
        branch: str | None = None,
        flow: str | None = None,
        limit: int = 200,
    ) -> list[Lead]:
        """What the bank's people may see, those left last first; a task that the customer is at again only after `untouched_since`."""
        wanted = {_l.status: status and status.value, _l.branch: branch, _l.flow: flow}
        asked = [column == value for column, value in wanted.items() if value]
        return self._found(_is_seen(untouched_since), *asked, limit=limit)

    def get(self, lead: str, untouched_since: str) -> Lead:
        """One lead, where the bank's people may see it; raises NoSuchLead."""
        found = self._found(_is_seen(untouched_since), _l.id == lead)
        if not found:
            raise NoSuchLead(NoSuchLead.__doc__)
        return found[0]

    def _found(self, *conditions: ColumnElement[bool], limit: int | None = None) -> list[Lead]:
        query = select(leads).where(*conditions).order_by(_l.stopped_at.desc(), _l.id).limit(limit)
        with self._database.reading() as connection:
            rows = connection.execute(query).mappings()
            return [Lead(**{**row, "status": Status(row["status"])}) for row in rows]


def _is_seen(untouched_since: str) -> ColumnElement[bool]:
    at_it = (_l.status == Status.NEW.value) & _l.resumed.is_(True)
    return _l.withdrawn.is_(False) & or_(~at_it, _l.stopped_at <= untouched_since)
