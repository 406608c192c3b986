"""A ticket's place in the queue: how many are before it, and how long that may take as things stand now."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection

from assistant import human_agent, queue
from assistant.desk_rules import GENERAL, DeskRules
from assistant.human_agent import HumanAgent, Presence
from assistant.queue import Waiting
from assistant.ticket import Ticket
from assistant.waiting import Desk, Service, Wait, ahead_of, estimate, measured, places
from knowledge_base.database import Database

_FRONT = 1e10
_LATELY = 1.0


@dataclass(frozen=True)
class Place:
    """`position` counts from 1, the next to be served; no `wait` where nobody is there to serve."""

    position: int
    wait: Wait | None


@dataclass(frozen=True)
class _Line:
    """The queue at a moment: who waits, who serves, and how long each skill's conversations took lately, as it is asked for."""

    waiting: Sequence[Waiting]
    desks: Sequence[Desk]
    services: dict[str, Service]
    until: float


class Places:
    """Looks places up."""

    def __init__(self, database: Database, rules: DeskRules) -> None:
        self._database = database
        self._rules = rules
        self._lately: _Line | None = None

    def of(self, skill: str, order: tuple[bool, float], own: str = "", *, lately: bool = False) -> Place:
        """The place of the ticket `own`, or of one that would join now; `order` is whether it stands at the front, and its rank.

        Counted are the customers who wait for the same skill and are served before it; what was left for later has nobody
        waiting, and only takes its time. The wait is told by `waiting.estimate` from the agents who are online with this skill,
        what they are talking about now, and how long such conversations took lately. With `lately` the queue may be that of a
        second ago: hundreds who watch their place need not have it read for each of them.
        """
        line, rank = self._line(lately=lately), _in_line(*order)
        ranks: dict[str, list[float]] = defaultdict(list)
        before = 0
        for one in line.waiting:
            if one.id != own:
                ranks[one.skill].append(_in_line(one.front, one.rank))
                before += one.skill == skill and not one.kind.is_left and ranks[skill][-1] < rank
        slots, talking = places(skill, line.desks)
        wait = estimate(ahead_of(rank, skill, ranks, line.desks), slots, self._service(skill, line), talking)
        return Place(before + 1, wait)

    def _line(self, *, lately: bool) -> _Line:
        if lately and self._lately and self._lately.until > time.monotonic():
            return self._lately
        with self._database.reading() as connection:
            line = _Line(queue.line(connection), _desks(connection, self._rules), {}, time.monotonic() + _LATELY)
        self._lately = line
        return line

    def _service(self, skill: str, line: _Line) -> Service:
        if skill not in line.services:
            expected = self._rules.skills[skill if skill in self._rules.skills else GENERAL].handle_seconds
            with self._database.reading() as connection:
                line.services[skill] = measured(queue.service_seconds(connection, skill), expected)
        return line.services[skill]


def _in_line(front: bool, rank: float) -> float:
    """Who stands at the front comes before every rank."""
    return rank - _FRONT if front else rank


def _desks(connection: Connection, rules: DeskRules) -> list[Desk]:
    at = datetime.now(UTC)
    talking: dict[str, list[float]] = defaultdict(list)
    for ticket in queue.claimed(connection):
        talking[ticket.claimed_by or ""].append(_seconds_since(ticket, at))
    return [
        Desk(frozenset(agent.known_skills(rules.skills)), agent.capacity, tuple(talking[agent.name]))
        for agent in there(human_agent.everyone(connection), rules, at)
    ]


def there(agents: list[HumanAgent], rules: DeskRules, at: datetime) -> list[HumanAgent]:
    """Those who take new tickets and have shown a sign of life lately."""
    earliest = (at - timedelta(seconds=rules.away_seconds)).isoformat(timespec="milliseconds")
    return [one for one in agents if one.presence is Presence.ONLINE and one.seen_at >= earliest]


def _seconds_since(ticket: Ticket, at: datetime) -> float:
    return (at - datetime.fromisoformat(ticket.claimed_at)).total_seconds() if ticket.claimed_at else 0.0
