"""Leads as a conversation knows them: what the customer was asked about, and what came of it."""

from __future__ import annotations

from dataclasses import dataclass, replace

from assistant.lead_event import (
    BreakPoint,
    LeadConsented,
    LeadDeclined,
    LeadEvent,
    LeadMoved,
    LeadOffered,
    LeadWithdrawn,
)


@dataclass(frozen=True)
class OfferedLead:
    """A task that was left; `agreed` is nothing until the customer answers, `offer` where it was asked in this conversation."""

    id: str
    point: BreakPoint
    agreed: bool | None = None
    offer: LeadOffered | None = None


def after(leads: tuple[OfferedLead, ...], event: LeadEvent) -> tuple[OfferedLead, ...]:
    """The leads of a conversation once this has happened."""
    match event:
        case LeadOffered():
            return (*leads, OfferedLead(event.lead, event.point, offer=event))
        case LeadConsented():
            return _with(leads, event.lead, agreed=True)
        case LeadDeclined() | LeadWithdrawn():
            return _with(leads, event.lead, agreed=False)
        case LeadMoved() if all(one.id != event.lead for one in leads):
            return (*leads, OfferedLead(event.lead, event.point, agreed=True))
        case LeadMoved():
            return tuple(replace(one, point=event.point) if one.id == event.lead else one for one in leads)
        case _:
            return leads


def _with(leads: tuple[OfferedLead, ...], lead: str, *, agreed: bool) -> tuple[OfferedLead, ...]:
    return tuple(replace(one, agreed=agreed) if one.id == lead else one for one in leads)
