"""What an agent sees of a ticket: who it is, what was tried, what is open, and what to say."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from assistant.customer_card import CustomerCard
from assistant.message import Message
from assistant.next_action import NextAction
from assistant.reply import Citation, FlowState
from assistant.ticket import Ticket


@dataclass(frozen=True)
class Note:
    """What an agent noted for colleagues, at this time (UTC, ISO 8601)."""

    agent: str
    text: str
    at: str


@dataclass(frozen=True)
class Suggestion:
    """A reply that stands in the documents, with where it stands; `worded` where a model put it so that it fits the question."""

    question: str
    text: str
    citations: tuple[Citation, ...]
    worded: bool = False


@dataclass(frozen=True)
class OpenStep:
    """The task that is open: its title, where it stands, what is known of it by name, and the question the customer was asked."""

    title: str
    flow: FlowState
    known: Mapping[str, str]
    question: str | None


@dataclass(frozen=True)
class TicketView:
    """All that an agent must know of a ticket, in the agent's language; personal values are covered as customers see them.

    `summary` are sentences composed from events, `polished` the same as a model words them, once it has; `evidence` is what the assistant cited last; `details` what was left for a
    person to act on, such as the number to call back, uncovered. `next_actions` is what may be done next, each with its reason.
    """

    ticket: Ticket
    reason: str
    skill: str
    waited_seconds: int
    identity: Literal["anonymous", "signed_in", "verified"]
    card: CustomerCard | None
    summary: tuple[str, ...]
    messages: tuple[Message, ...]
    notes: tuple[Note, ...] = ()
    task: OpenStep | None = None
    evidence: tuple[Citation, ...] = ()
    suggestions: tuple[Suggestion, ...] = ()
    details: Mapping[str, str] = field(default_factory=dict)
    next_actions: tuple[NextAction, ...] = ()
    polished: str | None = None
