"""Campaigns over HTTP: read by whoever is signed in, made and submitted by their host's people, approved by the head office."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from http import HTTPStatus
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from assistant.campaign import Campaign, State
from assistant.campaign_desk import Person
from assistant.campaign_form import CampaignForm
from assistant.iso_day import IsoDay
from ui.service import Parts
from ui.signin import Anyone, SignIn

router = APIRouter(prefix="/v1/campaigns", tags=["campaigns"])
Id = Annotated[str, Path(max_length=64)]
Branch = Annotated[str | None, Query(max_length=100)]
Locale = Annotated[str, Query(max_length=35)]
Version = Annotated[int, Field(ge=1)] | None


class Body(BaseModel):
    """What it does not know it refuses."""

    model_config = ConfigDict(extra="forbid")


class Change(CampaignForm):
    """The fields of a draft to change; `version`, where given, must be the one that was read."""

    name: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100)] = "-"
    version: Version = None


class Step(Body):
    """A step; `version`, where given, must be the one that was read."""

    version: Version = None


class Because(Body):
    """Why it is returned, or ended early."""

    reason: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500)]


class Places(Body):
    """Places that were taken."""

    count: Annotated[int, Field(ge=1, le=100_000)] = 1


@router.get("")
def campaigns(
    parts: Parts, _who: Anyone, status: State | None = None, branch: Branch = None, day: IsoDay | None = None
) -> list[dict[str, Any]]:
    """The campaigns as they stand on `day` (today), those that end first first; of one branch where it is named."""
    today = day or date.today()
    return [_shown(one, today) for one in parts.campaigns.listed(today, status, branch)]


@router.get("/{id}")
def campaign(parts: Parts, _who: Anyone, id: Id, day: IsoDay | None = None) -> dict[str, Any]:
    """One campaign as it stands on `day`."""
    today = day or date.today()
    return _shown(parts.campaigns.get(id, today), today)


@router.post("", status_code=HTTPStatus.CREATED)
def make(parts: Parts, who: Anyone, body: CampaignForm) -> dict[str, Any]:
    """A draft of one's own branch; roles staff, editor and admin."""
    return _shown(parts.campaigns.make(_person(who), body.plan()))


@router.patch("/{id}")
def change(parts: Parts, who: Anyone, id: Id, body: Change) -> dict[str, Any]:
    """Other words for a draft; 409 where it is none, or was changed since it was read."""
    changes = body.given(dict.fromkeys(body.model_fields_set))
    return _shown(parts.campaigns.change(_person(who), id, changes, body.version))


@router.post("/{id}/submit")
def submit(parts: Parts, who: Anyone, id: Id, body: Step | None = None, locale: Locale = "zh-CN") -> dict[str, Any]:
    """Asks for the approval; 422 with what is missing or may not be said."""
    version = body.version if body else None
    return _shown(parts.campaigns.submit(_person(who), id, version, "en" if locale.startswith("en") else "zh"))


@router.post("/{id}/approve")
def approve(parts: Parts, who: Anyone, id: Id, body: Step | None = None) -> dict[str, Any]:
    """The one approval; editor or admin of the head office, 409 for whoever had a hand in the campaign."""
    return _shown(parts.campaigns.approve(_person(who), id, body.version if body else None))


@router.post("/{id}/return")
def give_back(parts: Parts, who: Anyone, id: Id, body: Because) -> dict[str, Any]:
    """Back to a draft."""
    return _shown(parts.campaigns.give_back(_person(who), id, body.reason))


@router.post("/{id}/end")
def end(parts: Parts, who: Anyone, id: Id, body: Because) -> dict[str, Any]:
    """Ends it before its last day."""
    return _shown(parts.campaigns.end(_person(who), id, body.reason))


@router.post("/{id}/uses")
def use(parts: Parts, who: Anyone, id: Id, body: Places | None = None) -> dict[str, Any]:
    """Notes places that were taken today; 409 where there are not so many left, and then none is noted."""
    return _shown(parts.campaigns.note_use(_person(who), id, (body or Places()).count))


def _person(who: SignIn) -> Person:
    return Person(who.name, who.role.value, who.branch)


def _shown(campaign: Campaign, day: IsoDay | None = None) -> dict[str, Any]:
    """A campaign with where it stands on the day, and the places that are left."""
    today = day or date.today()
    return asdict(campaign) | {"status": campaign.state(today), "left": campaign.left}
