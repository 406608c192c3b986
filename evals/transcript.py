"""A real conversation as those read it who judge answers: turn by turn, personal data covered by today's rules too."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from assistant import guard
from assistant.event import (
    ConversationStarted,
    Event,
    FeedbackGiven,
    HumanRequested,
    KnowledgeAbstained,
    KnowledgeAnswered,
    MessageReceived,
    MessageUnderstood,
    ReplySent,
)
from assistant.reply import Citation
from assistant.storage import Storage
from assistant.ticket_event import AgentWrote, TicketOpened
from evals.case_draft import CaseDraft, DraftTurn, Kind
from evals.command_words import words_of
from knowledge_base.passage import Audience

_CODE = re.compile(r"[*\s]*\*[*\s]*")
COVERED = "*"


@dataclass(frozen=True)
class Exchange:
    """A turn. `pressed` where a button was; `reason` why nothing was answered; `agent` what a person of the bank wrote."""

    at: str
    said: str
    pressed: bool = False
    commands: tuple[str, ...] = ()
    outcome: str = ""
    reply: str = ""
    citations: tuple[Citation, ...] = ()
    support: float | None = None
    reason: str = ""
    handed_off: bool = False
    agent: tuple[str, ...] = ()
    rating: str = ""
    comment: str = ""

    @property
    def masked(self) -> bool:
        """Whether something that was said is covered."""
        return COVERED in self.said


@dataclass(frozen=True)
class Transcript:
    """A conversation with its turns."""

    id: str
    started_at: str
    audience: Audience
    locale: str
    customer: str | None
    exchanges: tuple[Exchange, ...] = ()

    @property
    def first(self) -> str:
        """What was said first."""
        return self.exchanges[0].said if self.exchanges else ""

    @property
    def traits(self) -> tuple[str, ...]:
        """What happened in it that is looked for."""
        found = {
            "abstained": any(one.reason for one in self.exchanges),
            "handed_off": any(one.handed_off for one in self.exchanges),
            "rated_down": any(one.rating == "down" for one in self.exchanges),
        }
        return tuple(name for name, is_so in found.items() if is_so)

    def draft(self) -> CaseDraft:
        """A case with these turns; what must be true of it is for a person to say."""
        turns = tuple(map(_turn, self.exchanges))
        return CaseDraft(id=f"c{self.id[:8]}", audience=self.audience, locale=self.locale, turns=turns)


def read(storage: Storage, conversation: str) -> Transcript:
    """The conversation of this id; raises UnknownConversation."""
    history = storage.history(conversation)
    rated = {event.turn for _at, event in history if isinstance(event, FeedbackGiven)}
    turns = {one: turn.number for one in rated if (turn := storage.turn_by_id(conversation, one))}
    at, first = history[0]
    assert isinstance(first, ConversationStarted)  # noqa: S101 - every conversation begins so
    empty = Transcript(conversation, at, first.audience, first.locale, first.customer)
    exchanges: tuple[Exchange, ...] = ()
    for when, event in history:
        exchanges = _with(exchanges, when, event, turns)
    return replace(empty, exchanges=exchanges)


def _with(exchanges: tuple[Exchange, ...], at: str, event: Event, turns: Mapping[str, int]) -> tuple[Exchange, ...]:
    """The turns with what this event tells of the last one, or of the one that it is about."""
    match event:
        case MessageReceived(text=text, choice=choice):
            return (*exchanges, Exchange(at, guard.mask(text), choice is not None))
        case FeedbackGiven(turn=turn, rating=rating, comment=comment):
            place = turns.get(turn, 0) - 1
            told = guard.mask(comment or "")
            return tuple(
                replace(one, rating=rating, comment=told) if number == place else one
                for number, one in enumerate(exchanges)
            )
    if not exchanges:
        return exchanges
    return (*exchanges[:-1], _told(exchanges[-1], event))


def _told(one: Exchange, event: Event) -> Exchange:
    match event:
        case MessageUnderstood(commands=commands):
            return replace(one, commands=tuple(guard.mask(words_of(command)) for command in commands))
        case KnowledgeAnswered(support=support):
            return replace(one, support=support)
        case KnowledgeAbstained(reason=reason, support=support):
            return replace(one, reason=reason, support=support)
        case HumanRequested() | TicketOpened():
            return replace(one, handed_off=True)
        case AgentWrote(text=text):
            return replace(one, agent=(*one.agent, guard.mask(text)))
        case ReplySent(outcome=outcome, reply=reply):
            text = "\n\n".join(filter(None, (one.reply, guard.mask(reply.text))))
            return replace(one, outcome=outcome.value, reply=text, citations=(*one.citations, *reply.citations))
    return one


def _turn(one: Exchange) -> DraftTurn:
    if _CODE.fullmatch(one.said):
        return DraftTurn(Kind.RIGHT_CODE)
    return DraftTurn(Kind.PRESS if one.pressed else Kind.SAY, one.said)
