"""What the documents left open in a conversation, read from its events alone: pure, so it may be read again at any time."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import cache
from pathlib import Path

import yaml

from assistant import alarm, gap_reply, smalltalk
from assistant.command import NotUnderstood
from assistant.conversation import Conversation, fold
from assistant.event import (
    Event,
    FeedbackGiven,
    KnowledgeAbstained,
    KnowledgeAnswered,
    MessageReceived,
    MessageUnderstood,
    ReplySent,
)
from assistant.said import HUMAN_CHOICE
from assistant.task_understanding import is_question
from assistant.ticket_event import AgentWrote, SatisfactionGiven, TicketResolved, TicketReturned
from knowledge_base.passage import Audience
from knowledge_base.text import fold as fold_text

FAR = 0.84
"""Below this support a question without a banking word is about something else: of 25 such questions put to the demo bank's
documents 19 fall below it (the weather, a joke, a recipe), of 25 about banking that they do not speak of, none."""
_WORDS = Path(__file__).with_name("gap_words.yaml")
_PUZZLED = 2
_LONGEST = 500


class Kind(StrEnum):
    """How it came to light."""

    UNANSWERED = "unanswered"
    RATED_DOWN = "rated_down"
    NOT_UNDERSTOOD = "not_understood"
    ASKED_PERSON = "asked_person"


@dataclass(frozen=True)
class Gap:
    """One question; `number` is the event by which it is known in its conversation, `at` the time of that (UTC, ISO 8601).

    `answer` and `passages` are what it was answered with, where that was not liked. `reply` is what a person of the bank wrote to
    it, without what was meant for that customer alone; `code` and `satisfaction` (1 to 5) are how that ended.
    """

    number: int
    at: str
    audience: Audience
    kind: Kind
    text: str
    reason: str = ""
    support: float = 0.0
    comment: str = ""
    answer: str = ""
    passages: tuple[str, ...] = ()
    reply: str = ""
    ticket: str | None = None
    code: str | None = None
    satisfaction: int | None = None

    @property
    def is_far(self) -> bool:
        """Whether it is about something else than banking; a person at the desk was asked about banking."""
        unlikely = self.kind is Kind.UNANSWERED and not self.reply and self.support < FAR
        return unlikely and not _banking().search(fold_text(self.text))


@cache
def _banking() -> re.Pattern[str]:
    return re.compile(yaml.safe_load(_WORDS.read_text(encoding="utf-8"))["banking"])


@dataclass
class _Reading:
    """A conversation, read up to one event."""

    turns: Mapping[str, int]
    prepared: frozenset[str]
    state: Conversation = field(default_factory=Conversation)
    heard: str = ""
    puzzled: int = 0
    found: dict[int, Gap] = field(default_factory=dict)
    answered: dict[int, Gap] = field(default_factory=dict)
    ratings: dict[int, FeedbackGiven] = field(default_factory=dict)
    open: int | None = None
    """The question that the next words of a person are the reply to."""
    settled: dict[str, str] = field(default_factory=dict)
    scores: dict[str, int] = field(default_factory=dict)

    def add(self, at: str, kind: Kind, text: str, **values: object) -> None:
        """Takes a question in, unless it is none."""
        if asks(text):
            number = self.state.events
            gap = Gap(number, at, self.state.audience, kind, text[:_LONGEST])
            self.found[number] = replace(gap, **values)  # type: ignore[arg-type]
            self.open = number


def read(
    history: Sequence[tuple[str, Event]], turns: Mapping[str, int], prepared: frozenset[str] = frozenset()
) -> list[Gap]:
    """The questions of a conversation that the documents left open, in the order of its events.

    `turns` tells the numbers of the turns that were rated, by id; `prepared` are the desk's replies that say nothing of their own.
    """
    reading = _Reading(turns, prepared)
    for at, event in history:
        _unanswered(event, at, reading)
        _answered(event, at, reading)
        _at_the_desk(event, at, reading)
        reading.state = fold((event,), reading.state)
    for number, rating in reading.ratings.items():
        disliked = reading.answered.get(number)
        if disliked and rating.rating == "down":
            reading.found[disliked.number] = replace(disliked, comment=rating.comment or "")
    return [_settled(gap, reading) for _, gap in sorted(reading.found.items())]


def asks(text: str) -> bool:
    """Whether a text asks something: no small talk, no alarm or complaint, and no wish for a person."""
    return bool(text) and smalltalk.topic(smalltalk.bare(text)) is None and alarm.find(text) is None


def _unanswered(event: Event, at: str, reading: _Reading) -> None:
    """What was asked of the assistant in vain."""
    state = reading.state
    match event:
        case MessageReceived():
            reading.heard = event.text
            reading.open = reading.open if state.held_by or _waits(event) else None
        case MessageUnderstood():
            puzzled = not state.frames and any(isinstance(command, NotUnderstood) for command in event.commands)
            reading.puzzled = reading.puzzled + 1 if puzzled else 0
            if reading.puzzled == _PUZZLED:
                reading.add(at, Kind.NOT_UNDERSTOOD, reading.heard)
        case KnowledgeAbstained():
            reading.add(at, Kind.UNANSWERED, event.question, reason=event.reason, support=event.support)


def _answered(event: Event, at: str, reading: _Reading) -> None:
    """What was answered, in which words, and how that was liked."""
    state = reading.state
    match event:
        case KnowledgeAnswered():
            answered = Gap(state.events, at, state.audience, Kind.RATED_DOWN, event.question[:_LONGEST])
            told = replace(answered, support=event.support, passages=event.passages)
            reading.answered[state.turns] = told
        case ReplySent() if state.turns in reading.answered and not event.unasked:
            reading.answered[state.turns] = replace(reading.answered[state.turns], answer=event.reply.text)
        case FeedbackGiven() if event.turn in reading.turns:
            reading.ratings[reading.turns[event.turn]] = event


def _at_the_desk(event: Event, at: str, reading: _Reading) -> None:
    """What was asked of a person of the bank, and what that person wrote."""
    match event:
        case MessageReceived() if reading.state.held_by:
            if is_question(event.text) and not gap_reply.is_personal(event.text):
                reading.add(at, Kind.ASKED_PERSON, event.text, ticket=reading.state.held_by.id)
        case AgentWrote() if reading.open is not None:
            said = gap_reply.substance(event.text, reading.prepared)
            asked = reading.found[reading.open]
            if said:
                reply = f"{asked.reply}\n{said}".strip()
                reading.found[reading.open] = replace(asked, reply=reply, ticket=event.ticket)
        case TicketResolved():
            reading.settled[event.ticket] = event.code
        case TicketReturned():
            reading.settled[event.ticket] = ""
        case SatisfactionGiven():
            reading.scores[event.ticket] = event.score


def _waits(event: MessageReceived) -> bool:
    """Whether a message only wishes for a person or makes small talk, so that the question before it is still the one to answer."""
    wishes = event.choice == HUMAN_CHOICE if event.choice else alarm.wishes_person(event.text)
    return wishes or smalltalk.topic(smalltalk.bare(event.text)) is not None


def _settled(gap: Gap, reading: _Reading) -> Gap:
    """A reply counts once the person has let the conversation go as settled."""
    if gap.ticket not in reading.settled:
        return replace(gap, reply="")
    score = reading.scores.get(gap.ticket)
    return replace(gap, code=reading.settled[gap.ticket] or None, satisfaction=score)
