"""The table of tickets, and how the events of a conversation write it: in the same transaction, by legal moves alone."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    ColumnElement,
    Connection,
    Float,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    func,
    insert,
    or_,
    true,
    update,
)

from assistant.event import Event
from assistant.flow_event import FlowEnded, ReviewDecided
from assistant.precedence import rank
from assistant.reason import Reason
from assistant.ticket import CLAIMED, MOVES, OPEN, WAITING, IllegalMove, Status, Ticket
from assistant.ticket_event import (
    AgentWrote,
    NoteTaken,
    ReviewChecked,
    SatisfactionGiven,
    TicketAbandoned,
    TicketClaimed,
    TicketOpened,
    TicketRaised,
    TicketReleased,
    TicketResolved,
    TicketReturned,
    TicketTransferred,
)
from assistant.ticket_kind import Kind
from knowledge_base.database import metadata

tickets = Table(
    "tickets",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("conversation", ForeignKey("conversations.id"), nullable=False, index=True),
    Column("kind", String(16), nullable=False),
    Column("status", String(16), nullable=False),
    Column("reason", String(32), nullable=False),
    Column("skill", String(40), nullable=False),
    Column("text", Text, nullable=False),
    Column("rank", Float(53), nullable=False),
    Column("front", Boolean, nullable=False),
    Column("asked_at", String(40), nullable=False),
    Column("opened_at", String(40), nullable=False),
    Column("queued_at", String(40), nullable=False),
    Column("seen_at", String(40), nullable=False),
    Column("frame", String(100)),
    Column("customer", String(100)),
    Column("senior", Boolean, nullable=False),
    Column("level", String(40)),
    Column("two_people", Boolean, nullable=False),
    Column("first_reviewer", String(100)),
    Column("due_at", String(40)),
    Column("wanted", String(100)),
    Column("offered_to", String(100)),
    Column("offered_until", String(40)),
    Column("passed", Text, nullable=False),
    Column("claimed_by", String(100), index=True),
    Column("claimed_at", String(40)),
    Column("answered_at", String(40)),
    Column("closed_at", String(40)),
    Column("closed_by", String(100)),
    Column("code", String(40)),
    Column("note", Text, nullable=False),
    Column("satisfaction", Integer),
    Index("tickets_waiting", "status", "skill", "rank"),
)
_t = tickets.c
_NOBODY: dict[str, Any] = {
    "claimed_by": None,
    "claimed_at": None,
    "offered_to": None,
    "offered_until": None,
    "passed": "",
    "wanted": None,
}
_MESSAGE_YIELDS = 2 * 60 * 60
"""A message lets everyone go first who comes within these seconds after it; nobody waits for it in the conversation."""


def now() -> str:
    """This moment, as times are stored: UTC, ISO 8601, to the millisecond."""
    return datetime.now(UTC).isoformat(timespec="milliseconds")


def project(connection: Connection, conversation: str, events: Sequence[Event]) -> bool:
    """Makes and moves tickets as these events say; whether any did. Raises IllegalMove, and then nothing of it stands."""
    moved = [_happened(connection, conversation, event) for event in events]
    return any(moved)


def _happened(connection: Connection, conversation: str, event: Event) -> bool:
    at = now()
    match event:
        case TicketOpened():
            connection.execute(insert(tickets).values(_row(conversation, event, at)))
        case FlowEnded():
            mine = (_t.conversation == conversation) & (_t.frame == event.frame) & (_t.kind == Kind.REVIEW.value)
            gone = {"status": Status.ABANDONED.value, "closed_at": at}
            changed = update(tickets).where(mine & _t.status.in_([one.value for one in OPEN])).values(gone)
            return connection.execute(changed).rowcount > 0
        case SatisfactionGiven():
            connection.execute(update(tickets).where(_t.id == event.ticket).values(satisfaction=event.score))
        case NoteTaken():
            pass
        case _ if type(event) in MOVES:
            _move(connection, event, at)
        case _:
            return False
    return True


def _row(conversation: str, event: TicketOpened, at: str) -> dict[str, Any]:
    begins = datetime.fromisoformat(event.due_at or event.asked_at)
    yields = _MESSAGE_YIELDS if event.kind is Kind.MESSAGE else 0
    own: dict[str, Any] = {
        "id": event.ticket,
        "conversation": conversation,
        "kind": event.kind.value,
        "reason": event.reason.value,
    }
    own |= {"skill": event.skill, "text": event.text, "frame": event.frame, "due_at": event.due_at}
    whose = {"customer": event.customer, "senior": event.senior, "level": event.level, "two_people": event.two_people}
    place = {
        "status": WAITING.value,
        "rank": rank(begins, event.head_start_seconds - yields),
        "front": False,
        "passed": "",
    }
    times = {"asked_at": event.asked_at, "opened_at": at, "queued_at": at, "seen_at": at}
    return own | whose | place | times | {"note": ""}


def _move(connection: Connection, event: Any, at: str) -> None:
    """A legal move from where the ticket stands, by whoever has it; one row is changed, or the move is refused."""
    before, after = MOVES[type(event)]
    may = (_t.id == event.ticket) & _t.status.in_([one.value for one in before])
    by = getattr(event, "agent", None) or getattr(event, "reviewer", None)
    if by and CLAIMED in before:
        may &= or_(_t.status == WAITING.value, _t.claimed_by == by)
    may &= _reviewed_in_order(event)
    changed = update(tickets).where(may).values(status=after.value, **_changes(event, at))
    if connection.execute(changed).rowcount != 1:
        raise IllegalMove(IllegalMove.__doc__)


def _reviewed_in_order(event: Any) -> ColumnElement[bool]:
    """Nobody checks after the first of two, and of those nobody approves but another than the first."""
    match event:
        case ReviewChecked():
            return _t.two_people & _t.first_reviewer.is_(None)
        case ReviewDecided(approved=True):
            return or_(~_t.two_people, _t.first_reviewer != event.reviewer)
        case _:
            return true()


def _changes(event: Any, at: str) -> dict[str, Any]:  # noqa: C901 - one arm a move
    closed = {"closed_at": at, "offered_to": None, "offered_until": None}
    match event:
        case TicketClaimed():
            return {**_NOBODY, "claimed_by": event.agent, "claimed_at": at, "front": False}
        case TicketRaised():
            raised = rank(datetime.fromisoformat(event.asked_at), event.head_start_seconds)
            return {"reason": event.reason.value, "skill": event.skill, "rank": raised}
        case AgentWrote():
            return {"answered_at": func.coalesce(_t.answered_at, at)}
        case TicketReleased():
            # Nobody waits for what was left for later.
            return {**_NOBODY, "front": _t.kind.in_([Kind.TALK.value, Kind.REVIEW.value]), "queued_at": at}
        case TicketTransferred():
            offer = {"offered_to": event.to, "offered_until": event.until}
            return {**_NOBODY, **offer, "skill": event.skill, "wanted": event.to, "note": event.note, "queued_at": at}
        case ReviewChecked():
            return {**_NOBODY, "first_reviewer": event.agent, "queued_at": at}
        case TicketReturned():
            return closed | {"closed_by": event.agent, "note": event.note}
        case TicketResolved():
            return closed | {"closed_by": event.agent, "code": event.code, "note": event.note}
        case ReviewDecided():
            return closed | {"closed_by": event.reviewer, "code": "approved" if event.approved else "refused"}
        case TicketAbandoned():
            return closed | {"code": event.why}
        case _:
            raise AssertionError(f"{type(event).__name__} moves no ticket")


def read(row: Any) -> Ticket:
    """A row as a ticket."""
    typed = {"kind": Kind(row["kind"]), "status": Status(row["status"]), "reason": Reason(row["reason"])}
    return Ticket(**{**row, **typed})
