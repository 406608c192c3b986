"""The queue: who waits, in which order, and who takes what. The rows themselves are written by events (`ticket_table.py`)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import (
    Connection,
    and_,
    case,
    func,
    or_,
    select,
    update,
)

from assistant.ticket import CLAIMED, OPEN, WAITING, NoSuchTicket, Status, Ticket
from assistant.ticket_kind import Kind
from assistant.ticket_table import now, read, tickets
from knowledge_base.database import Database

_t = tickets.c
_MEASURED = 200


def next_for(connection: Connection, agent: str, skills: Collection[str]) -> Ticket | None:
    """The ticket that this agent takes next, locked until the transaction ends; other agents meanwhile get other tickets.

    It is the first in the order of service; what is offered to others comes only when nothing else waits. What was
    transferred to one person waits for that person while the offer lasts. A first reviewer never is the second.
    """
    at = now()
    offered = and_(_t.offered_to.is_not(None), _t.offered_until > at)
    place = case((and_(offered, _t.offered_to != agent), 1), else_=0)
    mine = or_(_t.wanted.is_(None), _t.wanted == agent, _t.offered_until < at)
    may = [_t.status == WAITING.value, mine, or_(_t.first_reviewer.is_(None), _t.first_reviewer != agent)]
    may.append(or_(_t.skill.in_(skills), _t.wanted == agent))
    may.append(or_(_t.due_at.is_(None), _t.due_at <= at))
    order = (place, _t.front.desc(), _t.rank, _t.id)
    query = select(tickets).where(*may).order_by(*order).limit(1).with_for_update(skip_locked=True)
    row = connection.execute(query).mappings().first()
    return read(row) if row else None


def offer(connection: Connection, ticket: str, agent: str | None, until: str | None, passed: str) -> bool:
    """Offers a waiting ticket to this agent until then, or to nobody; whether it still waits and is offered to no other.

    Who was wanted alone had their time, so it is for whoever it is offered to now, and for everybody after that.
    """
    values = {"offered_to": agent, "offered_until": until, "passed": passed, "wanted": None}
    free = or_(_t.offered_until.is_(None), _t.offered_until <= now())
    waits = (_t.id == ticket) & (_t.status == WAITING.value) & free
    return connection.execute(update(tickets).where(waits).values(values)).rowcount == 1


def let_pass(connection: Connection, ticket: str, agent: str) -> bool:
    """Ends the offer of a waiting ticket to this agent, who is then among those that let it pass; whether there was one."""
    at = now()
    offered = (_t.id == ticket) & (_t.status == WAITING.value) & (_t.offered_to == agent) & (_t.offered_until > at)
    return connection.execute(update(tickets).where(offered).values(offered_until=at)).rowcount == 1


def waiting(connection: Connection) -> list[Ticket]:
    """All that wait now, in the order of service; what is due later does not wait yet."""
    due = or_(_t.due_at.is_(None), _t.due_at <= now())
    query = select(tickets).where((_t.status == WAITING.value) & due).order_by(_t.front.desc(), _t.rank, _t.id)
    return [read(row) for row in connection.execute(query).mappings()]


@dataclass(frozen=True)
class Waiting:
    """What of a ticket decides about the others' places."""

    id: str
    skill: str
    kind: Kind
    rank: float
    front: bool


def line(connection: Connection) -> list[Waiting]:
    """All that wait now, in no order."""
    due = or_(_t.due_at.is_(None), _t.due_at <= now())
    query = select(_t.id, _t.skill, _t.kind, _t.rank, _t.front).where((_t.status == WAITING.value) & due)
    return [Waiting(row.id, row.skill, Kind(row.kind), row.rank, row.front) for row in connection.execute(query)]


def claimed(connection: Connection) -> list[Ticket]:
    """All that a person has now."""
    query = select(tickets).where(_t.status == CLAIMED.value).order_by(_t.claimed_at)
    return [read(row) for row in connection.execute(query).mappings()]


def at_hand(connection: Connection, agent: str) -> int:
    """How many tickets this agent has now, or is offered."""
    offered = (_t.status == WAITING.value) & (_t.offered_to == agent) & (_t.offered_until > now())
    has = (_t.status == CLAIMED.value) & (_t.claimed_by == agent)
    return int(connection.execute(select(func.count()).where(or_(has, offered))).scalar_one())


def last_agents(connection: Connection) -> dict[str, str]:
    """Who had each conversation last in which a ticket waits now."""
    waits = select(_t.conversation).where(_t.status == WAITING.value)
    had = select(_t.conversation, _t.closed_by).where(_t.closed_by.is_not(None) & _t.conversation.in_(waits))
    return {row.conversation: row.closed_by for row in connection.execute(had.order_by(_t.closed_at))}


def hold(connection: Connection, conversation: str) -> None:
    """Locks the open tickets of this conversation until the transaction ends.

    Tickets are locked before events are numbered, as `next_for` does it: who locked the other way round would meet it in a circle.
    """
    mine = (_t.conversation == conversation) & _t.status.in_([one.value for one in OPEN])
    connection.execute(select(_t.id).where(mine).order_by(_t.id).with_for_update()).all()


def find(connection: Connection, ticket: str) -> Ticket:
    """One ticket; raises NoSuchTicket."""
    row = connection.execute(select(tickets).where(_t.id == ticket)).mappings().first()
    if row is None:
        raise NoSuchTicket(NoSuchTicket.__doc__)
    return read(row)


def service_seconds(connection: Connection, skill: str) -> list[float]:
    """How long the last conversations of this skill took, from claim to close, the latest first."""
    done = _t.status.in_([Status.RESOLVED.value, Status.RETURNED.value]) & (_t.skill == skill)
    done &= _t.claimed_at.is_not(None) & (_t.kind == Kind.TALK.value)
    query = select(_t.claimed_at, _t.closed_at).where(done).order_by(_t.closed_at.desc()).limit(_MEASURED)
    return [_seconds(begun, ended) for begun, ended in connection.execute(query)]


def seen(connection: Connection, conversation: str) -> None:
    """The customer of this conversation is still there."""
    hold(connection, conversation)
    mine = (_t.conversation == conversation) & _t.status.in_([one.value for one in OPEN])
    connection.execute(update(tickets).where(mine).values(seen_at=now()))


def unseen_since(connection: Connection, conversation: str, moment: str) -> bool:
    """Whether an open ticket of this conversation has had no sign of life from the customer since then."""
    mine = (_t.conversation == conversation) & _t.status.in_([one.value for one in OPEN])
    return connection.execute(select(_t.id).where(mine & (_t.seen_at < moment)).limit(1)).first() is not None


class Queue:
    """Reads the queue."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def listed(self, status: Status | None = None, limit: int = 200) -> list[Ticket]:
        """Tickets of this status, or all with the open ones first, in the order of service; the closed of one status the latest first."""
        closed = status is not None and status not in OPEN
        in_line = (_t.closed_at.is_not(None), _t.front.desc(), _t.rank, _t.id)
        order = (_t.closed_at.desc(),) if closed else in_line
        query = select(tickets).order_by(*order).limit(limit)
        with self._database.reading() as connection:
            rows = connection.execute(query.where(_t.status == status.value) if status else query).mappings()
            return [read(row) for row in rows]

    def of(self, agent: str) -> list[Ticket]:
        """What this agent has now, the longest first."""
        mine = (_t.status == CLAIMED.value) & (_t.claimed_by == agent)
        with self._database.reading() as connection:
            rows = connection.execute(select(tickets).where(mine).order_by(_t.claimed_at, _t.id)).mappings()
            return [read(row) for row in rows]

    def get(self, ticket: str) -> Ticket:
        """One ticket; raises NoSuchTicket."""
        with self._database.reading() as connection:
            return find(connection, ticket)


def _seconds(begun: str, ended: str) -> float:
    return (datetime.fromisoformat(ended) - datetime.fromisoformat(begun)).total_seconds()
