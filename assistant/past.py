"""What has happened in a conversation, gathered for who takes it over."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from assistant.alarm import Kind as Alarm
from assistant.command import NotUnderstood
from assistant.event import (
    AlarmRaised,
    Event,
    KnowledgeAbstained,
    KnowledgeAnswered,
    MessageReceived,
    MessageUnderstood,
    SearchFailed,
)
from assistant.flow_event import CallEnded, CallFailed, CodeChecked, FlowEnded, FlowStarted, SlotFilled, SlotRejected
from assistant.slot import Filled
from assistant.ticket import Ticket
from assistant.ticket_event import (
    TicketClaimed,
    TicketOpened,
    TicketRaised,
    TicketReleased,
    TicketResolved,
    TicketReturned,
    TicketTransferred,
)

_RECEIPT = "receipt"


@dataclass
class Past:
    """What has happened, sorted by what an agent asks of it; lists and dicts in the order in which it happened.

    `flows` are by frame, of which `parts` were steps of another; `words` are the customer's own when a person was asked for.
    Rejected is what was not given right since; `receipts` are by frame; `persons` had the ticket and have it no more.
    """

    flows: dict[str, str] = field(default_factory=dict)
    parts: set[str] = field(default_factory=set)
    words: str = ""
    heard: str = ""
    alarms: dict[Alarm, None] = field(default_factory=dict)
    answered: list[str] = field(default_factory=list)
    unanswered: list[str] = field(default_factory=list)
    rejected: dict[tuple[str, str], None] = field(default_factory=dict)
    puzzled: int = 0
    codes: Counter[str] = field(default_factory=Counter)
    outages: dict[str, None] = field(default_factory=dict)
    receipts: dict[str, str] = field(default_factory=dict)
    ended: list[FlowEnded] = field(default_factory=list)
    shown_as: dict[str, str] = field(default_factory=dict)
    persons: list[tuple[str, str]] = field(default_factory=list)


def read(events: Sequence[Event], ticket: Ticket) -> Past:
    """What these events, oldest first, come to for this ticket."""
    past = Past()
    for event in events:
        _talked(event, past, ticket)
        _worked(event, past)
        _had(event, past)
    return past


def _talked(event: Event, past: Past, ticket: Ticket) -> None:
    match event:
        case MessageReceived():
            past.heard = "" if event.choice else event.text
        case TicketOpened() | TicketRaised() if event.ticket == ticket.id:
            past.words = past.heard
        case AlarmRaised():
            past.alarms[event.alarm] = None
        case KnowledgeAnswered():
            past.answered.append(event.question)
        case KnowledgeAbstained() | SearchFailed():
            past.unanswered.append(event.question)
        case MessageUnderstood():
            past.puzzled += any(isinstance(command, NotUnderstood) for command in event.commands)


def _worked(event: Event, past: Past) -> None:
    match event:
        case FlowStarted():
            past.flows[event.frame] = event.flow
            past.parts |= {event.frame} if event.parent else set()
        case SlotRejected():
            past.rejected[event.frame, event.slot] = None
        case SlotFilled():
            past.rejected.pop((event.frame, event.slot), None)
        case CodeChecked():
            past.codes[event.outcome] += 1
        case CallFailed():
            past.outages[event.frame] = None
        case CallEnded():
            receipt = event.values.get(_RECEIPT)
            past.receipts |= {event.frame: receipt.shown} if isinstance(receipt, Filled) else {}
        case FlowEnded():
            past.ended.append(event)


def _had(event: Event, past: Past) -> None:
    """Who had a ticket of this conversation and has it no more, with the note that was left."""
    match event:
        case TicketClaimed():
            past.shown_as[event.agent] = event.shown_as
        case TicketReleased():
            past.persons.append((past.shown_as.get(event.agent, event.agent), ""))
        case TicketTransferred() | TicketReturned() | TicketResolved():
            past.persons.append((past.shown_as.get(event.agent, event.agent), event.note))
