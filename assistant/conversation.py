"""A conversation is the fold of its events."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import reduce
from typing import Literal

from assistant import frame
from assistant.event import (
    AlarmRaised,
    ConversationStarted,
    Event,
    FeedbackGiven,
    HumanRequested,
    IdentityVerified,
    KnowledgeAbstained,
    KnowledgeAnswered,
    MessageReceived,
    MessageUnderstood,
    ReplySent,
    SearchFailed,
    SignedIn,
)
from assistant.flow_event import FlowEnded, FlowEvent, FlowResumed, FlowStarted
from assistant.frame import Frame
from assistant.reply import Choice, Outcome, Reply
from assistant.step import Identity
from assistant.wording import language
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
    customer: str | None = None
    signed_in_until: str | None = None
    verified_until: str | None = None
    frames: tuple[Frame, ...] = ()

    @property
    def frame(self) -> Frame | None:
        """The task being done now: the one on top."""
        return self.frames[-1] if self.frames else None

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
    match event:
        case ConversationStarted():
            begun = replace(state, audience=event.audience, locale=event.locale, customer=event.customer)
            return _reply(replace(begun, signed_in_until=event.signed_in_until), event.reply)
        case MessageReceived():
            messages = (*state.messages, Message("customer", event.text))
            # A button that is not there any more is told by its id, which is in no language.
            spoken = None if event.text == event.choice else language(event.text)
            locale = state.locale if spoken is None or state.locale.startswith(spoken) else _LOCALES[spoken]
            return replace(state, messages=messages, turns=state.turns + 1, locale=locale)
        case KnowledgeAnswered():
            return replace(state, question=event.question, subject=event.subject, abstained_in_a_row=0)
        case KnowledgeAbstained():
            return replace(state, abstained_in_a_row=state.abstained_in_a_row + 1)
        case ReplySent():
            return _reply(replace(state, asked_back=event.outcome is Outcome.CLARIFYING), event.reply)
        case SignedIn():
            return replace(state, customer=event.customer, signed_in_until=event.until, verified_until=None)
        case IdentityVerified():
            return replace(state, verified_until=event.until)
        case MessageUnderstood() | SearchFailed() | HumanRequested() | AlarmRaised() | FeedbackGiven():
            return state
        case _:
            return replace(state, frames=_guided(state.frames, event))


def _is_past(moment: str, now: datetime) -> bool:
    return now >= datetime.fromisoformat(moment)


def _guided(frames: tuple[Frame, ...], event: FlowEvent) -> tuple[Frame, ...]:
    match event:
        case FlowStarted():
            place = next((at for at, one in enumerate(frames) if one.id == event.beneath), len(frames))
            return (*frames[:place], frame.start(event), *frames[place:])
        case FlowEnded():
            return tuple(one for one in frames if one.id != event.frame)
        case FlowResumed():
            return (
                *(one for one in frames if one.id != event.frame),
                *(one for one in frames if one.id == event.frame),
            )
        case _:
            return tuple(replace(one.after(event), begun=True) if one.id == event.frame else one for one in frames)


def _reply(state: Conversation, reply: Reply) -> Conversation:
    messages = (*state.messages, Message("assistant", reply.text, reply))
    return replace(state, messages=messages, choices=reply.choices)
