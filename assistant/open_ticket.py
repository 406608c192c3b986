"""Tickets as a conversation knows them: those that a person has not closed, and what their events say in it."""

from __future__ import annotations

from dataclasses import dataclass, replace

from assistant.flow_event import FlowEnded, FlowEvent, ReviewDecided
from assistant.message import Message, Notice
from assistant.reason import Reason
from assistant.ticket_event import (
    AgentWrote,
    PictureSent,
    ReviewChecked,
    TicketAbandoned,
    TicketClaimed,
    TicketEvent,
    TicketOpened,
    TicketRaised,
    TicketReleased,
    TicketResolved,
    TicketReturned,
    TicketTransferred,
)
from assistant.ticket_kind import Kind


@dataclass(frozen=True)
class OpenTicket:
    """A ticket of this conversation that a person has not closed; `agent` is who has it now."""

    id: str
    kind: Kind
    reason: Reason
    skill: str
    frame: str | None = None
    agent: str | None = None
    shown_as: str | None = None


Tickets = tuple[OpenTicket, ...]


def after(tickets: Tickets, event: TicketEvent | FlowEvent) -> Tickets:
    """The open tickets once this has happened; a task that ends closes the reviews that it waited for."""
    match event:
        case TicketOpened():
            return (*tickets, OpenTicket(event.ticket, event.kind, event.reason, event.skill, event.frame))
        case TicketClaimed():
            return _with(tickets, event.ticket, agent=event.agent, shown_as=event.shown_as)
        case TicketRaised():
            return _with(tickets, event.ticket, reason=event.reason, skill=event.skill)
        case TicketReleased() | ReviewChecked():
            return _with(tickets, event.ticket, agent=None, shown_as=None)
        case TicketTransferred():
            return _with(tickets, event.ticket, agent=None, shown_as=None, skill=event.skill)
        case TicketReturned() | TicketResolved() | TicketAbandoned() | ReviewDecided():
            return tuple(one for one in tickets if one.id != event.ticket)
        case FlowEnded():
            return tuple(one for one in tickets if one.frame != event.frame or one.kind is not Kind.REVIEW)
        case _:
            return tickets


def told(tickets: Tickets, event: TicketEvent | FlowEvent, number: int) -> Message | None:
    """What the event says in the conversation, if anything; `tickets` are those open before it, `number` is the event's."""
    match event:
        case AgentWrote():
            return Message("human_agent", event.text, number=number, name=event.shown_as, unasked=True)
        case PictureSent():
            return Message("customer", event.text, number=number, picture=event.picture)
        case TicketClaimed() if not is_left(tickets, event.ticket):
            return _moved(event.shown_as, "joined", number)
        case TicketReleased() | ReviewChecked() | TicketTransferred():
            return _gone(tickets, event.ticket, number)
        case TicketReturned() | TicketResolved() | TicketAbandoned() | ReviewDecided():
            return _gone(tickets, event.ticket, number)
        case _:
            return None


def is_left(tickets: Tickets, ticket: str) -> bool:
    """Whether this is one that the customer left for later and does not wait on."""
    return any(one.kind.is_left for one in tickets if one.id == ticket)


def _gone(tickets: Tickets, ticket: str, number: int) -> Message | None:
    """Whoever had the ticket is told to have gone."""
    name = next((one.shown_as for one in tickets if one.id == ticket and not one.kind.is_left), None)
    return _moved(name, "left", number) if name else None


def _moved(name: str, notice: Notice, number: int) -> Message:
    return Message("human_agent", "", number=number, name=name, unasked=True, notice=notice)


def _with(tickets: Tickets, ticket: str, **changes: str | None) -> Tickets:
    return tuple(replace(one, **changes) if one.id == ticket else one for one in tickets)  # type: ignore[arg-type]
