"""Pictures that customers show while a person of the bank decides: sealed in the database, for that review only."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import (
    Column,
    Connection,
    ForeignKey,
    Integer,
    LargeBinary,
    String,
    Table,
    delete,
    func,
    insert,
    or_,
    select,
)

from assistant import guard, photo, queue
from assistant.audit import Audit
from assistant.event import Event
from assistant.photo import MOST_BYTES, NotAPhoto
from assistant.seal import Seal
from assistant.step import MOST_PICTURES
from assistant.storage import Storage
from assistant.ticket import OPEN
from assistant.ticket_event import PictureSent
from assistant.ticket_table import now, tickets
from assistant.wording import Wording
from knowledge_base.database import metadata
from knowledge_base.text import clean

_pictures = Table(
    "pictures",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("conversation", ForeignKey("conversations.id"), nullable=False, index=True),
    Column("ticket", ForeignKey("tickets.id"), nullable=False, index=True),
    Column("name", String(100), nullable=False),
    Column("media_type", String(32), nullable=False),
    Column("size", Integer, nullable=False),
    Column("sent_at", String(40), nullable=False),
    Column("body", LargeBinary, nullable=False),
)
_p = _pictures.c
_TOLD = (_p.id, _p.ticket, _p.name, _p.media_type, _p.size, _p.sent_at)
KEPT_DAYS = 30
_NAME = 100
_MEGABYTE = 1024 * 1024


class WrongPicture(Exception):
    """The file cannot be taken: it is no photo, or too large; the message is for the customer."""


class NoPictureWanted(Exception):
    """No picture is taken now: nothing waits for a check, or enough were shown; the message is for the customer."""


class NoSuchPicture(Exception):
    """There is no such picture, or it was shown too long ago to be shown again."""


@dataclass(frozen=True)
class Picture:
    """What is told of a picture: `name` is the customer's for it, `size` in bytes, `sent_at` UTC, ISO 8601."""

    id: str
    ticket: str
    name: str
    media_type: str
    size: int
    sent_at: str


class Pictures:
    """Takes and shows pictures. They can be seen while their ticket is open, and 30 days more."""

    def __init__(self, storage: Storage, seal: Seal, words: Callable[[str], Wording], audit: Audit) -> None:
        self._storage = storage
        self._seal = seal
        self._words = words
        self._audit = audit

    def send(self, conversation: str, name: str, data: bytes) -> Picture:
        """Takes a picture for the review that this conversation waits for; raises WrongPicture, NoPictureWanted."""
        words = self._words(conversation)
        review = self._storage.load(conversation).review
        if review is None:
            raise NoPictureWanted(words.picture_not_asked)
        body = _checked(data, words)
        called = guard.mask(clean(name.replace("\\", "/").rpartition("/")[2]))[:_NAME] or words.picture_unnamed
        picture = Picture(secrets.token_hex(12), review.id, called, photo.MEDIA_TYPE, len(body), now())
        row = {**vars(picture), "conversation": conversation, "body": self._seal.close_bytes(body)}

        def take(connection: Connection) -> tuple[str, Sequence[Event]]:
            """In one transaction, so that neither the end of the review nor another picture comes between."""
            if queue.find(connection, picture.ticket).status not in OPEN:
                raise NoPictureWanted(words.picture_not_asked)
            if _count(connection, picture.ticket) >= MOST_PICTURES:
                raise NoPictureWanted(words.pictures_enough.format(count=MOST_PICTURES))
            connection.execute(insert(_pictures).values(row))
            text = words.picture_sent.format(picture=picture.name)
            return conversation, (PictureSent(picture.ticket, picture.id, picture.name, text),)

        self._storage.decide(take)
        return picture

    def of_ticket(self, ticket: str) -> list[Picture]:
        """What was shown for a ticket, the first one first."""
        query = select(*_TOLD).join(tickets).where((_p.ticket == ticket) & _still_shown()).order_by(_p.sent_at, _p.id)
        with self._storage.database.reading() as connection:
            return [Picture(**row) for row in connection.execute(query).mappings()]

    def count(self, ticket: str) -> int:
        """How many were shown for a ticket."""
        with self._storage.database.reading() as connection:
            return _count(connection, ticket)

    def shown_to_agent(self, agent: str, ticket: str, picture: str) -> tuple[Picture, bytes]:
        """A picture of this ticket; who looked at it is noted before it is shown. Raises NoSuchPicture."""
        shown = self._open((_p.id == picture) & (_p.ticket == ticket))
        self._audit.note_look(agent, "see_picture", picture, {"ticket": ticket})
        return shown

    def shown_to_customer(self, conversation: str, picture: str) -> tuple[Picture, bytes]:
        """A picture of this conversation; raises NoSuchPicture."""
        return self._open((_p.id == picture) & (_p.conversation == conversation))

    def _open(self, which: Any) -> tuple[Picture, bytes]:
        with self._storage.database.reading() as connection:
            query = select(*_TOLD, _p.body).join(tickets).where(which & _still_shown())
            row = connection.execute(query).mappings().first()
        if row is None:
            raise NoSuchPicture(NoSuchPicture.__doc__)
        told = dict(row)
        body = self._seal.open_bytes(told.pop("body"))
        return Picture(**told), body

    def delete_older_than(self, days: int) -> int:
        """Deletes what was sent more than so many days ago; how many pictures these were. That they were sent stays on record."""
        with self._storage.database.writing() as connection:
            return connection.execute(delete(_pictures).where(_p.sent_at < _ago(days))).rowcount


def too_large(words: Wording) -> str:
    """What is told where a file is larger than is taken."""
    return words.picture_too_large.format(megabytes=MOST_BYTES // _MEGABYTE)


def _checked(data: bytes, words: Wording) -> bytes:
    if len(data) > MOST_BYTES:
        raise WrongPicture(too_large(words))
    try:
        return photo.renewed(data)
    except NotAPhoto as error:
        raise WrongPicture(words.picture_unreadable) from error


def _count(connection: Connection, ticket: str) -> int:
    return int(connection.execute(select(func.count()).where(_p.ticket == ticket)).scalar_one())


def _still_shown() -> Any:
    return or_(tickets.c.closed_at.is_(None), tickets.c.closed_at >= _ago(KEPT_DAYS))


def _ago(days: int) -> str:
    return (datetime.now(UTC) - timedelta(days=days)).isoformat(timespec="milliseconds")
