"""What a turn came to, as it is laid beside another making of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, is_dataclass
from enum import Enum
from typing import Any, Self, get_args

from assistant import guard
from assistant.command import Command, SubmitCode
from assistant.event import (
    AlarmRaised,
    Event,
    KnowledgeAbstained,
    KnowledgeAnswered,
    MessageReceived,
    MessageUnderstood,
    ReplySent,
    SaleGuided,
    SearchFailed,
)
from assistant.model_event import ModelAsked
from assistant.reply import Reply
from assistant.slot import Filled

_ANSWERING = (
    MessageReceived
    | MessageUnderstood
    | KnowledgeAnswered
    | KnowledgeAbstained
    | SaleGuided
    | SearchFailed
    | ModelAsked
    | ReplySent
)


@dataclass(frozen=True)
class Take:
    """What was understood and said; `sources` are what the reply cited, `passages` the ids of what it was made from.

    `prompt` is the version of the prompt that worded it, nothing where no model did; `asked` is all that models were asked.
    """

    commands: tuple[str, ...] = ()
    outcome: str = ""
    reply: str = ""
    sources: tuple[str, ...] = ()
    passages: tuple[str, ...] = ()
    prompt: str | None = None
    held_back: tuple[str, ...] = ()
    asked: tuple[ModelAsked, ...] = ()

    @classmethod
    def of(cls, events: Sequence[Event], outcome: str, reply: Reply) -> Self:
        """What these events and this reply come to."""
        understood = next((event.commands for event in events if isinstance(event, MessageUnderstood)), ())
        answered = next((event for event in events if isinstance(event, KnowledgeAnswered)), None)
        guided = next((event for event in events if isinstance(event, SaleGuided)), None)
        made_from = answered or guided
        return cls(
            tuple(map(shown, understood)),
            outcome,
            reply.text,
            tuple(f"《{one.title}》{one.section}" for one in reply.citations),
            made_from.passages if made_from else (),
            answered.prompt if answered else None,
            answered.held_back if answered else (),
            tuple(event for event in events if isinstance(event, ModelAsked)),
        )

    @property
    def tokens(self) -> tuple[int, int]:
        """Tokens read and written by models."""
        return sum(one.input_tokens for one in self.asked), sum(one.output_tokens for one in self.asked)

    @property
    def cost(self) -> float:
        """What models cost, in the currency of the prices in the settings."""
        return sum(one.cost for one in self.asked)


def beyond(events: Sequence[Event]) -> list[str]:
    """What happened besides understanding and answering, by the names of the events."""
    return [type(event).__name__ for event in events if not isinstance(event, (*get_args(_ANSWERING), AlarmRaised))]


def shown(command: Command) -> str:
    """A command for people to read, personal values covered, what it leaves at its default left out."""
    if isinstance(command, SubmitCode):
        return "SubmitCode(code=******)"
    told = ((field, getattr(command, field.name)) for field in fields(command) if field.name != "type")
    pairs = (f"{field.name}={_plain(value)}" for field, value in told if value != field.default)
    return f"{type(command).__name__}({', '.join(pairs)})"


def _plain(value: Any) -> str:
    if isinstance(value, Filled):
        return value.shown
    if isinstance(value, Enum):
        return str(value.value)
    if is_dataclass(value) and not isinstance(value, type):
        told = ((field, getattr(value, field.name)) for field in fields(value))
        return "(" + ", ".join(f"{field.name}={_plain(one)}" for field, one in told if one != field.default) + ")"
    if isinstance(value, tuple | list | frozenset):
        return "[" + ", ".join(map(_plain, value)) + "]"
    return guard.mask(str(value))
