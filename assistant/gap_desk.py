"""What editors see of the questions that the documents left open, and set aside for a reason."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, case, distinct, false, func, select, update

from assistant.audit import Audit
from assistant.gap import Kind
from assistant.gap_grouping import GapGrouping
from assistant.gap_reading import GapReading
from assistant.gap_table import gaps, groups
from knowledge_base.database import Database
from knowledge_base.passage import Audience
from knowledge_base.text import clean

_QUESTIONS = 100
_LONGEST_REASON = 200


class Standing(StrEnum):
    """Where a group stands: open; answered by the documents by now; set aside; or about something else than banking."""

    OPEN = "open"
    ANSWERED = "answered"
    IGNORED = "ignored"
    FAR = "far"


class NoSuchGap(Exception):
    """There is no such group of questions; GET /v1/gaps lists them."""


class NoReasonGiven(Exception):
    """Say why it is set aside, in 200 characters at most."""


@dataclass(frozen=True)
class GapGroup:
    """Questions of one meaning. Times are UTC, ISO 8601; `replied` tells how many a person of the bank has answered.

    `answered_by` is the title of the document that answers it by now, if one does.
    """

    id: str
    title: str
    audience: Audience
    standing: Standing
    count: int
    conversations: int
    replied: int
    first_at: str
    last_at: str
    kinds: tuple[Kind, ...]
    answered_by: str = ""
    ignored_by: str | None = None
    ignored_because: str = ""


@dataclass(frozen=True)
class AskedQuestion:
    """One question as it was asked, personal data covered; `reply` is what a person of the bank wrote to it."""

    conversation: str
    at: str
    kind: Kind
    text: str
    reason: str
    support: float
    comment: str
    answer: str
    reply: str
    ticket: str | None
    code: str | None
    satisfaction: int | None


_ASKED = AskedQuestion.__dataclass_fields__.keys()


class GapDesk:
    """Lists groups, opens one, and sets one aside; what is new is read before."""

    def __init__(self, database: Database, reading: GapReading, grouping: GapGrouping, audit: Audit) -> None:
        self._database = database
        self._reading = reading
        self._grouping = grouping
        self._audit = audit

    def refresh(self) -> bool:
        """Reads, groups and checks a bounded part of what is new; whether that was all."""
        read, grouped = self._reading.catch_up(), self._grouping.group()
        return self._grouping.check() and read and grouped

    def listed(
        self,
        standing: Standing | None = Standing.OPEN,
        audience: Audience | None = None,
        since: str | None = None,
        replied: bool = False,
        limit: int = 100,
    ) -> list[GapGroup]:
        """The groups, those asked most often first; only those asked `since` then, or that a person has answered."""
        query = _groups()
        query = query.where(groups.c.audience == audience.value) if audience else query
        wanted: list[ColumnElement[bool]] = [func.max(gaps.c.at) >= since] if since else []
        wanted += [_replied() > 0] if replied else []
        wanted += [_stands(standing)] if standing else []
        query = query.having(and_(*wanted)) if wanted else query
        with self._database.reading() as connection:
            rows = connection.execute(
                query.order_by(func.count().desc(), func.max(gaps.c.at).desc()).limit(limit)
            ).all()
            kinds = self._kinds(connection, [row.id for row in rows])
        return [_group(row, kinds[row.id]) for row in rows]

    def get(self, group: str) -> GapGroup:
        """One group; raises NoSuchGap."""
        with self._database.reading() as connection:
            row = connection.execute(_groups().where(groups.c.id == group)).one_or_none()
            if row is None:
                raise NoSuchGap(NoSuchGap.__doc__)
            return _group(row, self._kinds(connection, [group])[group])

    def questions(self, group: str) -> list[AskedQuestion]:
        """The latest questions of a group, a hundred at most."""
        query = select(gaps).where(gaps.c.gap_group == group).order_by(gaps.c.at.desc()).limit(_QUESTIONS)
        with self._database.reading() as connection:
            rows = connection.execute(query).mappings()
            return [AskedQuestion(**{**{k: row[k] for k in _ASKED}, "kind": Kind(row["kind"])}) for row in rows]

    def ignore(self, by: str, group: str, because: str) -> GapGroup:
        """Sets a group aside; raises NoReasonGiven, NoSuchGap."""
        told = clean(because)
        if not 0 < len(told) <= _LONGEST_REASON:
            raise NoReasonGiven(NoReasonGiven.__doc__)
        return self._set(by, "ignore", group, told)

    def reopen(self, by: str, group: str) -> GapGroup:
        """Takes a group up again; raises NoSuchGap."""
        return self._set(by, "reopen", group, "")

    def _set(self, by: str, did: str, group: str, because: str) -> GapGroup:
        values = {"ignored_by": by if because else None, "ignored_because": because}
        with self._database.writing() as connection:
            changed = connection.execute(update(groups).where(groups.c.id == group).values(**values))
            if changed.rowcount != 1:
                raise NoSuchGap(NoSuchGap.__doc__)
            self._audit.note(by, did, f"gap:{group}", {"because": because} if because else {}, within=connection)
        return self.get(group)

    def _kinds(self, connection: Any, ids: Sequence[str]) -> dict[str, tuple[Kind, ...]]:
        query = select(gaps.c.gap_group, gaps.c.kind).where(gaps.c.gap_group.in_(ids)).distinct()
        found: dict[str, list[Kind]] = {group: [] for group in ids}
        for group, kind in connection.execute(query):
            found[group].append(Kind(kind))
        return {group: tuple(sorted(kinds)) for group, kinds in found.items()}


def _replied() -> ColumnElement[int]:
    return func.sum(case((gaps.c.reply != "", 1), else_=0))


def _near() -> ColumnElement[int]:
    return func.sum(case((gaps.c.is_far == false(), 1), else_=0))


def _groups() -> Select[Any]:
    shown = (
        groups.c.id,
        groups.c.title,
        groups.c.audience,
        groups.c.answered_by,
        groups.c.ignored_by,
        groups.c.ignored_because,
    )
    counted = (
        func.count().label("asked"),
        func.count(distinct(gaps.c.conversation)).label("conversations"),
        _replied().label("replied"),
        _near().label("near"),
        func.min(gaps.c.at).label("first_at"),
        func.max(gaps.c.at).label("last_at"),
    )
    return select(*shown, *counted).join(gaps, gaps.c.gap_group == groups.c.id).group_by(*shown)


def _stands(standing: Standing) -> ColumnElement[bool]:
    ignored, answered = groups.c.ignored_by.is_not(None), groups.c.answered_by != ""
    return {
        Standing.IGNORED: ignored,
        Standing.FAR: ~ignored & (_near() == 0),
        Standing.ANSWERED: ~ignored & (_near() > 0) & answered,
        Standing.OPEN: ~ignored & (_near() > 0) & ~answered,
    }[standing]


def _group(row: Row[Any], kinds: tuple[Kind, ...]) -> GapGroup:
    return GapGroup(
        row.id,
        row.title,
        Audience(row.audience),
        _standing(row),
        int(row.asked),
        int(row.conversations),
        int(row.replied),
        row.first_at,
        row.last_at,
        kinds,
        row.answered_by,
        row.ignored_by,
        row.ignored_because,
    )


def _standing(row: Row[Any]) -> Standing:
    if row.ignored_by is not None:
        return Standing.IGNORED
    if row.near == 0:
        return Standing.FAR
    return Standing.ANSWERED if row.answered_by else Standing.OPEN
