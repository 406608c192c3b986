"""What of a turn needs a person becomes tickets: for whom, how urgent, where in the queue, and what the customer is told of it."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import assert_never

from assistant import business_hours, customer_card, handoff, place_text
from assistant.bank import Bank
from assistant.command import AskHuman, Command, LeaveQueue, RatePerson
from assistant.conversation import Conversation
from assistant.customer_card import CustomerCard
from assistant.desk_rules import GENERAL, DeskRules
from assistant.errand import Errand, Wanted
from assistant.event import ElderModeSet, HumanRequested
from assistant.flow import Flow
from assistant.open_ticket import OpenTicket
from assistant.place import Place, Places
from assistant.precedence import rank
from assistant.queue import Queue
from assistant.reason import Reason
from assistant.reply import Choice, TicketState
from assistant.step import Status as Ended
from assistant.ticket import Status
from assistant.ticket_event import (
    SatisfactionGiven,
    TicketAbandoned,
    TicketOpened,
    TicketRaised,
    TicketReleased,
    TicketResolved,
    TicketReturned,
    TicketTransferred,
)
from assistant.ticket_kind import Kind
from assistant.wording import Wording
from knowledge_base.passage import Audience

LEAVE_QUEUE = "leave_queue"
SATISFACTION = "satisfaction"
LATER = ("leave_message", "call_back")
"""The tasks by which something is left for a person who is not there now."""
SCORES = (5, 4, 3, 2, 1)

Moved = TicketReturned | TicketResolved | TicketReleased | TicketTransferred | TicketAbandoned
DeskCommand = AskHuman | LeaveQueue | RatePerson


class Reception:
    """Brings people in."""

    def __init__(self, flows: Mapping[str, Flow], rules: DeskRules, bank: Bank, queue: Queue, places: Places) -> None:
        self._flows = flows
        self._rules = rules
        self._bank = bank
        self._queue = queue
        self._places = places

    def receive(self, command: Command | None, errand: Errand) -> None:
        """Does what the turn asks of the desk, and opens tickets for what else in it needs a person; never for the bank's own people."""
        if errand.state.audience is Audience.STAFF:
            return
        match command:
            case AskHuman():
                errand.wanted.append(Wanted(Reason.ASKED))
            case LeaveQueue():
                self._leave(errand)
            case RatePerson():
                errand.happen(SatisfactionGiven(command.ticket, command.score))
                errand.told.append(errand.words.rated)
        self._helped(errand)
        reason = None if errand.wanted else handoff.due(errand.state, errand.happened)
        if reason:
            errand.wanted.append(Wanted(reason))
        for wanted in errand.wanted:
            self._want(wanted, errand)

    def _want(self, wanted: Wanted, errand: Errand) -> None:
        if wanted.kind is Kind.TALK:
            errand.handed_over = True
            errand.happen(HumanRequested(wanted.reason, errand.now.isoformat(timespec="milliseconds")))
            if errand.state.talk:
                self._wait_on(wanted, errand.state.talk, errand)
                return
        skill = self._skill(wanted, errand)
        taken_by = self._rules.taken_by(skill, errand.now)
        if wanted.kind.is_left:
            errand.happen(self._ticket(wanted, taken_by or skill, errand))
            self._rather_left(errand)
            return
        if wanted.kind is Kind.TALK and taken_by is None:
            self._closed(skill, errand)
            return
        opened = self._ticket(wanted, taken_by or skill, errand)
        order = (False, rank(datetime.fromisoformat(opened.asked_at), opened.head_start_seconds))
        place = self._places.of(opened.skill, order)
        if wanted.kind is Kind.TALK:
            errand.told += [errand.words.human_better] if wanted.reason in handoff.FOUND else []
            errand.told.append(place_text.joined(place, errand.words))
            errand.offers += self._ways(place, wanted.reason, errand.words)
        if wanted.kind is Kind.TALK or errand.ticket is None:
            errand.ticket = _waiting(opened.ticket, wanted.kind, place)
        errand.happen(opened)

    def meet(self, errand: Errand) -> None:
        """Turns elder mode on for a customer of that age who has not decided on it."""
        customer = errand.state.customer
        if errand.state.elder is None and customer and self.is_senior(customer, errand.state.locale):
            errand.happen(ElderModeSet(on=True, by="age"))
            errand.said.append(errand.words.elder_mode_on)

    def is_senior(self, customer: str, locale: str) -> bool:
        """Whether the bank knows this customer to be of the age that the desk serves first."""
        return self._is_elder(customer_card.read(self._bank, customer, locale))

    def _is_elder(self, card: CustomerCard | None) -> bool:
        return card is not None and card.age is not None and card.age >= self._rules.senior.age

    def _ticket(self, wanted: Wanted, skill: str, errand: Errand) -> TicketOpened:
        customer, locale = errand.state.customer, errand.state.locale
        known = wanted.reason is not Reason.BANK_UNAVAILABLE and customer is not None
        card = customer_card.read(self._bank, customer or "", locale) if known else None
        elder = bool(errand.state.elder) or self._is_elder(card)
        asked = errand.state.human_asked_at if wanted.kind is Kind.TALK else None
        frame = wanted.frame or (errand.state.frame.id if errand.state.frame else None)
        return TicketOpened(
            wanted.ticket or secrets.token_hex(6),
            wanted.kind,
            wanted.reason,
            skill,
            asked or errand.now.isoformat(timespec="milliseconds"),
            self._head_start(wanted.reason, card, elder=elder),
            frame,
            wanted.text,
            wanted.two_people,
            customer,
            elder,
            card.level if card else None,
            self._due(wanted),
            wanted.details,
        )

    def _due(self, wanted: Wanted) -> str | None:
        """When it is due, as times are stored; a day alone begins where the desk's clock hangs."""
        if wanted.due_at is None:
            return None
        due = datetime.fromisoformat(wanted.due_at)
        due = due if due.tzinfo else due.replace(tzinfo=self._rules.calendar.zone)
        return due.astimezone(UTC).isoformat(timespec="milliseconds")

    def _head_start(self, reason: Reason, card: CustomerCard | None, *, elder: bool) -> int:
        return self._rules.head_start(reason, card.level if card else None, elder=elder)

    def _skill(self, wanted: Wanted, errand: Errand) -> str:
        """What the person must know: said by the task's step, asked for by the reason, or that of the open task."""
        frame = errand.state.frame
        task = self._flows[frame.flow].skill if frame else GENERAL
        return wanted.skill or self._rules.reasons[wanted.reason].skill or task

    def _wait_on(self, wanted: Wanted, talk: OpenTicket, errand: Errand) -> None:
        """Who waits already is told where; something graver moves the ticket up."""
        ticket = self._queue.get(talk.id)
        graver = self._rules.head_start(wanted.reason) - self._rules.head_start(ticket.reason)
        asked = self._rules.reasons[wanted.reason].skill if graver > 0 else None
        skill = (asked and self._rules.taken_by(asked, errand.now)) or ticket.skill
        if graver > 0:
            start = rank(datetime.fromisoformat(ticket.asked_at), 0) - ticket.rank + graver
            errand.happen(TicketRaised(ticket.id, wanted.reason, skill, ticket.asked_at, round(start)))
        order = (ticket.front, ticket.rank - max(0, graver))
        place = self._places.of(skill, order, ticket.id)
        errand.told.append(place_text.still(place, errand.words))
        errand.offers += self._ways(place, wanted.reason if graver > 0 else ticket.reason, errand.words)
        errand.ticket = _waiting(ticket.id, ticket.kind, place)

    def _leave(self, errand: Errand) -> None:
        if errand.state.talk is None:
            errand.told.append(errand.words.nothing_to_cancel)
            return
        errand.happen(TicketAbandoned(errand.state.talk.id, "left"))
        errand.told.append(errand.words.queue_left)

    def _helped(self, errand: Errand) -> None:
        """Who was put into the queue because a task would not go on, and then finished it, needs nobody any more."""
        talk = errand.state.talk
        finished = errand.ended is not None and errand.ended[1] is Ended.DONE
        if talk and finished and errand.ended and talk.frame == errand.ended[0].id and talk.reason in handoff.SOFT:
            errand.happen(TicketAbandoned(talk.id, "helped"))
            errand.told.append(errand.words.queue_helped)

    def _rather_left(self, errand: Errand) -> None:
        """Who left something for later need not wait too, unless what they wait for is grave."""
        talk = errand.state.talk
        if talk and (talk.reason is Reason.ASKED or talk.reason in handoff.SOFT):
            errand.happen(TicketAbandoned(talk.id, "left"))
            errand.told.append(errand.words.queue_not_needed)

    def _closed(self, skill: str, errand: Errand) -> None:
        words = errand.words
        name = self._rules.skills[skill].name.of(words.language)
        hours = business_hours.told(self._rules.timetable(skill), words.language)
        errand.told.append(words.human_closed.format(skill=name, hours=hours))
        errand.offers += self._later(words)

    def _ways(self, place: Place, reason: Reason, words: Wording) -> list[Choice]:
        """The ways for who would rather not wait; what is grave is not to be left for later."""
        leave = Choice(LEAVE_QUEUE, words.leave_queue_choice)
        later = place.wait is None and reason not in (Reason.DANGER, Reason.FRAUD)
        return [leave, *(self._later(words) if later else ())]

    def _later(self, words: Wording) -> list[Choice]:
        """The tasks for who would rather not wait."""
        known = (self._flows[flow] for flow in LATER if flow in self._flows)
        return [Choice(flow.id, flow.title.of(words.language)) for flow in known]

    def hear(self, event: Moved, errand: Errand) -> None:
        """Tells the customer what became of their ticket at the desk."""
        words = errand.words
        before = next((one for one in errand.state.tickets if one.id == event.ticket), None)
        name = (before and before.shown_as) or ""
        errand.happen(event)
        match event:
            case TicketReturned():
                errand.said.append(words.human_left.format(agent=name))
            case TicketResolved():
                errand.said.append(words.human_done.format(agent=name))
                errand.offers += [satisfaction_choice(event.ticket, score, words) for score in SCORES]
            case TicketReleased():
                errand.said.append(words.human_gone.format(agent=name))
                self._waits_again(event.ticket, None, errand)
            case TicketTransferred():
                place = self._waits_again(event.ticket, event.skill, errand)
                errand.said.append(place_text.passed_on(place, name, words))
            case TicketAbandoned():
                errand.said.append(words.queue_silent)
            case _:
                assert_never(event)

    def _waits_again(self, ticket: str, skill: str | None, errand: Errand) -> Place:
        """Where a ticket stands that waits once more: before all others, or with the others of another skill."""
        found = self._queue.get(ticket)
        place = self._places.of(skill or found.skill, (skill is None, found.rank), ticket)
        errand.offers += self._ways(place, found.reason, errand.words) if found.kind is Kind.TALK else []
        return place

    def is_left(self, ticket: str) -> bool:
        """Whether a ticket was left for later; raises NoSuchTicket."""
        return self._queue.get(ticket).kind.is_left

    def ticket_state(self, state: Conversation, *, lately: bool = False) -> TicketState | None:
        """How the ticket that a conversation waits on stands: one to talk first, else one to be decided."""
        waited_on = state.held_by or state.talk or next((one for one in state.tickets if not one.kind.is_left), None)
        if waited_on is None:
            return None
        ticket = self._queue.get(waited_on.id)
        own = TicketState(ticket.id, ticket.status.value, ticket.kind.value, agent=waited_on.shown_as)
        if ticket.status is not Status.WAITING:
            return own
        place = self._places.of(ticket.skill, (ticket.front, ticket.rank), ticket.id, lately=lately)
        return _waiting(ticket.id, ticket.kind, place)


def _waiting(ticket: str, kind: Kind, place: Place) -> TicketState:
    likely = place.wait.likely if place.wait else None
    spread = (place.wait.low, place.wait.high) if place.wait else None
    return TicketState(ticket, Status.WAITING.value, kind.value, place.position, likely, spread)


def satisfaction_choice(ticket: str, score: int, words: Wording) -> Choice:
    """The button by which the customer rates the person of this ticket."""
    label: str = getattr(words, f"satisfaction_{score}")
    return Choice(f"{SATISFACTION}:{ticket}:{score}", label)
