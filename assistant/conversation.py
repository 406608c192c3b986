"""A conversation is the fold of its events."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import reduce
from typing import Literal, assert_never

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
    SearchFailed,
)
from assistant.reply import Choice, Outcome, Reply
from knowledge_base.passage import Audience


@dataclass(frozen=True)
class Message:
    """One message as shown: who wrote it, and a reply's choices and citations with it."""

    author: Literal["customer", "assistant"]
    text: str
    reply: Reply | None = None


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

    @property
    def last_reply(self) -> Reply | None:
        """What the assistant said last."""
        return next((message.reply for message in reversed(self.messages) if message.reply), None)


def fold(events: Iterable[Event], state: Conversation | None = None) -> Conversation:
    """The conversation that these events make, from its beginning or from an earlier state."""
    return reduce(_apply, events, state or Conversation())


def _apply(before: Conversation, event: Event) -> Conversation:
    state = replace(before, events=before.events + 1)
    match event:
        case ConversationStarted():
            return _reply(replace(state, audience=event.audience, locale=event.locale), event.reply)
        case MessageReceived():
            return replace(state, messages=(*state.messages, Message("customer", event.text)), turns=state.turns + 1)
        case KnowledgeAnswered():
            return replace(state, question=event.question, subject=event.subject, abstained_in_a_row=0)
        case KnowledgeAbstained():
            return replace(state, abstained_in_a_row=state.abstained_in_a_row + 1)
        case ReplySent():
            return _reply(replace(state, asked_back=event.outcome is Outcome.CLARIFYING), event.reply)
        case MessageUnderstood() | SearchFailed() | HumanRequested() | FeedbackGiven():
            return state
        case _:
            assert_never(event)


def _reply(state: Conversation, reply: Reply) -> Conversation:
    messages = (*state.messages, Message("assistant", reply.text, reply))
    return replace(state, messages=messages, choices=reply.choices)
