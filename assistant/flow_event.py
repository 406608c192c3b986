"""What happens in guided tasks. Each event names the frame it happened to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from assistant.bank import Items
from assistant.seal import Sealed
from assistant.slot import Filled
from assistant.step import Status


@dataclass(frozen=True)
class FlowStarted:
    """A guided task began: on top of the others, or just beneath one that is done first.

    `parent` is the frame that waits for it, `slots` what it was given.
    """

    frame: str
    flow: str
    step: str
    parent: str | None = None
    beneath: str | None = None
    slots: Mapping[str, Filled | Items] = field(default_factory=dict)
    type: Literal["flow_started"] = "flow_started"


@dataclass(frozen=True)
class SlotFilled:
    """The customer said something that the task needs; it is stored sealed."""

    frame: str
    slot: str
    value: Filled
    type: Literal["slot_filled"] = "slot_filled"


@dataclass(frozen=True)
class SlotsCleared:
    """These are to be asked again."""

    frame: str
    slots: tuple[str, ...]
    type: Literal["slots_cleared"] = "slots_cleared"


@dataclass(frozen=True)
class SlotSkipped:
    """The customer left an optional slot unfilled."""

    frame: str
    slot: str
    type: Literal["slot_skipped"] = "slot_skipped"


@dataclass(frozen=True)
class SlotRejected:
    """An answer could not be taken, and why was said."""

    frame: str
    slot: str
    reason: str
    type: Literal["slot_rejected"] = "slot_rejected"


@dataclass(frozen=True)
class StepTaken:
    """The task went on from a step to another, by this answer or outcome where it branches."""

    frame: str
    step: str
    to: str
    answer: str | None = None
    type: Literal["step_taken"] = "step_taken"


@dataclass(frozen=True)
class Confirmed:
    """The customer said yes to what was read back; `digest` is the SHA-256 of that text, `operation` what it holds for."""

    frame: str
    step: str
    digest: str
    operation: str | None
    type: Literal["confirmed"] = "confirmed"


@dataclass(frozen=True)
class Consented:
    """The customer consented to a text of this version; `digest` is its SHA-256, `at` the time (UTC, ISO 8601)."""

    frame: str
    step: str
    version: str
    digest: str
    at: str
    type: Literal["consented"] = "consented"


@dataclass(frozen=True)
class CodeSent:
    """A one-time code went out to `phone` (covered), to prove `target`: a slot, or the customer's identity."""

    frame: str
    target: str
    phone: str
    type: Literal["code_sent"] = "code_sent"


@dataclass(frozen=True)
class CodeChecked:
    """A one-time code was right, wrong, expired, or the number is locked for a while."""

    frame: str
    target: str
    outcome: str
    type: Literal["code_checked"] = "code_checked"


@dataclass(frozen=True)
class CallStarted:
    """A prepared operation is about to be committed; stored before the bank is asked."""

    frame: str
    action: str
    operation: str
    type: Literal["call_started"] = "call_started"


@dataclass(frozen=True)
class CallEnded:
    """An action ended with this outcome and these values; `operation` is what preparing it holds ready at the bank."""

    frame: str
    action: str
    phase: str
    outcome: str
    values: Mapping[str, Filled | Items] = field(default_factory=dict)
    operation: str | None = None
    type: Literal["call_ended"] = "call_ended"


@dataclass(frozen=True)
class CallFailed:
    """The bank did not answer; `unknown` where it may have done what it was asked."""

    frame: str
    action: str
    unknown: bool
    error: str
    type: Literal["call_failed"] = "call_failed"


@dataclass(frozen=True)
class Retried:
    """What the bank or a locked code held up is tried again."""

    frame: str
    type: Literal["retried"] = "retried"


@dataclass(frozen=True)
class FlowResumed:
    """The customer came back to a task that was set aside for another."""

    frame: str
    type: Literal["flow_resumed"] = "flow_resumed"


@dataclass(frozen=True)
class ReviewRequested:
    """A person of the bank with this skill was asked to approve what `text` says."""

    frame: str
    step: str
    ticket: str
    skill: str
    text: Sealed
    type: Literal["review_requested"] = "review_requested"


@dataclass(frozen=True)
class ReviewDecided:
    """That person approved, or refused for a reason that the customer is told; personal data in it is masked."""

    frame: str
    ticket: str
    approved: bool
    reviewer: str
    reason: str = ""
    type: Literal["review_decided"] = "review_decided"


@dataclass(frozen=True)
class FlowEnded:
    """A guided task came to its end."""

    frame: str
    flow: str
    status: Status
    type: Literal["flow_ended"] = "flow_ended"


FlowEvent = (
    FlowStarted
    | SlotFilled
    | SlotsCleared
    | SlotSkipped
    | SlotRejected
    | StepTaken
    | Confirmed
    | Consented
    | CodeSent
    | CodeChecked
    | CallStarted
    | CallEnded
    | CallFailed
    | Retried
    | FlowResumed
    | ReviewRequested
    | ReviewDecided
    | FlowEnded
)
