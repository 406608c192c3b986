"""Campaigns and the places taken of them, in SQL; all of it stands here."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import fields
from datetime import UTC, date, datetime
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import (
    Boolean,
    Column,
    ColumnElement,
    Connection,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    func,
    insert,
    select,
    update,
)

from assistant.campaign import (
    HEAD_OFFICE,
    MOVES,
    Campaign,
    CampaignMoved,
    Conditions,
    Move,
    NoSuchCampaign,
    NotLive,
    Plan,
    QuotaSpent,
    Status,
)
from knowledge_base.database import Database, metadata

_campaigns = Table(
    "campaigns",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("host", String(100), nullable=False),
    Column("name", String(200), nullable=False),
    Column("organiser", String(100), nullable=False),
    Column("starts", String(10)),
    Column("ends", String(10)),
    Column("audience", Text, nullable=False),
    Column("conditions", Text, nullable=False),
    Column("reward", Text, nullable=False),
    Column("quota", Text, nullable=False),
    Column("places", Integer),
    Column("daily", Boolean, nullable=False),
    Column("rules", Text, nullable=False),
    Column("approval_number", String(60), nullable=False),
    Column("phone", String(60), nullable=False),
    Column("about", Text, nullable=False),
    Column("status", String(16), nullable=False),
    Column("version", Integer, nullable=False),
    Column("authors", Text, nullable=False),
    Column("made_by", String(100), nullable=False),
    Column("made_at", String(40), nullable=False),
    Column("submitted_by", String(100)),
    Column("submitted_at", String(40)),
    Column("approved_by", String(100)),
    Column("approved_at", String(40)),
    Column("ended_by", String(100)),
    Column("ended_at", String(40)),
    Column("reason", Text, nullable=False),
    Index("campaigns_running", "status", "starts", "ends"),
)
_uses = Table(
    "campaign_uses",
    metadata,
    Column("campaign", ForeignKey("campaigns.id"), primary_key=True),
    Column("day", String(10), primary_key=True),
    Column("used", Integer, nullable=False),
)
_c, _u = _campaigns.c, _uses.c
_texts = TypeAdapter(tuple[str, ...])
_conditions = TypeAdapter(Conditions)
_PLAN = tuple(field.name for field in fields(Plan))


def now() -> str:
    """This moment, as times are stored: UTC, ISO 8601, to the millisecond."""
    return datetime.now(UTC).isoformat(timespec="milliseconds")


class CampaignTable:
    """Reads and moves campaigns; every change is made inside the caller's transaction."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def writing(self) -> AbstractContextManager[Connection]:
        """A transaction in which campaigns are changed."""
        return self._database.writing()

    def running(self, branch: str, day: date) -> list[Campaign]:
        """The live ones of the head office and of this branch, those that end first first."""
        return self.live(day, _c.host.in_([HEAD_OFFICE, branch]))

    def live(self, day: date, *conditions: ColumnElement[bool]) -> list[Campaign]:
        """The live ones of every host."""
        return [one for one in self._read(day, *conditions, *_approved_on(day)) if one.is_live(day)]

    def listed(self, day: date, host: str | None = None) -> list[Campaign]:
        """All of them, or those of one host, as they stand on `day`."""
        return self._read(day, *([] if host is None else [_c.host == host]))

    def get(self, campaign: str, day: date) -> Campaign:
        """One of them; raises NoSuchCampaign."""
        found = self._read(day, _c.id == campaign)
        if not found:
            raise NoSuchCampaign(NoSuchCampaign.__doc__)
        return found[0]

    def count(self) -> int:
        """How many there are, whatever became of them."""
        with self._database.reading() as connection:
            return int(connection.execute(select(func.count()).select_from(_campaigns)).scalar_one())

    def _read(self, day: date, *conditions: ColumnElement[bool]) -> list[Campaign]:
        with self._database.reading() as connection:
            return read(connection, day, *conditions)


def read(connection: Connection, day: date, *conditions: ColumnElement[bool]) -> list[Campaign]:
    """The campaigns that meet these conditions, with the places taken as of `day`, those that end first first."""
    rows = connection.execute(select(_campaigns).where(*conditions).order_by(_c.ends, _c.name, _c.id)).mappings().all()
    ids = [row["id"] for row in rows]
    used = connection.execute(select(_uses).where(_u.campaign.in_(ids))).all() if ids else []
    by_day = {(one.campaign, one.day): int(one.used) for one in used}
    return [_campaign(row, _used(row, by_day, day)) for row in rows]


def held(connection: Connection, campaign: str, day: date) -> Campaign:
    """One of them, locked until the transaction ends, so that two decisions on it are taken one after the other."""
    if connection.execute(select(_c.id).where(_c.id == campaign).with_for_update()).scalar() is None:
        raise NoSuchCampaign(NoSuchCampaign.__doc__)
    return read(connection, day, _c.id == campaign)[0]


def shares_number(connection: Connection, campaign: Campaign) -> bool:
    """Whether another campaign that is no draft has the same approval number."""
    same = (_c.approval_number == campaign.approval_number) & (_c.id != campaign.id) & (_c.status != Status.DRAFT.value)
    return connection.execute(select(_c.id).where(same)).first() is not None


def add(connection: Connection, plan: Plan, host: str, by: str) -> str:
    """A new draft; returns its id."""
    campaign, stands = secrets.token_hex(8), {"status": Status.DRAFT.value, "version": 1, "reason": ""}
    whose = {"made_by": by, "made_at": now(), "authors": _texts.dump_json((by,)).decode()}
    connection.execute(insert(_campaigns).values(id=campaign, host=host, **_plan_row(plan), **stands, **whose))
    return campaign


def import_approved(connection: Connection, plan: Plan, host: str, by: str) -> str:
    """A campaign that was approved elsewhere, under an id that follows from its approval number; returns the id."""
    campaign = hashlib.sha256(plan.approval_number.encode()).hexdigest()[:16]
    stands = {"status": Status.APPROVED.value, "version": 1, "reason": "", "approved_by": by, "approved_at": now()}
    whose = {"made_by": by, "made_at": now(), "authors": _texts.dump_json((by,)).decode()}
    connection.execute(insert(_campaigns).values(id=campaign, host=host, **_plan_row(plan), **stands, **whose))
    return campaign


def move(connection: Connection, campaign: Campaign, move: Move, **changes: str | None) -> None:
    """Takes a campaign where this move leads; raises CampaignMoved where it may not be made from where it stands."""
    start, end = MOVES[move]
    here = (_c.id == campaign.id) & (_c.status == start.value) & (_c.version == campaign.version)
    values = {"status": end.value, "version": campaign.version + 1, **changes}
    if connection.execute(update(_campaigns).where(here).values(**values)).rowcount != 1:
        raise CampaignMoved(CampaignMoved.__doc__)


def rewrite(connection: Connection, campaign: Campaign, plan: Plan, by: str) -> None:
    """Puts another plan in the place of a draft's; raises CampaignMoved."""
    move(connection, campaign, Move.CHANGE, authors=authors_with(campaign, by))
    connection.execute(update(_campaigns).where(_c.id == campaign.id).values(**_plan_row(plan)))


def authors_with(campaign: Campaign, by: str) -> str:
    """Everybody who had a hand in a campaign, and `by`, as stored."""
    return _texts.dump_json(tuple(dict.fromkeys((*campaign.authors, by)))).decode()


def take_places(connection: Connection, campaign: Campaign, count: int, day: date) -> None:
    """Notes that places were taken on `day`, of a campaign that is `held`; raises NotLive or QuotaSpent, and then none was."""
    if not campaign.is_live(day):
        raise NotLive(NotLive.__doc__)
    if campaign.left is not None and count > campaign.left:
        raise QuotaSpent(QuotaSpent.__doc__)
    here = (_u.campaign == campaign.id) & (_u.day == day.isoformat())
    if connection.execute(update(_uses).where(here).values(used=_u.used + count)).rowcount == 0:
        connection.execute(insert(_uses).values(campaign=campaign.id, day=day.isoformat(), used=count))


def _approved_on(day: date) -> list[ColumnElement[bool]]:
    today = day.isoformat()
    return [_c.status == Status.APPROVED.value, _c.starts <= today, _c.ends >= today]


def _used(row: Mapping[Any, Any], by_day: Mapping[tuple[str, str], int], day: date) -> int:
    if row["daily"]:
        return by_day.get((row["id"], day.isoformat()), 0)
    return sum(used for (campaign, _day), used in by_day.items() if campaign == row["id"])


def _campaign(row: Mapping[Any, Any], used: int) -> Campaign:
    told = {name: date.fromisoformat(row[name]) if row[name] else None for name in ("starts", "ends")}
    lists = {name: _texts.validate_json(row[name]) for name in ("about", "authors")}
    rest = {"conditions": _conditions.validate_json(row["conditions"]), "status": Status(row["status"]), "used": used}
    return Campaign(**{**row, **told, **lists, **rest})


def _plan_row(plan: Plan) -> dict[str, Any]:
    row = {name: getattr(plan, name) for name in _PLAN}
    days = {name: row[name].isoformat() if row[name] else None for name in ("starts", "ends")}
    return (
        row
        | days
        | {
            "conditions": _conditions.dump_json(plan.conditions).decode(),
            "about": _texts.dump_json(plan.about).decode(),
        }
    )


def plan_of(campaign: Campaign) -> Plan:
    """What a campaign says, without what became of it."""
    return Plan(**{name: getattr(campaign, name) for name in _PLAN})
