"""What the events say of each ticket, played again from the first, against the row that the queue has of it."""

from __future__ import annotations

import bisect
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.ticket import CLAIMED, MOVES, OPEN, WAITING, Status, Ticket
from assistant.ticket_event import TicketClaimed, TicketReleased, TicketResolved, TicketReturned, TicketTransferred
from evals.desk_office import Office

_ALL = 1_000_000


@dataclass(frozen=True)
class Life:
    """One ticket as its events tell it. Times are UTC, ISO 8601; `waits` are from a release to the next claim."""

    claims: tuple[str, ...]
    transfers: int
    releases: int
    closes: int
    claimed_twice: bool
    closed_twice: bool
    agrees: bool
    lost: bool
    waits: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Audit:
    """All tickets together. `illegal` counts those whose events make a move that there is not, or that their row denies."""

    tickets: int
    claims: int
    transfers: int
    releases: int
    claimed_twice: int
    closed_twice: int
    lost: int
    illegal: int
    overtaken: tuple[int, ...]
    """For each time that a ticket was released: how many that never were have been claimed before it was again."""


def audit(office: Office) -> Audit:
    """Reads every event of every ticket."""
    lives = [_life(ticket, office.storage.history(ticket.conversation)) for ticket in office.queue.listed(limit=_ALL)]
    fresh = sorted(claim for life in lives if not life.releases for claim in life.claims)
    waits = [wait for life in lives for wait in life.waits]
    overtaken = tuple(bisect.bisect_left(fresh, end) - bisect.bisect_right(fresh, begin) for begin, end in waits)
    claims, releases = sum(len(life.claims) for life in lives), sum(life.releases for life in lives)
    once = sum(life.transfers + life.releases + life.closes == len(life.claims) for life in lives)
    return Audit(
        tickets=len(lives),
        claims=claims,
        transfers=sum(life.transfers for life in lives),
        releases=releases,
        claimed_twice=sum(life.claimed_twice for life in lives),
        closed_twice=sum(life.closed_twice for life in lives),
        lost=sum(life.lost for life in lives),
        illegal=sum(not life.agrees for life in lives) + len(lives) - once,
        overtaken=overtaken,
    )


def _life(ticket: Ticket, history: Sequence[tuple[str, object]]) -> Life:
    own = [(at, event) for at, event in history if getattr(event, "ticket", None) == ticket.id and type(event) in MOVES]
    status, holder, legal = WAITING, None, True
    claimed_twice = closed_twice = False
    waits, released = [], ""
    for at, event in own:
        before, after = MOVES[type(event)]
        claimed_twice |= isinstance(event, TicketClaimed) and status is CLAIMED
        closed_twice |= after not in OPEN and status not in OPEN
        legal &= status in before and (status is WAITING or holder == getattr(event, "agent", holder))
        if isinstance(event, TicketClaimed) and released:
            waits.append((released, at))
        status, released = after, at if isinstance(event, TicketReleased) else ""
        holder = getattr(event, "agent", None) if after is not WAITING else None
    closer = holder if status in (Status.RESOLVED, Status.RETURNED) else None
    return Life(
        claims=tuple(at for at, event in own if isinstance(event, TicketClaimed)),
        transfers=_count(own, TicketTransferred),
        releases=_count(own, TicketReleased),
        closes=_count(own, TicketResolved) + _count(own, TicketReturned),
        claimed_twice=claimed_twice,
        closed_twice=closed_twice,
        agrees=legal and (ticket.status, ticket.claimed_by, ticket.closed_by) == (status, holder, closer),
        lost=status in OPEN,
        waits=tuple(waits),
    )


def _count(own: Sequence[tuple[str, object]], kind: type) -> int:
    return sum(isinstance(event, kind) for _, event in own)
