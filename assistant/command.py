"""What a message asks for: a small closed set, found by rules or by a model, and obeyed by code."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Topic(StrEnum):
    """The small talk that the assistant answers."""

    GREETING = "greeting"
    THANKS = "thanks"
    GOODBYE = "goodbye"
    IDENTITY = "identity"
    ABILITY = "ability"


@dataclass(frozen=True)
class AskKnowledge:
    """Answer from the documents; `question` stands on its own, unless it turns out to be about what was spoken of before."""

    question: str
    as_of: date | None = None
    about: str | None = None


@dataclass(frozen=True)
class MakeSmalltalk:
    """Answer a greeting, a thank-you, or a question about the assistant."""

    topic: Topic


@dataclass(frozen=True)
class AskHuman:
    """Bring a person in."""


@dataclass(frozen=True)
class Repeat:
    """Say the last reply again."""


@dataclass(frozen=True)
class PressStaleChoice:
    """A button was pressed that the last reply does not offer."""


Command = AskKnowledge | MakeSmalltalk | AskHuman | Repeat | PressStaleChoice
