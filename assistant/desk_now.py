"""How the desk stands at this moment: who waits, since when, and who is there to help."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import Connection, func, or_, select

from assistant import human_agent
from assistant.desk_rules import DeskRules
from assistant.place import there
from assistant.ticket import Status
from assistant.ticket_table import tickets


@dataclass(frozen=True)
class DeskNow:
    """What waits for a person (what is due later does not wait yet), the longest wait so far in seconds, what people have in hand, and
    how many agents take new customers."""

    waiting: int
    longest_wait: float | None
    in_hand: int
    agents: int


def desk_now(connection: Connection, rules: DeskRules) -> DeskNow:
    """The counts as the database has them now."""
    at, c = datetime.now(UTC), tickets.c
    due = or_(c.due_at.is_(None), c.due_at <= at.isoformat(timespec="milliseconds"))
    waits = select(func.count(), func.min(c.asked_at)).where((c.status == Status.WAITING.value) & due)
    has = select(func.count()).where(c.status == Status.CLAIMED.value)
    waiting, earliest = connection.execute(waits).one()
    longest = (at - datetime.fromisoformat(earliest)).total_seconds() if earliest else None
    agents = there(human_agent.everyone(connection), rules, at)
    return DeskNow(waiting, longest, connection.execute(has).scalar_one(), len(agents))
