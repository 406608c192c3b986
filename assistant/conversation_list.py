"""The conversations there were, the newest first, as those who watch the quality of answers look through them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from sqlalchemy import ColumnElement, and_, or_, select

from knowledge_base.database import Database, metadata

_conversations, _events = metadata.tables["conversations"], metadata.tables["events"]
LOOKED_THROUGH = 5_000
"""Filters look through so many conversations, from the newest one on; to find older ones, look from an earlier day on."""

_ESCAPE = "!"


class Trait(StrEnum):
    """What happened in a conversation."""

    ABSTAINED = "abstained"
    HANDED_OFF = "handed_off"
    RATED_DOWN = "rated_down"


@dataclass(frozen=True)
class Listed:
    """A conversation, by when it started (UTC, ISO 8601)."""

    id: str
    started_at: str


class ConversationList:
    """Lists conversations."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def listed(
        self, trait: Trait | None = None, text: str = "", until: datetime | None = None, limit: int = 50
    ) -> list[Listed]:
        """The newest that were started before `until` and fit: in which this happened, and this was said by the customer."""
        c = _conversations.c
        newest = select(c.id, c.started_at).order_by(c.started_at.desc(), c.id.desc())
        if until is not None:
            newest = newest.where(c.started_at < until.astimezone(UTC).isoformat(timespec="milliseconds"))
        wanted = [_happened(trait)] if trait else []
        wanted += [_said(text.strip())] if text.strip() else []
        if not wanted:
            query = newest.limit(limit)
        else:
            one = newest.limit(LOOKED_THROUGH).subquery()
            fits = (select(_events.c.number).where(_events.c.conversation == one.c.id, how).exists() for how in wanted)
            query = select(one.c.id, one.c.started_at).where(*fits)
            query = query.order_by(one.c.started_at.desc(), one.c.id.desc()).limit(limit)
        with self._database.reading() as connection:
            return [Listed(row.id, row.started_at) for row in connection.execute(query)]


def _happened(trait: Trait) -> ColumnElement[bool]:
    match trait:
        case Trait.ABSTAINED:
            return _is("knowledge_abstained")
        case Trait.HANDED_OFF:
            return or_(_is("human_requested"), _is("ticket_opened"))
        case Trait.RATED_DOWN:
            return and_(_is("feedback_given"), _events.c.body.contains('"rating":"down"', autoescape=True))


def _said(text: str) -> ColumnElement[bool]:
    # As it is written in the event, where a quotation mark stands behind a backslash, and only in what was said there.
    written = json.dumps(text, ensure_ascii=False)[1:-1]
    for sign in (_ESCAPE, "%", "_"):
        written = written.replace(sign, _ESCAPE + sign)
    return and_(
        _is("message_received"), _events.c.body.ilike(f'{{"text":"%{written}%","choice":%', escape=_ESCAPE)
    )  # fmt: skip


def _is(type: str) -> ColumnElement[bool]:
    return _events.c.body.contains(f'"type":"{type}"', autoescape=True)
