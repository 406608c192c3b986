"""Puts together what an agent sees of a ticket, each time from the events, the queue and the bank as they are now."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import astuple, replace
from datetime import UTC, date, datetime
from typing import Literal

from assistant import agent_guard, composing, contact_choice, customer_card, summary
from assistant.agent_guard import Caution
from assistant.alarm import Kind as Alarm
from assistant.audit import Audit
from assistant.bank import Bank
from assistant.conversation import Conversation, fold
from assistant.customer_card import CustomerCard
from assistant.desk_rules import DeskRules
from assistant.desk_view import Note, OpenStep, TicketView
from assistant.event import AlarmRaised, Event
from assistant.flow import Flow
from assistant.flow_event import FlowStarted
from assistant.guiding import Guiding
from assistant.next_action import NextAction, NextActions
from assistant.part import Slot
from assistant.polishing import Lines, Polishing, covered_values, names_like
from assistant.question import Question
from assistant.queue import Queue
from assistant.reason import Reason
from assistant.reply import Citation
from assistant.slot import Filled
from assistant.step import Identity
from assistant.storage import Storage
from assistant.suggesting import Suggesting
from assistant.ticket import Status, Ticket
from assistant.ticket_event import NoteTaken, TicketClaimed, TicketOpened
from assistant.wording import Wordings
from knowledge_base.index import IndexUnavailable

_CITED_REPLIES = 3
_LOCALES = {"zh": "zh-CN", "en": "en"}
_COVERED = "*"
_TROUBLE = frozenset({Reason.DANGER, Reason.FRAUD, Reason.LOST_CARD, Reason.DISPUTE, Reason.COMPLAINT})
_IDENTITIES: Mapping[Identity, Literal["anonymous", "signed_in", "verified"]] = {
    Identity.ANONYMOUS: "anonymous",
    Identity.SIGNED_IN: "signed_in",
    Identity.VERIFIED: "verified",
}


class DeskViews:
    """What agents see."""

    def __init__(
        self,
        storage: Storage,
        queue: Queue,
        rules: DeskRules,
        bank: Bank,
        guiding: Guiding,
        wordings: Wordings,
        suggesting: Suggesting,
        audit: Audit,
        next_actions: NextActions,
        polishing: Polishing | None = None,
    ) -> None:
        self._storage = storage
        self._queue = queue
        self._rules = rules
        self._bank = bank
        self._guiding = guiding
        self._wordings = wordings
        self._suggesting = suggesting
        self._audit = audit
        self._next_actions = next_actions
        self._polishing = polishing

    def of(self, ticket_id: str, language: str = "zh", reader: str = "") -> TicketView:
        """A ticket as the agent `reader`, in this language (`zh` or `en`), sees it now; raises NoSuchTicket.

        What was left uncovered for whoever acts on it is shown to who has claimed it alone. That the reader saw it is noted.
        """
        ticket, now = self._queue.get(ticket_id), datetime.now(UTC)
        history = self._storage.history(ticket.conversation)
        events = [event for _at, event in history]
        state = fold(events)
        if reader:
            self._audit.note_look(reader, "read_ticket", ticket_id, {"customer": state.customer or ""})
        asked = self._guiding.question(state, self._wordings.of(_LOCALES[language]), now)
        card, task = self.card(state.customer, language), self._task(state, now, language)
        told = summary.compose(events, ticket, asked, self._guiding.flows, self._rules, language, now)
        return TicketView(
            ticket=ticket,
            reason=self._rules.reasons[ticket.reason].name.of(language),
            skill=self._skill(ticket.skill, language),
            waited_seconds=_waited_seconds(ticket, now),
            identity=_IDENTITIES[state.identity(now)],
            card=card,
            summary=told,
            messages=state.messages,
            notes=tuple(Note(one.agent, one.text, at) for at, one in history if isinstance(one, NoteTaken)),
            task=task,
            evidence=_evidence(state),
            suggestions=self._suggesting.replies(state, events, now.astimezone().date(), ticket.conversation),
            details=_details(events, ticket.id, self._guiding.flows, language) if ticket.claimed_by == reader else {},
            next_actions=self._next(state, events, ticket, task, language) if card else (),
            polished=self._polished(ticket, told, _names(state, events, card, told), language),
        )

    def _polished(self, ticket: Ticket, told: tuple[str, ...], names: frozenset[str], language: str) -> str | None:
        """The summary as a model words it, where one has: nobody waits for it."""
        if self._polishing is None or not told:
            return None
        return self._polishing.of(Lines(ticket.id, ticket.conversation, language, told, names))

    def _next(
        self, state: Conversation, events: Sequence[Event], ticket: Ticket, task: OpenStep | None, language: str
    ) -> tuple[NextAction, ...]:
        """What may be done next; nothing while the documents cannot be read. Rules go by the bank's record in its own language."""
        customer = state.customer
        card = self.card(customer, "zh")
        alarms = (event.alarm for event in events if isinstance(event, AlarmRaised))
        trouble = ticket.reason in _TROUBLE or any(alarm is not Alarm.HUMAN for alarm in alarms)
        if customer is None or card is None:
            return ()
        title, today = task.title if task else None, date.today()
        try:
            return self._next_actions.of(
                card,
                today,
                language,
                lambda: contact_choice.allows_campaigns(self._bank, customer),
                task=title,
                trouble=trouble,
            )
        except IndexUnavailable:
            return ()

    def warnings(self, ticket_id: str, text: str, language: str = "zh") -> tuple[Caution, ...]:
        """What to mind in a message to this ticket's customer before it goes out; raises NoSuchTicket."""
        ticket = self._queue.get(ticket_id)
        state = self._storage.load(ticket.conversation)
        return agent_guard.warnings(text, [*self._sources(ticket, state), *self._suggesting.passages(text)], language)

    def _sources(self, ticket: Ticket, state: Conversation) -> Iterator[str]:
        """The texts in which a figure that an agent tells may stand: what was said, cited and known, and the bank's numbers."""
        for message in state.messages:
            yield message.text
            yield from (one.text for one in message.reply.citations) if message.reply else ()
        for frame in state.frames:
            yield from (value.shown for value in frame.slots.values() if isinstance(value, Filled))
        card = self.card(state.customer, "zh")
        yield from map(str, astuple(card)) if card else ()
        yield from (text.of(one) for text in self._rules.replies.values() for one in _LOCALES)
        yield self._wordings.of(state.locale).identity
        yield ticket.text

    def _skill(self, name: str, language: str) -> str:
        """A skill in words; one that the rules no longer know is shown as it is called."""
        skill = self._rules.skills.get(name)
        return skill.name.of(language) if skill else name

    def card(self, customer: str | None, language: str) -> CustomerCard | None:
        """The customer as the bank tells them at a glance; nothing for who is not signed in, or where the bank tells nothing."""
        return customer_card.read(self._bank, customer, _LOCALES[language]) if customer else None

    def _task(self, state: Conversation, now: datetime, language: str) -> OpenStep | None:
        """The task on top, with its question in the words in which the customer was asked."""
        flow_state = composing.open_flow(state, self._guiding.flows, self._wordings.of(state.locale))
        if flow_state is None:
            return None
        flow = self._guiding.flows[flow_state.id]
        asked: Question | None = self._guiding.question(state, self._wordings.of(state.locale), now)
        known = _named(flow_state.slots, flow.slots, language)
        return OpenStep(flow.title.of(language), flow_state, known, asked.text if asked else None)


def _waited_seconds(ticket: Ticket, now: datetime) -> int:
    """From the first wish for a person until one came, or nobody was wanted any more."""
    until = now if ticket.status is Status.WAITING else None
    ended = until or _moment(ticket.claimed_at or ticket.closed_at) or now
    return max(0, round((ended - datetime.fromisoformat(ticket.asked_at)).total_seconds()))


def _moment(at: str | None) -> datetime | None:
    return datetime.fromisoformat(at) if at else None


def _named(values: Mapping[str, str], slots: Mapping[str, Slot], language: str) -> dict[str, str]:
    """What is known, by the names of the slots in words, in the order in which the task declares them."""
    return {slot.name.of(language): values[name] for name, slot in slots.items() if name in values}


def _evidence(state: Conversation) -> tuple[Citation, ...]:
    """What the last answers cited, the latest first, each passage once and numbered anew."""
    cited = [one.reply.citations for one in reversed(state.messages) if one.reply and one.reply.citations]
    each = {one.url: one for citations in cited[:_CITED_REPLIES] for one in citations}
    return tuple(replace(one, number=number) for number, one in enumerate(each.values(), start=1))


def _names(
    state: Conversation, events: Sequence[Event], card: CustomerCard | None, lines: Sequence[str]
) -> frozenset[str]:
    """The values in a summary that a model need not see: who the customer and the agents are, and what was filled in."""
    agents = (name for one in events if isinstance(one, TicketClaimed) for name in (one.shown_as, one.agent))
    filled = (value.shown for frame in state.frames for value in frame.slots.values() if isinstance(value, Filled))
    customer = names_like(card.name, lines) if card else set()
    values = (*agents, *filled, *customer, *covered_values(lines))
    return frozenset(one for one in values if len(one) > 1 and any(one in line for line in lines))


def _details(events: Sequence[Event], ticket: str, flows: Mapping[str, Flow], language: str) -> dict[str, str]:
    """What was left for a person to act on: what is covered for others is uncovered here, where it is needed."""
    for number, event in enumerate(events):
        if isinstance(event, TicketOpened) and event.ticket == ticket:
            begun = (flows[one.flow] for one in reversed(events[:number]) if isinstance(one, FlowStarted))
            slots = _declaring(begun, event.details)
            return _named({name: _open(value) for name, value in event.details.items()}, slots, language)
    return {}


def _declaring(flows: Iterable[Flow], details: Mapping[str, Filled]) -> Mapping[str, Slot]:
    """The slots of the task that left these details: the last one begun that asks for any of them."""
    return next((flow.slots for flow in flows if flow.slots.keys() & details.keys()), {})


def _open(value: Filled) -> str:
    return value.value if _COVERED in value.shown else value.shown
