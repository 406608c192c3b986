"""Drafts of questions with answers, and where each stands. All their SQL stands here."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Column, Connection, Index, Integer, Row, String, Table, Text, delete, insert, select, update

from knowledge_base.database import Database, metadata
from knowledge_base.passage import Audience


class Status(StrEnum):
    """Where a draft stands; approved until it is in the library, and then published."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    APPROVED = "approved"
    PUBLISHED = "published"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class Origin(StrEnum):
    """Where its answer came from: an editor, the nearest passage of the documents, or what a person of the bank wrote."""

    EDITOR = "editor"
    PASSAGE = "passage"
    PERSON = "person"


class NoSuchDraft(Exception):
    """There is no such draft; GET /v1/faq-drafts lists them."""


class DraftMoved(Exception):
    """The draft was changed or decided meanwhile; look at it again."""


drafts = Table(
    "faq_drafts",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("question", Text, nullable=False),
    Column("similar_questions", Text, nullable=False),
    Column("answer", Text, nullable=False),
    Column("audience", String(16), nullable=False),
    Column("flow", String(100)),
    Column("effective_from", String(10)),
    Column("effective_to", String(10)),
    Column("origin", String(16), nullable=False),
    Column("source", Text, nullable=False),
    Column("gap_group", String(32)),
    Column("conversation", String(32)),
    Column("status", String(16), nullable=False),
    Column("revision", Integer, nullable=False),
    Column("hands", Text, nullable=False),
    Column("decided_by", String(100)),
    Column("because", Text, nullable=False),
    Column("made_at", String(40), nullable=False),
    Column("updated_at", String(40), nullable=False),
    Index("faq_drafts_listed", "status", "updated_at"),
    Index("faq_drafts_by_group", "gap_group"),
)
_d = drafts.c


@dataclass(frozen=True)
class FaqWords:
    """What an editor writes: the question with other wordings, the answer, for whom, and when it holds."""

    question: str
    answer: str
    audience: Audience
    similar_questions: tuple[str, ...] = ()
    flow: str | None = None
    effective_from: date | None = None
    effective_to: date | None = None


@dataclass(frozen=True)
class FaqDraft:
    """One draft. `hands` are all who wrote it, the maker first; times are UTC, ISO 8601.

    `source` tells where a prefilled answer stands. `revision` grows with every change of the words, so that what is approved is
    what was read.
    """

    id: str
    words: FaqWords
    origin: Origin
    source: str
    group: str | None
    conversation: str | None
    status: Status
    revision: int
    hands: tuple[str, ...]
    decided_by: str | None
    because: str
    made_at: str
    updated_at: str


class FaqDrafts:
    """Reads drafts, and makes the changes that others decide on."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def listed(
        self, status: Status | None = None, audience: Audience | None = None, group: str | None = None
    ) -> list[FaqDraft]:
        """The drafts, those changed last first."""
        wanted = {_d.status: status, _d.audience: audience, _d.gap_group: group}
        query = select(drafts).where(*(column == value for column, value in wanted.items() if value))
        with self.database.reading() as connection:
            return [_draft(row) for row in connection.execute(query.order_by(_d.updated_at.desc(), _d.id))]

    def get(self, draft: str) -> FaqDraft:
        """One draft; raises NoSuchDraft."""
        with self.database.reading() as connection:
            row = connection.execute(select(drafts).where(_d.id == draft)).one_or_none()
        if row is None:
            raise NoSuchDraft(NoSuchDraft.__doc__)
        return _draft(row)


def add(
    connection: Connection,
    by: str,
    words: FaqWords,
    origin: Origin = Origin.EDITOR,
    source: str = "",
    group: str | None = None,
    conversation: str | None = None,
) -> str:
    """A new draft's id."""
    made, moment = secrets.token_hex(8), now()
    where = {"origin": origin.value, "source": source, "gap_group": group, "conversation": conversation}
    stands = {"status": Status.DRAFT.value, "revision": 1, "hands": by, "because": ""}
    times = {"made_at": moment, "updated_at": moment}
    connection.execute(insert(drafts).values(id=made, **_columns(words), **where, **stands, **times))
    return made


def rewrite(connection: Connection, by: str, before: FaqDraft, words: FaqWords) -> None:
    """Other words, after which it is a draft again; raises DraftMoved."""
    hands = "\n".join(dict.fromkeys((*before.hands, by)))
    values = _columns(words) | {"status": Status.DRAFT.value, "hands": hands, "revision": before.revision + 1}
    _change(connection, before, values)


def move(
    connection: Connection, before: FaqDraft, to: Status, decided_by: str | None = None, because: str = ""
) -> None:
    """Another status; raises DraftMoved where it is not as it was `before`."""
    _change(connection, before, {"status": to.value, "decided_by": decided_by, "because": because})


def remove(connection: Connection, before: FaqDraft) -> None:
    """Takes a draft away; raises DraftMoved."""
    gone = connection.execute(delete(drafts).where(_same(before)))
    if gone.rowcount != 1:
        raise DraftMoved(DraftMoved.__doc__)


def now() -> str:
    """This moment, as times are stored: UTC, ISO 8601, to the millisecond."""
    return datetime.now(UTC).isoformat(timespec="milliseconds")


def _change(connection: Connection, before: FaqDraft, values: Mapping[str, Any]) -> None:
    changed = connection.execute(update(drafts).where(_same(before)).values(**values, updated_at=now()))
    if changed.rowcount != 1:
        raise DraftMoved(DraftMoved.__doc__)


def _same(before: FaqDraft) -> Any:
    return (_d.id == before.id) & (_d.status == before.status.value) & (_d.revision == before.revision)


def _columns(words: FaqWords) -> dict[str, Any]:
    return {
        "question": words.question,
        "similar_questions": "\n".join(words.similar_questions),
        "answer": words.answer,
        "audience": words.audience.value,
        "flow": words.flow,
        "effective_from": words.effective_from.isoformat() if words.effective_from else None,
        "effective_to": words.effective_to.isoformat() if words.effective_to else None,
    }


def _draft(row: Row[Any]) -> FaqDraft:
    days = [date.fromisoformat(day) if day else None for day in (row.effective_from, row.effective_to)]
    similar = tuple(row.similar_questions.splitlines())
    words = FaqWords(row.question, row.answer, Audience(row.audience), similar, row.flow, *days)
    origin, status, hands = Origin(row.origin), Status(row.status), tuple(row.hands.splitlines())
    stands = (status, row.revision, hands, row.decided_by, row.because, row.made_at, row.updated_at)
    return FaqDraft(row.id, words, origin, row.source, row.gap_group, row.conversation, *stands)
