"""The desk: what the people of the bank do with tickets. Each move is one transaction; a move that is not legal changes nothing."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection

from assistant import guard, human_agent, queue
from assistant.assistant import Assistant
from assistant.audit import Audit
from assistant.desk_now import DeskNow, desk_now
from assistant.desk_rules import DeskRules
from assistant.event import Event
from assistant.human_agent import HumanAgent, HumanAgents, Presence
from assistant.picture import Pictures
from assistant.queue import Queue
from assistant.reply import Turn
from assistant.storage import DESK, Storage
from assistant.ticket import OPEN, IllegalMove, Status, Ticket
from assistant.ticket_event import (
    AgentWrote,
    NoteTaken,
    ReviewChecked,
    TicketClaimed,
    TicketResolved,
    TicketReturned,
    TicketTransferred,
)
from assistant.ticket_kind import Kind
from assistant.video import VideoCall
from knowledge_base.text import clean

LONGEST_REASON = 200

_SEEN_EVERY = 20


class SamePerson(Exception):
    """You approved this already; a second person must check it."""


class NoReason(Exception):
    """A refusal needs a reason, in 200 characters at most; the customer reads it."""


class TooFewPictures(Exception):
    """The customer has not shown as many pictures as this must have before it is approved."""


class UnknownCode(Exception):
    """There is no such code; the desk's rules list those that a ticket can be resolved with."""


class UnknownAgent(Exception):
    """There is no such colleague at the desk."""


class UnknownSkill(Exception):
    """There is no such skill; the desk's rules list them."""


class Desk:
    """What an agent can do. `agent` is always the sign-in's name."""

    def __init__(
        self,
        storage: Storage,
        assistant: Assistant,
        queue: Queue,
        agents: HumanAgents,
        rules: DeskRules,
        limit: int,
        pictures: Pictures,
        video: VideoCall,
        audit: Audit,
    ) -> None:
        self._storage = storage
        self._assistant = assistant
        self._queue = queue
        self._limit = limit
        self.agents = agents
        self.pictures = pictures
        self._video = video
        self._audit = audit
        self.rules = rules

    def now(self) -> DeskNow:
        """How it stands: what waits, what people have in hand, and who is there."""
        with self._storage.database.reading() as connection:
            return desk_now(connection, self.rules)

    def be(
        self,
        agent: str,
        presence: Presence | None = None,
        capacity: int | None = None,
        skills: Collection[str] | None = None,
        shown_as: str | None = None,
    ) -> HumanAgent:
        """How an agent stands; what is not given stays as it was."""
        self._know(skills or ())
        return self.agents.put(agent, presence, capacity, skills, shown_as)

    def claim_next(self, agent: str, skills: Collection[str] = ()) -> Ticket | None:
        """The next ticket for this agent, of these skills or of all that the agent has; nothing where none waits."""
        me = self.agents.at_work(agent)
        self._know(skills)
        served = tuple(skills) or me.known_skills(self.rules.skills)
        taken: list[str] = []

        def choose(connection: Connection) -> tuple[str, Sequence[Event]] | None:
            human_agent.hold(connection, agent)
            found = queue.next_for(connection, agent, served)
            if found is None:
                return None
            taken[:] = [found.id]
            human_agent.set_free_since(connection, agent)
            return found.conversation, (TicketClaimed(found.id, agent, me.shown_as),)

        return self._queue.get(taken[0]) if self._storage.decide(choose) else None

    def claim(self, agent: str, ticket: str) -> Ticket:
        """This very ticket; raises IllegalMove where another has it or it is closed, NoSuchTicket."""
        me, found = self.agents.at_work(agent), self._queue.get(ticket)
        if found.first_reviewer == agent:
            raise SamePerson(SamePerson.__doc__)
        if found.status is Status.CLAIMED and found.claimed_by == agent:
            return found
        self._storage.tell(found.conversation, TicketClaimed(ticket, agent, me.shown_as))
        self.agents.set_free_since(agent)
        return self._queue.get(ticket)

    def let_pass(self, agent: str, ticket: str) -> None:
        """Leaves what was offered to this agent to another; raises IllegalMove where it is offered to this agent no more."""
        self.agents.seen(agent)
        with self._storage.database.writing() as connection:
            if not queue.let_pass(connection, ticket, agent):
                raise IllegalMove(IllegalMove.__doc__)
            self._storage.ring(connection, DESK)

    def write(self, agent: str, ticket: str, text: str) -> Ticket:
        """Says something to the customer; raises IllegalMove unless this agent has the ticket."""
        me, found = self.agents.seen(agent), self._queue.get(ticket)
        said = guard.check_message(text, self._limit, self._assistant.words(found.conversation))
        self._storage.tell(found.conversation, AgentWrote(ticket, agent, me.shown_as, guard.mask(said)))
        return self._queue.get(ticket)

    def seen(self, conversation: str) -> None:
        """The customer is still there; written only where the last sign of life is some time old."""
        before = _in(-_SEEN_EVERY)
        with self._storage.database.reading() as connection:
            stale = queue.unseen_since(connection, conversation, before)
        if stale:
            with self._storage.database.writing() as connection:
                queue.seen(connection, conversation)

    def note(self, agent: str, ticket: str, text: str) -> Ticket:
        """Notes something for colleagues, whoever has the ticket."""
        found = self._queue.get(ticket)
        noted = guard.check_message(text, self._limit, self._assistant.words(found.conversation))
        self._storage.tell(found.conversation, NoteTaken(ticket, agent, guard.mask(noted)))
        return found

    def transfer(
        self, agent: str, ticket: str, skill: str | None = None, to: str | None = None, note: str = ""
    ) -> Ticket:
        """Passes the ticket on, to whoever has a skill or to one person; what was waited already counts on."""
        found = self._queue.get(ticket)
        self._know([skill] if skill else [])
        here = self._is_there(to) if to else False
        until = _in(self.rules.offer_seconds) if here else None
        moved = TicketTransferred(ticket, agent, skill or found.skill, to, until, guard.mask(note))
        self._let_go(agent, found, moved)
        return self._queue.get(ticket)

    def give_back(self, agent: str, ticket: str, note: str = "") -> Turn:
        """The assistant goes on, at the very step where it stopped; raises IllegalMove for what only a person can do."""
        found = self._queue.get(ticket)
        _refuse_undecided(found)
        if found.kind.is_left:
            raise IllegalMove("The customer left this for a person: resolve it, or pass it on to a colleague.")
        return self._let_go(agent, found, TicketReturned(ticket, agent, guard.mask(note)))

    def resolve(self, agent: str, ticket: str, code: str, note: str = "", *, end_task: bool = False) -> Turn:
        """The matter is settled, with the open task where `end_task`; who was talked to is asked how satisfied they are."""
        found = self._queue.get(ticket)
        _refuse_undecided(found)
        if code not in self.rules.codes:
            raise UnknownCode(f"{code!r}: {UnknownCode.__doc__} They are {', '.join(self.rules.codes)}.")
        moved = TicketResolved(ticket, agent, code, guard.mask(note))
        return self._let_go(agent, found, moved, end_task=end_task)

    def _let_go(
        self,
        agent: str,
        ticket: Ticket,
        moved: TicketTransferred | TicketReturned | TicketResolved,
        *,
        end_task: bool = False,
    ) -> Turn:
        if ticket.claimed_by != agent:
            raise IllegalMove(IllegalMove.__doc__)
        turn = self._assistant.hear(ticket.conversation, moved, end_task=end_task)
        self.agents.set_free_since(agent)
        return turn

    def review(self, agent: str, ticket: str, *, approved: bool, reason: str = "") -> Ticket:
        """Approves, or refuses for a reason that the customer is told; where two people must approve, the first leaves it to another.

        Raises SamePerson, NoReason, TooFewPictures, and IllegalMove where it was decided meanwhile or another has it.
        """
        found = self._queue.get(ticket)
        if found.first_reviewer == agent:
            raise SamePerson(SamePerson.__doc__)
        told = guard.mask(clean(reason))
        if not approved and not 0 < len(told) <= LONGEST_REASON:
            raise NoReason(NoReason.__doc__)
        if approved:
            self._look_at_pictures(found)
        if approved and found.two_people and found.first_reviewer is None:
            self._storage.tell(found.conversation, ReviewChecked(ticket, agent))
        else:
            self._assistant.review(found.conversation, ticket, agent, approved=approved, reason=told)
        self._audit.note(agent, "approve" if approved else "refuse", ticket, {"conversation": found.conversation})
        self.agents.set_free_since(agent)
        return self._queue.get(ticket)

    def _look_at_pictures(self, ticket: Ticket) -> None:
        needed = self._assistant.pictures_needed(ticket.conversation, ticket.id)
        shown = self.pictures.count(ticket.id) if needed else 0
        if shown < needed:
            raise TooFewPictures(f"{TooFewPictures.__doc__} There are {shown} of {needed}.")

    def video_url(self, ticket: Ticket) -> str | None:
        """Where an agent joins the video call of a review that is open; nothing where the bank has none."""
        wanted = ticket.kind is Kind.REVIEW and ticket.status in OPEN
        return self._video.link(ticket.id, "agent") if wanted else None

    def _is_there(self, agent: str) -> bool:
        """Whether this colleague is at the desk, busy or not; raises UnknownAgent."""
        known, earliest = self.agents.all(), _in(-self.rules.away_seconds)
        if all(one.name != agent for one in known):
            names = ", ".join(one.name for one in known)
            raise UnknownAgent(f"{agent!r}: {UnknownAgent.__doc__} They are {names}.")
        here = (one.name for one in known if one.presence is not Presence.OFFLINE and one.seen_at >= earliest)
        return agent in here

    def _know(self, skills: Collection[str]) -> None:
        unknown = [skill for skill in skills if skill not in self.rules.skills]
        if unknown:
            raise UnknownSkill(f"{', '.join(unknown)}: {UnknownSkill.__doc__} They are {', '.join(self.rules.skills)}.")


def _refuse_undecided(ticket: Ticket) -> None:
    """A task waits for a review's decision; closed without one, it would wait for ever."""
    if ticket.kind is Kind.REVIEW:
        raise IllegalMove("A task waits for this decision: approve or refuse it, or pass it on to a colleague.")


def _in(seconds: int) -> str:
    return (datetime.now(UTC) + timedelta(seconds=seconds)).isoformat(timespec="milliseconds")


def is_mine(ticket: Ticket, agent: str) -> bool:
    """Whether this agent has the ticket now."""
    return ticket.status is Status.CLAIMED and ticket.claimed_by == agent


__all__ = [
    "Desk",
    "IllegalMove",
    "NoReason",
    "SamePerson",
    "TooFewPictures",
    "UnknownAgent",
    "UnknownCode",
    "UnknownSkill",
    "is_mine",
]
