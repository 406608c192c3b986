"""Who is offered what: the longest waiting to the best free agent; what a vanished agent had goes back before all others."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection

from assistant import human_agent, queue
from assistant.assistant import Assistant
from assistant.desk_rules import DeskRules
from assistant.human_agent import HumanAgent, Presence
from assistant.place import there
from assistant.storage import DESK, Storage
from assistant.ticket import IllegalMove, Status, Ticket
from assistant.ticket_event import TicketAbandoned, TicketReleased
from assistant.ticket_kind import Kind

log = logging.getLogger(__name__)
_GAP = timedelta(seconds=10)


class Routing:
    """Keeps the queue moving; `sweep` is called every second or so, by as many processes as there are."""

    def __init__(self, storage: Storage, assistant: Assistant, rules: DeskRules, since: datetime | None = None) -> None:
        """`since` is when agents could first be seen: from now on, unless another process watched before."""
        self._storage = storage
        self._assistant = assistant
        self._rules = rules
        self._swept_at = datetime.now(UTC)
        self._watched_since = since or self._swept_at

    def sweep(self) -> None:
        """Takes back what vanished agents had, lets customers go who have gone themselves, and offers what waits."""
        now = datetime.now(UTC)
        if now - self._swept_at > _GAP:
            self._watched_since = now
        with self._storage.database.reading() as connection:
            agents = human_agent.everyone(connection)
            claimed, waiting = queue.claimed(connection), queue.waiting(connection)
            had = queue.last_agents(connection)
        self._take_back(claimed, agents, now)
        waiting = [ticket for ticket in waiting if not self._let_go(ticket, now)]
        self._offer(waiting, _load(claimed, waiting, now), there(agents, self._rules, now), had)
        self._swept_at = datetime.now(UTC)

    def _take_back(self, claimed: Sequence[Ticket], agents: Sequence[HumanAgent], now: datetime) -> None:
        """Who was not seen for long has gone - unless nobody could be seen, because the service was away itself."""
        away = timedelta(seconds=self._rules.away_seconds)
        gone = {agent.name for agent in agents if agent.seen_at < _text(now - away)}
        if now - self._watched_since < away:
            return
        for ticket in claimed:
            if ticket.claimed_by in gone:
                log.warning("agent %s has vanished; ticket %s waits again", ticket.claimed_by, ticket.id)
                self._hear(ticket, TicketReleased(ticket.id, ticket.claimed_by or ""))

    def _let_go(self, ticket: Ticket, now: datetime) -> bool:
        """A customer who has shown no sign of life for long is not waited on."""
        earliest = _text(now - timedelta(minutes=self._rules.idle_customer_minutes))
        if ticket.kind is not Kind.TALK or ticket.seen_at >= earliest:
            return False
        self._hear(ticket, TicketAbandoned(ticket.id, "silent"))
        return True

    def _hear(self, ticket: Ticket, event: TicketReleased | TicketAbandoned) -> None:
        try:
            self._assistant.hear(ticket.conversation, event)
        except IllegalMove:
            log.info("ticket %s was moved by somebody else meanwhile", ticket.id)
        except Exception:  # one conversation that cannot go on must not stop the queue for all others
            log.exception("ticket %s could not be moved", ticket.id)

    def _offer(
        self, waiting: Sequence[Ticket], load: Counter[str], agents: Sequence[HumanAgent], had: Mapping[str, str]
    ) -> None:
        """`load` is how many tickets each agent has or is offered, and `had` who had each conversation last."""
        for ticket in waiting:
            if _is_offered(ticket, datetime.now(UTC)):
                continue
            passed = {*ticket.passed.split(), ticket.offered_to or ""} - {""}
            chosen = best(ticket, agents, load, passed, had.get(ticket.conversation))
            if chosen:
                # Also where another sweep was faster: it most likely chose the same.
                load[chosen.name] += 1
                agents = [agent for agent in agents if load[agent.name] < agent.capacity]
            if chosen or passed:
                self._offer_to(chosen, ticket, passed)

    def _offer_to(self, chosen: HumanAgent | None, ticket: Ticket, passed: Collection[str]) -> None:
        """Once everybody let it pass, they are asked again."""
        until = _text(datetime.now(UTC) + timedelta(seconds=self._rules.offer_seconds)) if chosen else None
        left = " ".join(sorted(passed)) if chosen else ""
        with self._storage.database.writing() as connection:
            if chosen and not _has_room(connection, chosen.name):
                return
            if queue.offer(connection, ticket.id, chosen.name if chosen else None, until, left):
                self._storage.ring(connection, DESK)


def best(
    ticket: Ticket, agents: Sequence[HumanAgent], load: Mapping[str, int], passed: set[str], last: str | None
) -> HumanAgent | None:
    """The agent to offer a ticket to: free, able, and not one who let it pass; nothing where there is none.

    Whoever it was passed on to comes first, then whoever had this conversation before, then who has the smallest share of
    their capacity in use, then who has been free the longest.
    """
    able = [
        agent
        for agent in agents
        if (agent.serves(ticket.skill) or agent.name == ticket.wanted)
        and load.get(agent.name, 0) < agent.capacity
        and agent.name not in passed
        and agent.name != ticket.first_reviewer
    ]

    def order(agent: HumanAgent) -> tuple[bool, bool, float, str]:
        used = load.get(agent.name, 0) / agent.capacity
        return agent.name != ticket.wanted, agent.name != last, used, agent.free_since

    return min(able, key=order, default=None)


def _load(claimed: Sequence[Ticket], waiting: Sequence[Ticket], now: datetime) -> Counter[str]:
    offered = (ticket.offered_to for ticket in waiting if _is_offered(ticket, now))
    return Counter(name for name in (*(ticket.claimed_by for ticket in claimed), *offered) if name)


def _has_room(connection: Connection, name: str) -> bool:
    """Whether this agent can be offered one more, other sweeps that go on at the same time counted."""
    agent = human_agent.hold(connection, name)
    return agent.presence is Presence.ONLINE and queue.at_hand(connection, name) < agent.capacity


def _is_offered(ticket: Ticket, now: datetime) -> bool:
    return ticket.status is Status.WAITING and ticket.offered_until is not None and ticket.offered_until > _text(now)


def _text(moment: datetime) -> str:
    return moment.isoformat(timespec="milliseconds")
