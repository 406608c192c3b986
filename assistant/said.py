"""What comes of a command outside the tasks, and the buttons that stand beside it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from assistant.event import Event
from assistant.flow import Flow
from assistant.reason import Reason
from assistant.reply import Choice, Outcome, Reply
from assistant.wording import Wording

HUMAN_CHOICE = "human"
ASK_CHOICE = "ask:"


@dataclass(frozen=True)
class Said:
    """What came of a command outside the tasks, and why a person is wanted, if so; times in milliseconds."""

    outcome: Outcome
    reply: Reply
    events: tuple[Event, ...] = ()
    reason: Reason | None = None
    search: float = 0
    answer: float = 0


def offers(questions: Sequence[str]) -> tuple[Choice, ...]:
    """Questions as buttons."""
    return tuple(Choice(f"{ASK_CHOICE}{number}", question) for number, question in enumerate(questions, start=1))


def human_choice(words: Wording) -> Choice:
    """The button that brings a person in."""
    return Choice(HUMAN_CHOICE, words.human_choice)


def tasks(names: Sequence[str], flows: Mapping[str, Flow], words: Wording) -> tuple[Choice, ...]:
    """Tasks as buttons: each button's id is its flow's."""
    known = [flows[name] for name in names if name in flows]
    return tuple(Choice(flow.id, flow.title.of(words.language)) for flow in known)
