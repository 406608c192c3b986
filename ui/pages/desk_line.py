"""The queue as one agent sees it: what waits for this agent, in the order of service, and what the agent has."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from assistant.human_agent import HumanAgent
from assistant.ticket import Status, Ticket
from ui.service import Service

_LOOKED_AT = 500


@dataclass(frozen=True)
class Line:
    """What an agent sees of the queue. `elsewhere` counts what waits for other skills, or for a colleague by name."""

    waiting: tuple[Ticket, ...]
    mine: tuple[Ticket, ...]
    elsewhere: int

    @property
    def longest(self) -> str | None:
        """Since when the longest wait runs: UTC, ISO 8601."""
        return min((ticket.asked_at for ticket in self.waiting), default=None)


def line(service: Service, me: HumanAgent) -> Line:
    """The queue as it stands now; what is offered to this agent comes first."""
    now = datetime.now(UTC).isoformat(timespec="milliseconds")
    waiting = [one for one in service.queue.listed(Status.WAITING, _LOOKED_AT) if not one.due_at or one.due_at <= now]
    own = [one for one in waiting if is_for(one, me, now)]
    own.sort(key=lambda one: not is_offered(one, me, now))
    return Line(tuple(own), tuple(service.queue.of(me.name)), len(waiting) - len(own))


def is_offered(ticket: Ticket, me: HumanAgent, now: str) -> bool:
    """Whether this agent is asked to take this ticket at this moment (UTC, ISO 8601)."""
    return ticket.offered_to == me.name and ticket.offered_until is not None and ticket.offered_until > now


def is_for(ticket: Ticket, me: HumanAgent, now: str) -> bool:
    """Whether the queue would serve it to this agent: what was passed on to one person is kept for that person while the offer lasts."""
    kept = ticket.wanted not in (None, me.name) and ticket.offered_until is not None and ticket.offered_until > now
    return ticket.first_reviewer != me.name and not kept and (me.serves(ticket.skill) or ticket.wanted == me.name)
