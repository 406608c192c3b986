"""The rules of the desk where people take over: who serves what and when, who comes first, and what agents say.

**Who comes first.** Each waiting ticket has a rank: the time at which a person was first asked for, minus its head start. The
smallest rank is served first. The head start is what the reason, the age and the bank's level of the customer give, added.
This is Jackson's dynamic priority with urgency numbers (J. R. Jackson, "Some problems in queueing with dynamic priorities",
Naval Research Logistics Quarterly 7, 1960): of two who have waited equally long the more urgent is first, and nobody is ever
overtaken by someone who came later by more than the largest head start. So nobody starves, which fixed classes do not promise.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import Annotated, Self
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints, ValidationError, model_validator

from assistant import desk_mistakes, flow_file
from assistant.business_hours import Calendar, Timetable, is_open
from assistant.desk_mistakes import WrongDesk
from assistant.part import Part, Text
from assistant.reason import Reason

__all__ = ["GENERAL", "LONGEST_HEAD_START", "DeskRules", "Skill", "WrongDesk", "load"]

GENERAL = "general"
"""The skill that serves whatever asks for no other."""
LONGEST_HEAD_START = 45 * 60
"""The longest that anybody may be overtaken for, in seconds."""


def _plain(text: Text) -> Text:
    if any(mark in text.zh + text.en for mark in "{}"):
        raise ValueError("holds a { or a }; write the words as they are sent, nothing is filled in")
    return text


def _zone(given: str) -> str:
    try:
        ZoneInfo(given)
    except (ValueError, OSError, LookupError) as error:
        raise ValueError(f"is no time zone: {given}; write it such as Asia/Shanghai") from error
    return given


def _day(given: object) -> object:
    if type(given) is not date:
        raise ValueError("is no day to YAML; write it such as 2026-10-01, without quotes")
    return given


Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$")]
Day = Annotated[date, BeforeValidator(_day)]
HeadStartSeconds = Annotated[int, Field(strict=True, ge=0, le=LONGEST_HEAD_START)]


class Skill(Part):
    """What some agents can do: when they are there, and which skill takes it `out_of_hours`, where one does."""

    name: Text
    hours: str
    handle_seconds: Annotated[int, Field(strict=True, ge=10, le=7200)]
    """What one conversation takes, until enough of them were measured."""
    out_of_hours: str | None = None


class ReasonRule(Part):
    """A reason as an agent reads it; the skill it asks for by itself, else it is the task's own."""

    name: Text
    skill: str | None = None
    head_start_seconds: HeadStartSeconds


class HeadStart(Part):
    """Customers of this age and over."""

    age: Annotated[int, Field(strict=True, ge=40, le=120)] = 60
    head_start_seconds: HeadStartSeconds


class Holiday(Part):
    """A public holiday with its first and its last day."""

    first: Day = Field(alias="from")
    last: Day = Field(alias="to")
    name: Text

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.last < self.first:
            raise ValueError("ends before it begins; mend `from` or `to`")
        return self

    @property
    def days(self) -> frozenset[date]:
        """Each of its days."""
        return frozenset(self.first + timedelta(days=step) for step in range((self.last - self.first).days + 1))


class DeskRules(Part):
    """All of it; every Reason has its rule."""

    skills: Mapping[Name, Skill]
    reasons: Mapping[Reason, ReasonRule]
    senior: HeadStart
    levels: Mapping[str, HeadStartSeconds]
    timetables: Mapping[Name, Timetable]
    holidays: tuple[Holiday, ...] = ()
    workdays: tuple[Day, ...] = ()
    time_zone: Annotated[str, AfterValidator(_zone)] = "Asia/Shanghai"
    shown_as: Mapping[str, Annotated[str, StringConstraints(min_length=1, max_length=40)]] = {}
    """What customers see agents as, by sign-in; an agent may change it."""
    replies: Mapping[Name, Annotated[Text, AfterValidator(_plain)]]
    codes: Mapping[Name, Text]
    offer_seconds: Annotated[int, Field(strict=True, ge=5, le=600)]
    """How long an agent has to accept a conversation before it is offered to another."""
    away_seconds: Annotated[int, Field(strict=True, ge=10, le=3600)]
    """How long an agent's page may be silent before the agent counts as away."""
    idle_customer_minutes: Annotated[int, Field(strict=True, ge=1, le=240)]
    """How long a customer may say nothing before the conversation can be closed."""

    @model_validator(mode="after")
    def _agrees(self) -> Self:
        desk_mistakes.refuse([*_wrong_skills(self), *_wrong_reasons(self), *_wrong_days(self)])
        return self

    @cached_property
    def calendar(self) -> Calendar:
        """The holidays and the days that are worked instead, for the timetables."""
        off = frozenset(day for holiday in self.holidays for day in holiday.days)
        return Calendar(ZoneInfo(self.time_zone), off, frozenset(self.workdays))

    def timetable(self, skill: str) -> Timetable:
        """When a skill is served."""
        return self.timetables[self.skills[skill].hours]

    def taken_by(self, skill: str, moment: datetime) -> str | None:
        """The skill that takes it at this moment: itself, or the one for out of hours; nothing where both are closed."""
        for name in (skill, self.skills[skill].out_of_hours):
            if name is not None and is_open(self.timetable(name), self.calendar, moment):
                return name
        return None

    def head_start(self, reason: Reason, level: str | None = None, *, elder: bool = False) -> int:
        """Seconds that a ticket counts as having waited already; an unknown level gives none."""
        senior = self.senior.head_start_seconds if elder else 0
        return self.reasons[reason].head_start_seconds + senior + self.levels.get(level or "", 0)

    @property
    def longest_head_start(self) -> int:
        """The largest sum that there can be, in seconds."""
        reason = max((rule.head_start_seconds for rule in self.reasons.values()), default=0)
        return reason + self.senior.head_start_seconds + max(self.levels.values(), default=0)


def load(path: Path) -> DeskRules:
    """The rules in a file; raises WrongDesk with one line for each mistake."""
    try:
        return DeskRules.model_validate(flow_file.table(path, DeskRules.model_fields))
    except OSError as error:
        raise WrongDesk(f"{path}: it cannot be read - name a file with TELLER_DESK_FILE") from error
    except flow_file.WrongFile as error:
        lines = (f"{path.name}: {wrong.step}: {wrong.what} - {wrong.mend}" for wrong in error.mistakes)
        raise WrongDesk("\n".join(lines)) from error
    except ValidationError as error:
        raise WrongDesk("\n".join(desk_mistakes.lines(path.name, DeskRules, error))) from error


def _wrong_skills(rules: DeskRules) -> list[str]:
    found = [] if GENERAL in rules.skills else [f"skills: {GENERAL} is missing; add it, it serves what no other does"]
    for name, skill in rules.skills.items():
        where, other = f"skills.{name}", skill.out_of_hours
        if skill.hours not in rules.timetables:
            found.append(f"{where}.hours: there is no timetable {skill.hours}; name one, or add it to timetables")
        if other is not None and (other == name or other not in rules.skills):
            found.append(f"{where}.out_of_hours: {other} is no other skill; name one, or delete this key")
        elif other is not None and rules.skills[other].out_of_hours is not None:
            found.append(f"{where}.out_of_hours: {other} has one of its own; name a skill that has none")
    return found


def _wrong_reasons(rules: DeskRules) -> list[str]:
    found = [f"reasons: {reason} is missing; add it" for reason in Reason if reason not in rules.reasons]
    for reason, rule in rules.reasons.items():
        if rule.skill is not None and rule.skill not in rules.skills:
            found.append(f"reasons.{reason}.skill: there is no skill {rule.skill}; name one, or add it to skills")
    if rules.longest_head_start > LONGEST_HEAD_START:
        sum_ = f"the largest reason, senior and level together are {rules.longest_head_start} seconds"
        found.append(f"head_start_seconds: {sum_}; lower one of them, to {LONGEST_HEAD_START} at most")
    return found


def _wrong_days(rules: DeskRules) -> list[str]:
    off = rules.calendar.holidays
    return [f"workdays: {day} is a holiday too; take it out of one of the two" for day in rules.workdays if day in off]
