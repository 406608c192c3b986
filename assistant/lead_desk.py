"""Where the bank's people see to tasks that customers left: who may be contacted, about what, and what came of it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal

from assistant import contact_choice, guard, lead_text, question
from assistant.audit import Audit
from assistant.bank import Bank
from assistant.flow import Flow
from assistant.frame import Frame
from assistant.lead import Lead, LeadGone, Leads, NoSuchLead, Status
from assistant.lead_event import BreakPoint, LeadClosed, LeadTaken, LeadWithdrawn
from assistant.sign_in import SignIn
from assistant.slot import Filled
from assistant.storage import Storage
from assistant.wording import Wording, Wordings

_EXPORTED = 10_000
_CALLED = {"Confirm": "confirm", "Disclose": "disclose", "Verify": "verify", "Review": "review"}


@dataclass(frozen=True)
class LeadView:
    """A lead as the bank's people see it. Times are UTC, ISO 8601.

    `name` is covered; `customer` is the bank's id, told only to whoever has taken the lead. `asks` is what the task waits for in
    words, `known` what the customer has answered, by the names of the slots, covered where personal, `offer` what to offer.
    """

    id: str
    name: str
    branch: str
    flow: str
    title: str
    step: str
    asks: str
    known: Mapping[str, str]
    stopped_at: str
    minutes_ago: int
    status: Status
    consented_at: str
    taken_by: str | None = None
    note: str = ""
    customer: str | None = None
    offer: str = ""


class LeadDesk:
    """What the bank's people do with leads: a branch's people with those of its customers, the head office's with all.

    Each look and move is noted on the audit trail.
    """

    def __init__(
        self,
        storage: Storage,
        leads: Leads,
        flows: Mapping[str, Flow],
        bank: Bank,
        wordings: Wordings,
        after_minutes: int,
        audit: Audit,
    ) -> None:
        self._storage = storage
        self._leads = leads
        self._flows = flows
        self._bank = bank
        self._wordings = wordings
        self._after = timedelta(minutes=after_minutes)
        self._audit = audit

    def listed(
        self,
        who: SignIn,
        locale: str,
        status: Status | None = None,
        branch: str | None = None,
        flow: str | None = None,
        limit: int = 200,
    ) -> list[LeadView]:
        """The leads that this person may see, those left last first; titles and questions in the language of `locale`."""
        if who.branch and branch not in (None, who.branch):
            return []
        found = self._leads.listed(self._untouched_since(), status, who.branch or branch, flow, limit)
        seen = " ".join(lead.id for lead in found)
        # A list that is looked at again tells nothing new.
        self._audit.note_look(who.name, "read_leads", _list(seen), {"count": str(len(found)), "leads": seen})
        return [self._view(lead, who.name, locale) for lead in found]

    def exported(
        self, who: SignIn, locale: str, status: Status | None = None, branch: str | None = None, flow: str | None = None
    ) -> list[LeadView]:
        """The leads for a sheet that leaves the service; each time is noted."""
        found = self.listed(who, locale, status, branch, flow, _EXPORTED)
        seen = " ".join(lead.id for lead in found)
        self._audit.note(who.name, "export_leads", _list(seen), {"count": str(len(found))})
        return found

    def take(self, who: SignIn, lead: str, locale: str) -> LeadView:
        """Sees to it: raises LeadGone where somebody else does, or the customer no longer wishes it; BankUnavailable."""
        found = self._seen(who, lead)
        if found.status is not Status.NEW:
            raise LeadGone(LeadGone.__doc__)
        if not contact_choice.allows(self._bank, found.customer):
            self._storage.tell(found.conversation, LeadWithdrawn(lead, "privacy"))
            raise LeadGone(LeadGone.__doc__)
        return self._moved(found, LeadTaken(lead, who.name), who.name, locale)

    def close(self, who: SignIn, lead: str, how: Literal["done", "dropped"], note: str, locale: str) -> LeadView:
        """Has done what was to be done, or dropped it; raises LeadGone unless this person has taken it."""
        found = self._seen(who, lead)
        return self._moved(found, LeadClosed(lead, who.name, how, guard.mask(note)), who.name, locale)

    def _seen(self, who: SignIn, lead: str) -> Lead:
        """A lead that this person may see; raises NoSuchLead for another branch's, as the customer was told."""
        found = self._leads.get(lead, self._untouched_since())
        if who.branch and found.branch != who.branch:
            raise NoSuchLead(NoSuchLead.__doc__)
        return found

    def _moved(self, lead: Lead, event: LeadTaken | LeadClosed, by: str, locale: str) -> LeadView:
        self._storage.tell(lead.conversation, event)
        self._audit.note(by, "take_lead" if isinstance(event, LeadTaken) else "close_lead", lead.id)
        return self._view(self._leads.get(lead.id, self._untouched_since()), by, locale)

    def _untouched_since(self) -> str:
        return (datetime.now(UTC) - self._after).isoformat(timespec="milliseconds")

    def _view(self, lead: Lead, by: str, locale: str) -> LeadView:
        flow, point, words = self._flows.get(lead.flow), self._point(lead), self._wordings.of(locale)
        ago = datetime.now(UTC) - datetime.fromisoformat(lead.stopped_at)
        return LeadView(
            lead.id,
            lead.name,
            lead.branch,
            lead.flow,
            flow.title.of(words.language) if flow else lead.flow,
            lead.step,
            _asks(flow, point, words) if flow else lead.step,
            _known(flow, point, words) if flow else point.known,
            lead.stopped_at,
            int(ago.total_seconds() // 60),
            lead.status,
            lead.consented_at,
            lead.taken_by,
            lead.note,
            lead.customer if lead.taken_by == by else None,
            flow.offer.of(words.language) if flow and flow.offer else "",
        )

    def _point(self, lead: Lead) -> BreakPoint:
        """What the customer filled in stands in the conversation's events alone."""
        offered = self._storage.load(lead.conversation).leads
        return next(one.point for one in offered if one.id == lead.id)


def _list(ids: str) -> str:
    """What a list of leads is called in the audit trail."""
    return f"leads:{hashlib.sha256(ids.encode()).hexdigest()[:16]}"


def _known(flow: Flow, point: BreakPoint, words: Wording) -> dict[str, str]:
    names = {name: slot.name.of(words.language) for name, slot in flow.slots.items()}
    return {names.get(name, name): shown for name, shown in point.known.items()}


def _asks(flow: Flow, point: BreakPoint, words: Wording) -> str:
    """What the task waits for: its question, or what is done at such a step."""
    if point.asked and point.asked in flow.slots:
        frame = Frame(point.frame, flow.id, point.step, slots={k: Filled(v, v) for k, v in point.known.items()})
        return question.shown(flow.slots[point.asked].ask, frame, words)
    step = flow.steps.get(point.step)
    return lead_text.load().steps[_CALLED.get(type(step).__name__, "other")].of(words.language)
