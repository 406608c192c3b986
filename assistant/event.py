"""What has happened in a conversation: frozen, past tense, only ever appended."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from assistant.alarm import Kind
from assistant.flow_event import FlowEvent
from assistant.kept_command import KeptCommand
from assistant.lead_event import LeadEvent
from assistant.model_event import ModelAsked
from assistant.reason import Reason
from assistant.reply import Outcome, Reply
from assistant.sales_need import SalesNeed
from assistant.suitability import Rule
from assistant.ticket_event import TicketEvent
from knowledge_base.passage import Audience


@dataclass(frozen=True)
class ConversationStarted:
    """Someone opened the chat and was greeted; staff who signed in are known by name (`colleague`) and branch."""

    audience: Audience
    locale: str
    reply: Reply
    customer: str | None = None
    signed_in_until: str | None = None
    colleague: str | None = None
    branch: str = ""
    elder: bool | None = None
    type: Literal["conversation_started"] = "conversation_started"


@dataclass(frozen=True)
class MessageReceived:
    """Someone wrote, or pressed a button; personal data is masked. `names` where it only names what a task asks for, in no language.

    `key` is what the sender calls it, so that it is not taken for another when it comes again. `form` is what stood in each field,
    where a form was filled in.
    """

    text: str
    choice: str | None = None
    names: bool = False
    key: str | None = None
    form: Mapping[str, str] | None = None
    type: Literal["message_received"] = "message_received"


@dataclass(frozen=True)
class MessageUnderstood:
    """The message was taken to ask for these commands."""

    commands: tuple[KeptCommand, ...]
    type: Literal["message_understood"] = "message_understood"


@dataclass(frozen=True)
class KnowledgeAnswered:
    """The documents answered `question`; `subject` is what the answer was about, `support` how well it stood.

    `prompt` is the version of the prompt by which a model worded it, where one did, and `held_back` why sentences of the
    model's were not sent.
    """

    question: str
    subject: str | None
    support: float
    passages: tuple[str, ...]
    prompt: str | None = None
    held_back: tuple[str, ...] = ()
    type: Literal["knowledge_answered"] = "knowledge_answered"


@dataclass(frozen=True)
class KnowledgeAbstained:
    """Nothing reliable was found, and that was said; `reason` names the signal that decided, `near` that the subject is known."""

    question: str
    reason: str
    support: float
    near: bool = False
    type: Literal["knowledge_abstained"] = "knowledge_abstained"


@dataclass(frozen=True)
class LeftOut:
    """A product that was not offered, and the rules that forbid it."""

    product: str
    rules: tuple[Rule, ...]


@dataclass(frozen=True)
class SaleGuided:
    """Staff were told what fits a need: what was offered, or put side by side, what was left out and why, from these passages."""

    need: SalesNeed
    form: Literal["recommend", "compare", "check"]
    offered: tuple[str, ...]
    left_out: tuple[LeftOut, ...]
    passages: tuple[str, ...]
    type: Literal["sale_guided"] = "sale_guided"


@dataclass(frozen=True)
class SearchFailed:
    """The index could not be reached."""

    question: str
    error: str
    type: Literal["search_failed"] = "search_failed"


@dataclass(frozen=True)
class SignedIn:
    """The bank's sign-in told who is in the conversation: its id for the customer; it holds until then (UTC, ISO 8601)."""

    customer: str
    until: str
    type: Literal["signed_in"] = "signed_in"


@dataclass(frozen=True)
class ElderModeSet:
    """Elder mode was turned on or off, by the customer or for their age."""

    on: bool
    by: Literal["customer", "age"]
    type: Literal["elder_mode_set"] = "elder_mode_set"


@dataclass(frozen=True)
class IdentityVerified:
    """The customer proved to hold the registered phone; that counts until this time (UTC, ISO 8601)."""

    until: str
    type: Literal["identity_verified"] = "identity_verified"


@dataclass(frozen=True)
class AlarmRaised:
    """Something regulated or dangerous was heard."""

    alarm: Kind
    type: Literal["alarm_raised"] = "alarm_raised"


@dataclass(frozen=True)
class HumanRequested:
    """A person was asked for, or is needed, at this time (UTC, ISO 8601); the service level counts from the first one."""

    reason: Reason
    at: str
    type: Literal["human_requested"] = "human_requested"


@dataclass(frozen=True)
class CampaignMentioned:
    """The customer was told of a campaign beside what they came for."""

    campaign: str
    name: str
    type: Literal["campaign_mentioned"] = "campaign_mentioned"


@dataclass(frozen=True)
class ReplySent:
    """The turn's reply, as shown; or what the assistant said `unasked`, after something happened elsewhere."""

    outcome: Outcome
    reply: Reply
    unasked: bool = False
    type: Literal["reply_sent"] = "reply_sent"


@dataclass(frozen=True)
class FeedbackGiven:
    """Someone rated a turn."""

    turn: str
    rating: Literal["up", "down"]
    comment: str | None = None
    type: Literal["feedback_given"] = "feedback_given"


Event = (
    FlowEvent
    | TicketEvent
    | LeadEvent
    | ModelAsked
    | ConversationStarted
    | MessageReceived
    | MessageUnderstood
    | KnowledgeAnswered
    | KnowledgeAbstained
    | SaleGuided
    | SearchFailed
    | SignedIn
    | ElderModeSet
    | IdentityVerified
    | AlarmRaised
    | HumanRequested
    | CampaignMentioned
    | ReplySent
    | FeedbackGiven
)
