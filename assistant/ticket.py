"""A ticket: what waits for a person of the bank, and which moves it may make."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from assistant.flow_event import ReviewDecided
from assistant.reason import Reason
from assistant.ticket_event import (
    AgentWrote,
    ReviewChecked,
    TicketAbandoned,
    TicketClaimed,
    TicketRaised,
    TicketReleased,
    TicketResolved,
    TicketReturned,
    TicketTransferred,
)
from assistant.ticket_kind import Kind


class Status(StrEnum):
    """Where a ticket stands."""

    WAITING = "waiting"
    CLAIMED = "claimed"
    RESOLVED = "resolved"
    RETURNED = "returned"
    ABANDONED = "abandoned"


WAITING, CLAIMED = Status.WAITING, Status.CLAIMED
OPEN = (WAITING, CLAIMED)
MOVES: Mapping[type, tuple[tuple[Status, ...], Status]] = {
    TicketClaimed: ((WAITING,), CLAIMED),
    AgentWrote: ((CLAIMED,), CLAIMED),
    TicketRaised: ((WAITING,), WAITING),
    TicketReleased: ((CLAIMED,), WAITING),
    TicketTransferred: ((CLAIMED,), WAITING),
    ReviewChecked: (OPEN, WAITING),
    TicketReturned: ((CLAIMED,), Status.RETURNED),
    TicketResolved: ((CLAIMED,), Status.RESOLVED),
    ReviewDecided: (OPEN, Status.RESOLVED),
    TicketAbandoned: ((WAITING,), Status.ABANDONED),
}
"""From which statuses each event may come, and where it leads: the only moves there are."""


class IllegalMove(Exception):
    """The ticket is not where this move may be made from: another person has it, or it was closed meanwhile."""


class NoSuchTicket(Exception):
    """There is no such ticket; GET /v1/tickets lists them."""


@dataclass(frozen=True)
class Ticket:
    """One row of the queue. Times are UTC, ISO 8601; what is personal stays in the conversation's events.

    The smallest `rank` is served first, those at the `front` before all others. `asked_at` is when the customer first needed a
    person, from which the service level counts; `queued_at` when the ticket last began to wait. `wanted` is the one person it
    was transferred to, `offered_to` whom it is offered to until `offered_until`, `first_reviewer` who approved first of two.
    """

    id: str
    conversation: str
    kind: Kind
    status: Status
    reason: Reason
    skill: str
    text: str
    rank: float
    front: bool
    asked_at: str
    opened_at: str
    queued_at: str
    seen_at: str
    frame: str | None = None
    customer: str | None = None
    senior: bool = False
    level: str | None = None
    two_people: bool = False
    first_reviewer: str | None = None
    due_at: str | None = None
    wanted: str | None = None
    offered_to: str | None = None
    offered_until: str | None = None
    passed: str = ""
    claimed_by: str | None = None
    claimed_at: str | None = None
    answered_at: str | None = None
    closed_at: str | None = None
    closed_by: str | None = None
    code: str | None = None
    note: str = ""
    satisfaction: int | None = None
