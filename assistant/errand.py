"""One turn's work on the guided tasks: the conversation as it comes to be, and what is said on the way."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from assistant import flow_runner
from assistant.conversation import Conversation, fold
from assistant.event import Event
from assistant.flow import Flow
from assistant.flow_event import FlowEnded
from assistant.flow_runner import Move
from assistant.frame import Frame
from assistant.question import Question
from assistant.reason import Reason
from assistant.reply import Choice, Link, TicketState
from assistant.slot import Filled
from assistant.step import Status
from assistant.ticket_kind import Kind
from assistant.wording import Wording

Keep = Callable[[Sequence[Event]], None]


@dataclass(frozen=True)
class Wanted:
    """A person is wanted: why, for what, and - where the task says it - what that person must know."""

    reason: Reason
    kind: Kind = Kind.TALK
    skill: str | None = None
    ticket: str | None = None
    frame: str | None = None
    text: str = ""
    two_people: bool = False
    due_at: str | None = None
    details: Mapping[str, Filled] = field(default_factory=dict)


class NoTask(Exception):
    """A task was worked on where none is open: a mistake in the code."""


@dataclass
class Errand:
    """What happens in a turn, gathered; `keep` puts events on disk before the turn is over, where that must be.

    `asked` is the question that the customer had before them, `question` the one that is open in the end. `wanted` are the
    people wanted, `told` what is said of that after all else, with the buttons in `offers`, and `ticket` the one that was opened for it.
    `parting` where the customer goes and is asked something else, so that the open task's question waits for the next turn.
    """

    state: Conversation
    words: Wording
    now: datetime
    keep: Keep
    events: list[Event] = field(default_factory=list)
    stored: list[Event] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    asked: Question | None = None
    question: Question | None = None
    ended: tuple[Frame, Status] | None = None
    wanted: list[Wanted] = field(default_factory=list)
    told: list[str] = field(default_factory=list)
    offers: list[Choice] = field(default_factory=list)
    handed_over: bool = False
    ticket: TicketState | None = None
    alarmed: bool = False
    parting: bool = False

    @property
    def frame(self) -> Frame:
        """The task being worked on."""
        if self.state.frame is None:
            raise NoTask(NoTask.__doc__)
        return self.state.frame

    def happen(self, *events: Event) -> None:
        """These have happened."""
        for event in events:
            if isinstance(event, FlowEnded):
                self.ended = self.frame, event.status
            self.events.append(event)
            self.state = fold((event,), self.state)

    def move(self, move: Move) -> None:
        """The runner walked on."""
        self.said += move.said
        self.links += move.links
        self.happen(*move.events)

    def take(self, flow: Flow, answer: str) -> None:
        """The step where the open task stands is left by this answer."""
        self.happen(*flow_runner.taken(flow, self.frame, answer))

    def store(self) -> None:
        """Puts on disk what has happened so far, before something is done that must not be forgotten."""
        self.keep(self.events)
        self.stored += self.events
        self.events = []

    @property
    def happened(self) -> list[Event]:
        """All of this turn, on disk already or not."""
        return [*self.stored, *self.events]
