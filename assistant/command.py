"""What a message asks for: a small closed set, found by rules or by a model, and obeyed by code."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Literal

from assistant.alarm import Kind
from assistant.sales_need import SalesNeed
from assistant.seal import Secret
from assistant.slot import Filled


class Topic(StrEnum):
    """The small talk that the assistant answers; `colleague` where one of the bank's own people asks for a person."""

    GREETING = "greeting"
    THANKS = "thanks"
    GOODBYE = "goodbye"
    IDENTITY = "identity"
    ABILITY = "ability"
    COLLEAGUE = "colleague"


@dataclass(frozen=True)
class AskKnowledge:
    """Answer from the documents; `question` stands on its own, unless it turns out to be about what was spoken of before.

    `task` is the flow that does what the question is about.
    """

    question: str
    as_of: date | None = None
    about: str | None = None
    task: str | None = None


@dataclass(frozen=True)
class MakeSmalltalk:
    """Answer a greeting, a thank-you, or a question about the assistant."""

    topic: Topic


@dataclass(frozen=True)
class AskHuman:
    """Bring a person in."""


@dataclass(frozen=True)
class LeaveQueue:
    """No person is wanted any more."""


@dataclass(frozen=True)
class RatePerson:
    """How the customer liked what the person of this ticket did: 1 (bad) to 5 (very good)."""

    ticket: str
    score: int


@dataclass(frozen=True)
class AnswerLead:
    """Whether the bank may make contact about a task that was left; nothing where a plain yes does not say to what."""

    lead: str
    agreed: bool | None


@dataclass(frozen=True)
class WithdrawLeads:
    """The bank is not to make contact any more."""


@dataclass(frozen=True)
class Decline:
    """Say that this cannot be answered: words of the bank's list stand in it, or it gives the assistant orders of its own.

    `found` are those words, or what the orders are after.
    """

    found: tuple[str, ...]
    orders: bool = False


@dataclass(frozen=True)
class Repeat:
    """Say the last reply again."""


@dataclass(frozen=True)
class PressStaleChoice:
    """A button was pressed that the last reply does not offer."""


@dataclass(frozen=True)
class StartFlow:
    """Begin a guided task; `alarm` where something that cannot wait asks for it."""

    flow: str
    alarm: Kind | None = None


@dataclass(frozen=True)
class Clarify:
    """Ask which of these tasks is meant."""

    flows: tuple[str, ...]


@dataclass(frozen=True)
class SetSlot:
    """Something that the open task wants to know."""

    slot: str
    value: Filled


@dataclass(frozen=True)
class RejectSlot:
    """An attempt at the open slot that cannot be taken; `reason` names the sentence that says why."""

    slot: str
    reason: str


@dataclass(frozen=True)
class CorrectSlot:
    """Something said earlier was wrong: to be asked again, or replaced where the right value came with it."""

    slot: str
    value: Filled | None = None


@dataclass(frozen=True)
class SkipSlot:
    """Leave the open slot unfilled."""

    slot: str


@dataclass(frozen=True)
class Answer:
    """A plain yes or no to the open question."""

    yes: bool


@dataclass(frozen=True)
class SubmitCode:
    """A one-time code; it is used at once and never kept."""

    code: Secret


@dataclass(frozen=True)
class ResendCode:
    """Send another one-time code."""


@dataclass(frozen=True)
class Retry:
    """Try again what could not be done for want of the bank."""


@dataclass(frozen=True)
class CancelFlow:
    """Give the open task up."""


@dataclass(frozen=True)
class ResumeFlow:
    """Go on with the open task."""


@dataclass(frozen=True)
class RaiseAlarm:
    """Something regulated or dangerous has happened to the customer."""

    alarm: Kind


@dataclass(frozen=True)
class GuideSale:
    """Tell staff which products fit a need."""

    need: SalesNeed


@dataclass(frozen=True)
class CompareProducts:
    """Put products side by side for staff, by their names."""

    compared: tuple[str, ...]
    need: SalesNeed


@dataclass(frozen=True)
class CheckSale:
    """Tell staff whether a customer may be sold these products, and what a sale must come with."""

    checked: tuple[str, ...]
    need: SalesNeed


@dataclass(frozen=True)
class CheckDraft:
    """Tell staff whether a text may be sent to customers; `personal` where it held something that is covered in `draft`."""

    draft: str
    personal: bool


@dataclass(frozen=True)
class AnswerObjection:
    """Tell staff what to answer to what a customer said; `asked` is the whole question."""

    objection: str
    asked: str


@dataclass(frozen=True)
class ListCampaigns:
    """Tell staff which campaigns run at their branch today."""


@dataclass(frozen=True)
class NotUnderstood:
    """Nothing that the open question could take; named, for it is counted when it is read from the events again."""

    type: Literal["not_understood"] = "not_understood"


Command = (
    AskKnowledge
    | MakeSmalltalk
    | AskHuman
    | LeaveQueue
    | RatePerson
    | AnswerLead
    | WithdrawLeads
    | Decline
    | Repeat
    | PressStaleChoice
    | StartFlow
    | Clarify
    | SetSlot
    | RejectSlot
    | CorrectSlot
    | SkipSlot
    | Answer
    | SubmitCode
    | ResendCode
    | Retry
    | CancelFlow
    | ResumeFlow
    | RaiseAlarm
    | GuideSale
    | CompareProducts
    | CheckSale
    | CheckDraft
    | AnswerObjection
    | ListCampaigns
    | NotUnderstood
)
