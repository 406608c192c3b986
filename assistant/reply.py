"""What is sent back: a turn with its reply, as stored, shown and streamed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal

from assistant.seal import Sealed


class Outcome(StrEnum):
    """How a turn ended."""

    ANSWERED = "answered"
    ABSTAINED = "abstained"
    CLARIFYING = "clarifying"
    IN_FLOW = "in_flow"
    FLOW_DONE = "flow_done"
    FLOW_CANCELLED = "flow_cancelled"
    HANDED_OFF = "handed_off"
    WITH_HUMAN = "with_human"
    SMALLTALK = "smalltalk"
    BLOCKED = "blocked"


@dataclass(frozen=True)
class Choice:
    """A button; pressing it says `label`."""

    id: str
    label: str


@dataclass(frozen=True)
class Link:
    """A way out of the conversation."""

    label: str
    url: str


@dataclass(frozen=True)
class Citation:
    """Where an answer stands: the passage, word for word, and an address that opens it in its document."""

    number: int
    document: str
    title: str
    section: str
    page: int | None
    text: str
    url: str


@dataclass(frozen=True)
class Reply:
    """Markdown text with what stands beside it."""

    text: Sealed
    choices: tuple[Choice, ...] = ()
    links: tuple[Link, ...] = ()
    citations: tuple[Citation, ...] = ()


@dataclass(frozen=True)
class Milliseconds:
    """Where the time of a turn went."""

    understand: float = 0
    search: float = 0
    answer: float = 0
    total: float = 0


@dataclass(frozen=True)
class Field:
    """Something that the open question asks for, as a form shows it; `kind` is the slot's, `code` or `picture`."""

    slot: str
    kind: str
    name: str
    ask: str
    optional: bool = False
    options: tuple[Choice, ...] = ()


@dataclass(frozen=True)
class FlowState:
    """Where a guided task stands; slots as they are shown, personal ones covered.

    `asks` is what would answer the open question, all that may be told at once; `progress` goes from 0 to 1.
    """

    id: str
    step: str
    status: Literal["open", "done", "cancelled"]
    slots: Mapping[str, Sealed] = field(default_factory=dict)
    title: str = ""
    progress: float = 0
    asks: tuple[Field, ...] = ()


@dataclass(frozen=True)
class TicketState:
    """What a person of the bank is wanted for: its place in the queue, 1 for the next, and how long it may take, where known.

    `wait_seconds` is the likely wait, `wait_range` (lowest, highest) holds about four waits in five; `agent` is who has it now.
    """

    id: str
    status: str
    kind: str = "talk"
    position: int | None = None
    wait_seconds: int | None = None
    wait_range: tuple[int, int] | None = None
    agent: str | None = None


@dataclass(frozen=True)
class Turn:
    """One message and all that followed up to its reply."""

    id: str
    number: int
    outcome: Outcome
    reply: Reply
    flow: FlowState | None = None
    ticket: TicketState | None = None
    milliseconds: Milliseconds = field(default_factory=Milliseconds)
