"""A conversation is the fold of its events."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import reduce
from typing import Literal, assert_never

from assistant import frame, offered_lead, open_ticket
from assistant.command import NotUnderstood
from assistant.event import (
    AlarmRaised,
    CampaignMentioned,
    ConversationStarted,
    ElderModeSet,
    Event,
    FeedbackGiven,
    HumanRequested,
    IdentityVerified,
    KnowledgeAbstained,
    KnowledgeAnswered,
    MessageReceived,
    MessageUnderstood,
    ReplySent,
    SaleGuided,
    SearchFailed,
    SignedIn,
)
from assistant.flow_event import CallEnded, CallFailed, FlowEvent
from assistant.frame import Frame
from assistant.lead_event import LeadEvent
from assistant.message import Message
from assistant.model_event import ModelAsked
from assistant.offered_lead import OfferedLead
from assistant.open_ticket import OpenTicket
from assistant.reason import Reason
from assistant.reply import Choice, Outcome, Reply
from assistant.sales_need import SalesNeed
from assistant.step import Identity
from assistant.ticket_event import TicketClaimed, TicketEvent
from assistant.ticket_kind import Kind
from assistant.wording import language
from knowledge_base.passage import Audience


@dataclass(frozen=True)
class Conversation:
    """Where a conversation stands: what was said, what it is about, and what the last reply offers."""

    audience: Audience = Audience.CUSTOMER
    locale: str = "zh-CN"
    messages: tuple[Message, ...] = ()
    turns: int = 0
    question: str | None = None
    subject: str | None = None
    abstained_in_a_row: int = 0
    asked_back: bool = False
    events: int = 0
    choices: tuple[Choice, ...] = ()
    customer: str | None = None
    signed_in_until: str | None = None
    verified_until: str | None = None
    frames: tuple[Frame, ...] = ()
    tickets: tuple[OpenTicket, ...] = ()
    leads: tuple[OfferedLead, ...] = ()
    human_asked_at: str | None = None
    handed_over_for: frozenset[Reason] = frozenset()
    last_agent: str | None = None
    not_understood_in_a_row: int = 0
    bank_failures: int = 0
    mentioned: tuple[str, ...] = ()
    colleague: str | None = None
    branch: str = ""
    cost: float = 0
    need: SalesNeed | None = None
    compared: tuple[str, ...] = ()
    elder: bool | None = None
    """Whether elder mode is on; None where nothing has turned it on or off yet."""
    unanswered: str | None = None
    """The key of the last message, where it has one and no reply is on record: its turn was broken off."""
    guided: Literal["recommend", "compare", "check"] | None = None
    """What form of guidance the last answer was, if any, so that a fact alone is said of its need."""

    @property
    def held_by(self) -> OpenTicket | None:
        """The ticket by which a person of the bank holds the conversation; the assistant is silent meanwhile."""
        return next((one for one in self.tickets if one.agent and not one.kind.is_left), None)

    @property
    def talk(self) -> OpenTicket | None:
        """The ticket by which the customer waits for a person to talk to, or has one."""
        return next((one for one in self.tickets if one.kind is Kind.TALK), None)

    @property
    def mode(self) -> Literal["assistant", "waiting", "human"]:
        """Who answers now: the assistant, the assistant until a person is free, or a person."""
        return "human" if self.held_by else "waiting" if self.talk else "assistant"

    @property
    def review(self) -> OpenTicket | None:
        """The ticket by which a task waits for a person's decision: that of the task being done, else the latest."""
        waiting = [one for one in self.tickets if one.kind is Kind.REVIEW]
        now = self.frame.ticket if self.frame else None
        return next((one for one in waiting if one.id == now), waiting[-1] if waiting else None)

    @property
    def frame(self) -> Frame | None:
        """The task being done now: the one on top."""
        return self.frames[-1] if self.frames else None

    def goes_by_the_same(self, before: Conversation) -> bool:
        """Whether all that a turn is decided by is as it was: what was only noted or shown meanwhile changes nothing."""
        beside = {"events": before.events, "messages": before.messages, "leads": before.leads, "cost": before.cost}
        return replace(self, **beside) == before  # type: ignore[arg-type]

    def label(self, choice: str) -> str | None:
        """What a button of the last reply, or of an earlier one, said; nothing where there was no such button."""
        shown = (one for message in reversed(self.messages) if message.reply for one in message.reply.choices)
        return next((one.label for one in shown if one.id == choice), None)

    def identity(self, now: datetime) -> Identity:
        """How sure the bank is of who is talking at this moment."""
        if self.customer is None or (self.signed_in_until and _is_past(self.signed_in_until, now)):
            return Identity.ANONYMOUS
        fresh = self.verified_until is not None and not _is_past(self.verified_until, now)
        return Identity.VERIFIED if fresh else Identity.SIGNED_IN

    @property
    def last_reply(self) -> Reply | None:
        """What the assistant said last."""
        return next((message.reply for message in reversed(self.messages) if message.reply), None)


_LOCALES = {"zh": "zh-CN", "en": "en"}


def fold(events: Iterable[Event], state: Conversation | None = None) -> Conversation:
    """The conversation that these events make, from its beginning or from an earlier state."""
    return reduce(_apply, events, state or Conversation())


def _apply(before: Conversation, event: Event) -> Conversation:  # noqa: C901 - one arm an event
    state = replace(before, events=before.events + 1)
    if isinstance(event, TicketEvent):
        return _ticketed(state, event)
    if isinstance(event, FlowEvent):
        return _ticketed(replace(_counted(state, event), frames=frame.stack(state.frames, event)), event)
    if isinstance(event, LeadEvent):
        return replace(state, leads=offered_lead.after(state.leads, event))
    match event:
        case ConversationStarted():
            begun = replace(state, audience=event.audience, locale=event.locale, customer=event.customer)
            known = replace(begun, colleague=event.colleague, branch=event.branch, elder=event.elder)
            return _reply(replace(known, signed_in_until=event.signed_in_until), event.reply)
        case MessageReceived():
            messages = (*state.messages, Message("customer", event.text, number=before.events))
            # A button that is not there any more is told by its id, which is in no language.
            spoken = None if event.text == event.choice or event.names else language(event.text)
            locale = state.locale if spoken is None or state.locale.startswith(spoken) else _LOCALES[spoken]
            return replace(state, messages=messages, turns=state.turns + 1, locale=locale, unanswered=event.key)
        case KnowledgeAnswered():
            asked = replace(state, question=event.question, subject=event.subject, abstained_in_a_row=0)
            return replace(asked, guided=None)
        case SaleGuided():
            return _guided(state, event)
        case KnowledgeAbstained():
            return replace(state, abstained_in_a_row=state.abstained_in_a_row + 1)
        case MessageUnderstood():
            puzzled = any(isinstance(command, NotUnderstood) for command in event.commands)
            return replace(state, not_understood_in_a_row=state.not_understood_in_a_row + 1 if puzzled else 0)
        case ReplySent():
            asks = event.outcome is Outcome.CLARIFYING
            left = state.unanswered if event.unasked else None
            return _reply(replace(state, asked_back=asks, unanswered=left), event.reply, unasked=event.unasked)
        case SignedIn():
            return replace(state, customer=event.customer, signed_in_until=event.until, verified_until=None)
        case ElderModeSet():
            return replace(state, elder=event.on)
        case IdentityVerified():
            return replace(state, verified_until=event.until)
        case HumanRequested():
            return replace(
                state,
                human_asked_at=state.human_asked_at or event.at,
                handed_over_for=state.handed_over_for | {event.reason},
            )
        case CampaignMentioned():
            return replace(state, mentioned=(*state.mentioned, event.campaign))
        case ModelAsked():
            return replace(state, cost=state.cost + event.cost)
        case SearchFailed() | AlarmRaised() | FeedbackGiven():
            return state
        case _:
            assert_never(event)


def _guided(state: Conversation, event: SaleGuided) -> Conversation:
    """A need was spoken of; a question that leans on it later is about the one product looked at, if it was one."""
    checked = event.form == "check"
    looked_at = (*event.offered, *(one.product for one in event.left_out)) if checked else event.offered
    # 和它比 means the first of what was offered.
    compared = looked_at[:1] if event.form == "recommend" else looked_at
    subject = looked_at[0] if event.form != "recommend" and len(looked_at) == 1 else None
    now = replace(state, need=event.need, compared=compared, guided=event.form, subject=subject)
    return replace(now, question=None, abstained_in_a_row=0)


def _is_past(moment: str, now: datetime) -> bool:
    return now >= datetime.fromisoformat(moment)


def _reply(state: Conversation, reply: Reply, *, unasked: bool = False) -> Conversation:
    message = Message("assistant", reply.text, reply, state.events - 1, unasked=unasked)
    return replace(state, messages=(*state.messages, message), choices=reply.choices)


def _counted(state: Conversation, event: FlowEvent) -> Conversation:
    match event:
        case CallFailed():
            return replace(state, bank_failures=state.bank_failures + 1)
        case CallEnded():
            return replace(state, bank_failures=0)
        case _:
            return state


def _ticketed(state: Conversation, event: TicketEvent | FlowEvent) -> Conversation:
    """The tickets once this has happened, and what it says; the service level's clock runs while somebody is wanted to talk to."""
    tickets = open_ticket.after(state.tickets, event)
    told = open_ticket.told(state.tickets, event, state.events - 1)
    messages = (*state.messages, told) if told else state.messages
    talks = len(tickets) >= len(state.tickets) or any(one.kind is Kind.TALK for one in tickets)
    after = replace(state, tickets=tickets, messages=messages, human_asked_at=state.human_asked_at if talks else None)
    if isinstance(event, TicketClaimed) and not open_ticket.is_left(tickets, event.ticket):
        # What the assistant offered cannot be pressed while a person holds the conversation.
        return replace(after, choices=(), last_agent=event.agent)
    return after
