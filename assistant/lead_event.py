"""What happens with leads: the customer is asked, agrees or not, goes on or leaves; a person of the bank sees to it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal


@dataclass(frozen=True)
class BreakPoint:
    """Where a task was left, at this time (UTC, ISO 8601).

    `asked` is the slot that it waits for, `known` what the customer has answered, by slot, as it is shown: covered where personal.
    """

    frame: str
    flow: str
    step: str
    at: str
    asked: str | None = None
    known: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class LeadOffered:
    """The customer was asked whether the bank may make contact; `version` and `digest` (SHA-256) are of the text that asked.

    `name` is covered; it and `branch` are those of the bank's record, in its own language.
    """

    lead: str
    customer: str
    name: str
    branch: str
    point: BreakPoint
    version: str
    digest: str
    type: Literal["lead_offered"] = "lead_offered"


@dataclass(frozen=True)
class LeadConsented:
    """The customer agreed, at this time (UTC, ISO 8601), to the text of this version and digest."""

    lead: str
    customer: str
    name: str
    branch: str
    point: BreakPoint
    version: str
    digest: str
    at: str
    type: Literal["lead_consented"] = "lead_consented"


@dataclass(frozen=True)
class LeadDeclined:
    """The customer does not wish it."""

    lead: str
    type: Literal["lead_declined"] = "lead_declined"


@dataclass(frozen=True)
class LeadWithdrawn:
    """The customer agreed before and no longer does: said so, or turned off a privacy choice that it needs."""

    lead: str
    why: Literal["said", "privacy"]
    type: Literal["lead_withdrawn"] = "lead_withdrawn"


@dataclass(frozen=True)
class LeadMoved:
    """The task now stands here; `resumed` while the customer is at it again."""

    lead: str
    point: BreakPoint
    resumed: bool
    type: Literal["lead_moved"] = "lead_moved"


@dataclass(frozen=True)
class LeadFinished:
    """The customer has done the task without the bank's help; it may be the lead of an earlier conversation."""

    lead: str
    type: Literal["lead_finished"] = "lead_finished"


@dataclass(frozen=True)
class LeadTaken:
    """A person of the bank sees to it."""

    lead: str
    by: str
    type: Literal["lead_taken"] = "lead_taken"


@dataclass(frozen=True)
class LeadClosed:
    """That person has done what was to be done, or dropped it."""

    lead: str
    by: str
    how: Literal["done", "dropped"]
    note: str = ""
    type: Literal["lead_closed"] = "lead_closed"


LeadEvent = (
    LeadOffered | LeadConsented | LeadDeclined | LeadWithdrawn | LeadMoved | LeadFinished | LeadTaken | LeadClosed
)
