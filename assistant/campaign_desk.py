"""What the bank's people do with campaigns: who may, in which order, and a trail of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from datetime import date
from typing import Any

from sqlalchemy import Connection

from assistant import campaign_check, campaign_table
from assistant.audit import Audit
from assistant.campaign import HEAD_OFFICE, MOVES, Campaign, CampaignMoved, Move, Plan, State
from assistant.campaign_table import CampaignTable
from assistant.campaigns import Campaigns

_MAKERS = frozenset({"staff", "editor", "admin"})
_APPROVERS = frozenset({"editor", "admin"})
_PLAN = frozenset(field.name for field in fields(Plan))


class NotYours(Exception):
    """A campaign is made and submitted by the staff or editors of its own branch, and approved by the head office's."""


class SameHand(Exception):
    """Whoever made, changed or submitted a campaign cannot approve it; ask another person of the head office."""


class NotComplete(Exception):
    """The campaign cannot be submitted as it is; the message says what to mend."""


@dataclass(frozen=True)
class Person:
    """Who does something: the sign-in's name and role, and the branch, empty for the head office."""

    name: str
    role: str
    branch: str = HEAD_OFFICE

    def makes_for(self, host: str) -> bool:
        """Whether this person makes campaigns of this host."""
        return self.role in _MAKERS and self.branch == host

    @property
    def approves(self) -> bool:
        """Whether this person approves campaigns of whatever host."""
        return self.role in _APPROVERS and self.branch == HEAD_OFFICE


class CampaignDesk:
    """Draft, submit, approve: three steps with one approval; each change stands in the audit trail, in the same transaction."""

    def __init__(self, table: CampaignTable, campaigns: Campaigns, audit: Audit) -> None:
        self._table = table
        self._campaigns = campaigns
        self._audit = audit

    def listed(self, day: date, state: State | None = None, host: str | None = None) -> list[Campaign]:
        """The campaigns as they stand on `day`, those that end first first; each with its citation."""
        found = [one for one in self._table.listed(day, host) if state in (None, one.state(day))]
        return [self._campaigns.cited(one, day) for one in found]

    def get(self, campaign: str, day: date) -> Campaign:
        """One campaign with its citation; raises NoSuchCampaign."""
        return self._campaigns.cited(self._table.get(campaign, day), day)

    def make(self, by: Person, plan: Plan) -> Campaign:
        """A new draft of this person's own branch; raises NotYours."""
        _may(by.makes_for(by.branch))
        with self._table.writing() as connection:
            campaign = campaign_table.add(connection, plan, by.branch, by.name)
            self._note(connection, by, "make_campaign", campaign, {"name": plan.name})
        return self.get(campaign, date.today())

    def change(self, by: Person, campaign: str, changes: dict[str, Any], version: int | None = None) -> Campaign:
        """Another wording of a draft: the plan's fields by name; raises NotYours, CampaignMoved or NoSuchCampaign."""

        def happen(connection: Connection, found: Campaign) -> dict[str, str]:
            _may(by.makes_for(found.host))
            plan = replace(campaign_table.plan_of(found), **{name: changes[name] for name in _PLAN & changes.keys()})
            campaign_table.rewrite(connection, found, plan, by.name)
            return {"changed": " ".join(sorted(changes))}

        return self._moved(by, Move.CHANGE, campaign, version, happen)

    def submit(self, by: Person, campaign: str, version: int | None = None, language: str = "zh") -> Campaign:
        """Asks for the approval; raises NotComplete with what to mend, NotYours or CampaignMoved."""

        def happen(connection: Connection, found: Campaign) -> dict[str, str]:
            _may(by.makes_for(found.host))
            wrong = campaign_check.problems(found, date.today(), language)
            if campaign_table.shares_number(connection, found):
                wrong.append(campaign_check.same_number(language))
            if wrong:
                raise NotComplete("\n".join(wrong))
            hands = {"authors": campaign_table.authors_with(found, by.name), "reason": ""}
            stamp = {"submitted_by": by.name, "submitted_at": campaign_table.now()}
            campaign_table.move(connection, found, Move.SUBMIT, **stamp, **hands)
            return {"approval_number": found.approval_number}

        return self._moved(by, Move.SUBMIT, campaign, version, happen)

    def approve(self, by: Person, campaign: str, version: int | None = None) -> Campaign:
        """The one approval, by a second person of the head office; raises NotYours, SameHand or CampaignMoved."""

        def happen(connection: Connection, found: Campaign) -> dict[str, str]:
            _may(by.approves)
            if by.name.casefold() in {one.casefold() for one in found.authors}:
                raise SameHand(SameHand.__doc__)
            stamp = {"approved_by": by.name, "approved_at": campaign_table.now()}
            campaign_table.move(connection, found, Move.APPROVE, **stamp)
            return {"approval_number": found.approval_number}

        return self._moved(by, Move.APPROVE, campaign, version, happen)

    def give_back(self, by: Person, campaign: str, reason: str) -> Campaign:
        """Back to a draft, with the reason; raises NotYours or CampaignMoved."""

        def happen(connection: Connection, found: Campaign) -> dict[str, str]:
            _may(by.approves or by.makes_for(found.host))
            campaign_table.move(connection, found, Move.RETURN, reason=reason)
            return {"reason": reason}

        return self._moved(by, Move.RETURN, campaign, None, happen)

    def end(self, by: Person, campaign: str, reason: str) -> Campaign:
        """Ends it before its last day, with the reason; raises NotYours or CampaignMoved."""

        def happen(connection: Connection, found: Campaign) -> dict[str, str]:
            _may(by.approves or by.makes_for(found.host))
            stamp = {"ended_by": by.name, "ended_at": campaign_table.now(), "reason": reason}
            campaign_table.move(connection, found, Move.END, **stamp)
            return {"reason": reason}

        return self._moved(by, Move.END, campaign, None, happen)

    def note_use(self, by: Person, campaign: str, count: int = 1, day: date | None = None) -> Campaign:
        """Notes that places were taken, never more than there are; raises NotLive, QuotaSpent, NotYours or NoSuchCampaign."""
        today = day or date.today()
        with self._table.writing() as connection:
            found = campaign_table.held(connection, campaign, today)
            _may(by.makes_for(found.host) or by.approves)
            campaign_table.take_places(connection, found, count, today)
            self._note(connection, by, "use_campaign", campaign, {"count": str(count), "day": today.isoformat()})
        return self.get(campaign, today)

    def _moved(
        self,
        by: Person,
        move: Move,
        campaign: str,
        version: int | None,
        happen: Callable[[Connection, Campaign], dict[str, str]],
    ) -> Campaign:
        today = date.today()
        with self._table.writing() as connection:
            found = campaign_table.held(connection, campaign, today)
            if found.status is not MOVES[move][0] or version not in (None, found.version):
                raise CampaignMoved(CampaignMoved.__doc__)
            detail = happen(connection, found)
            self._note(connection, by, f"{move}_campaign", campaign, {"name": found.name, **detail})
        return self.get(campaign, today)

    def _note(self, connection: Connection, by: Person, did: str, campaign: str, detail: dict[str, str]) -> None:
        self._audit.note(by.name, did, campaign, detail, within=connection)


def _may(allowed: bool) -> None:
    if not allowed:
        raise NotYours(NotYours.__doc__)
