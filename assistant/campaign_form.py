"""A campaign as it is written down outside, in YAML or over HTTP; what the form does not know it refuses."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import Field, StrictBool, StringConstraints

from assistant.campaign import HEAD_OFFICE, Conditions, Plan
from assistant.iso_day import IsoDay
from assistant.part import Part
from assistant.whole_number import Whole

Line = Annotated[str, StringConstraints(strip_whitespace=True, max_length=100)]
Words = Annotated[str, StringConstraints(strip_whitespace=True, max_length=2_000)]
Lines = Annotated[tuple[Line, ...], Field(max_length=50)]
Age = Annotated[Whole, Field(ge=0, le=150)]


class ConditionsForm(Part):
    """To whom a campaign may be mentioned, as far as code can check it."""

    branches: Lines = ()
    cities: Lines = ()
    levels: Lines = ()
    min_age: Age | None = None
    max_age: Age | None = None
    holds: Lines = ()


class CampaignForm(Part):
    """What a campaign says; all but the name may be left for later, until it is submitted."""

    name: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100)]
    organiser: Line = ""
    starts: IsoDay | None = None
    ends: IsoDay | None = None
    audience: Words = ""
    conditions: ConditionsForm = ConditionsForm()
    reward: Words = ""
    quota: Line = ""
    places: Annotated[Whole, Field(ge=1, le=100_000_000)] | None = None
    daily: StrictBool = False
    rules: Words = ""
    approval_number: Annotated[str, StringConstraints(strip_whitespace=True, max_length=60)] = ""
    phone: Annotated[str, StringConstraints(strip_whitespace=True, max_length=60)] = ""
    about: Lines = ()

    def plan(self) -> Plan:
        """The plan that the form holds."""
        return Plan(**self.given(dict.fromkeys(CampaignForm.model_fields)))

    def given(self, names: Mapping[str, object]) -> dict[str, Any]:
        """The plan's fields of these names."""
        values = {name: getattr(self, name) for name in CampaignForm.model_fields if name in names}
        if "conditions" in values:
            values["conditions"] = Conditions(**dict(self.conditions))
        return values


class HostedForm(CampaignForm):
    """A campaign with the branch that is its host; empty for the head office."""

    host: Line = HEAD_OFFICE
