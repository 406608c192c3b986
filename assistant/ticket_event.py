"""What happens with tickets. Each event names the ticket it happened to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from assistant.reason import Reason
from assistant.seal import Sealed
from assistant.slot import Filled
from assistant.ticket_kind import Kind


@dataclass(frozen=True)
class TicketOpened:
    """A person is wanted. Times are UTC, ISO 8601; `details` are what the person needs to act, sealed."""

    ticket: str
    kind: Kind
    reason: Reason
    skill: str
    asked_at: str
    head_start_seconds: int = 0
    frame: str | None = None
    text: str = ""
    two_people: bool = False
    customer: str | None = None
    senior: bool = False
    level: str | None = None
    due_at: str | None = None
    details: Mapping[str, Filled] = field(default_factory=dict)
    type: Literal["ticket_opened"] = "ticket_opened"


@dataclass(frozen=True)
class TicketRaised:
    """Something graver was heard while it waited; it counts from now on."""

    ticket: str
    reason: Reason
    skill: str
    asked_at: str
    head_start_seconds: int
    type: Literal["ticket_raised"] = "ticket_raised"


@dataclass(frozen=True)
class TicketClaimed:
    """A person took it; customers see that person as `shown_as`."""

    ticket: str
    agent: str
    shown_as: str
    type: Literal["ticket_claimed"] = "ticket_claimed"


@dataclass(frozen=True)
class TicketReleased:
    """The person who had it has gone; it waits again, before all others."""

    ticket: str
    agent: str
    type: Literal["ticket_released"] = "ticket_released"


@dataclass(frozen=True)
class TicketTransferred:
    """It waits again, for another skill or for one person - `until` then for nobody else - with a note for whoever takes it."""

    ticket: str
    agent: str
    skill: str
    to: str | None = None
    until: str | None = None
    note: str = ""
    type: Literal["ticket_transferred"] = "ticket_transferred"


@dataclass(frozen=True)
class TicketReturned:
    """The conversation was given back to the assistant."""

    ticket: str
    agent: str
    note: str = ""
    type: Literal["ticket_returned"] = "ticket_returned"


@dataclass(frozen=True)
class TicketResolved:
    """The matter is settled; `code` names how."""

    ticket: str
    agent: str
    code: str
    note: str = ""
    type: Literal["ticket_resolved"] = "ticket_resolved"


@dataclass(frozen=True)
class TicketAbandoned:
    """Nobody waits any more: the customer left the queue, was silent too long, or was helped without it."""

    ticket: str
    why: Literal["left", "silent", "helped"]
    type: Literal["ticket_abandoned"] = "ticket_abandoned"


@dataclass(frozen=True)
class ReviewChecked:
    """The first of two people approved; another must."""

    ticket: str
    agent: str
    type: Literal["review_checked"] = "review_checked"


@dataclass(frozen=True)
class AgentWrote:
    """A person of the bank wrote to the customer; personal data is masked."""

    ticket: str
    agent: str
    shown_as: str
    text: Sealed
    type: Literal["agent_wrote"] = "agent_wrote"


@dataclass(frozen=True)
class NoteTaken:
    """A person of the bank noted something for colleagues; customers never see it."""

    ticket: str
    agent: str
    text: Sealed
    type: Literal["note_taken"] = "note_taken"


@dataclass(frozen=True)
class SatisfactionGiven:
    """The customer rated the person: 1 (bad) to 5 (very good)."""

    ticket: str
    score: int
    type: Literal["satisfaction_given"] = "satisfaction_given"


@dataclass(frozen=True)
class PictureSent:
    """The customer showed a picture for this review; `text` stands for it in the conversation, the picture itself elsewhere."""

    ticket: str
    picture: str
    name: str
    text: str
    type: Literal["picture_sent"] = "picture_sent"


TicketEvent = (
    TicketOpened
    | TicketRaised
    | TicketClaimed
    | TicketReleased
    | TicketTransferred
    | TicketReturned
    | TicketResolved
    | TicketAbandoned
    | ReviewChecked
    | AgentWrote
    | NoteTaken
    | SatisfactionGiven
    | PictureSent
)
