"""Conversations, their events and turns, in SQL; what is appended is on disk before anyone is told."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Sequence
from datetime import UTC, datetime

from pydantic import TypeAdapter
from sqlalchemy import Column, ForeignKey, Integer, String, Table, Text, UniqueConstraint, insert, select
from sqlalchemy.exc import IntegrityError

from assistant.event import ConversationStarted, Event
from assistant.reply import Turn
from knowledge_base.database import Database, metadata

_conversations = Table(
    "conversations",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("token_digest", String(64), nullable=False),
    Column("started_at", String(40), nullable=False),
)
_events = Table(
    "events",
    metadata,
    Column("conversation", ForeignKey("conversations.id"), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("at", String(40), nullable=False),
    Column("body", Text, nullable=False),
)
_turns = Table(
    "turns",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("conversation", ForeignKey("conversations.id"), nullable=False),
    Column("number", Integer, nullable=False),
    Column("key", String(200)),
    Column("body", Text, nullable=False),
    UniqueConstraint("conversation", "number"),
    UniqueConstraint("conversation", "key"),
)
_event_json: TypeAdapter[Event] = TypeAdapter(Event)
_turn_json = TypeAdapter(Turn)


class UnknownConversation(Exception):
    """There is no such conversation; start one with POST /v1/conversations."""


class ConversationMoved(Exception):
    """Something else was appended to the conversation meanwhile; load it again."""


class Storage:
    """The event log. One row of `events` is one event; `turns` remembers replies by idempotency key."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def start(self, event: ConversationStarted) -> tuple[str, str]:
        """Opens a conversation; returns its id and the token that opens it, which is kept only as a digest."""
        conversation, token = secrets.token_hex(12), secrets.token_urlsafe(24)
        with self._database.writing() as connection:
            row = {"id": conversation, "token_digest": _digest(token), "started_at": _now()}
            connection.execute(insert(_conversations).values(**row))
            connection.execute(insert(_events).values(**_event_row(conversation, 0, event)))
        return conversation, token

    def opens(self, conversation: str, token: str) -> bool:
        """Whether this token opens this conversation; raises UnknownConversation."""
        query = select(_conversations.c.token_digest).where(_conversations.c.id == conversation)
        with self._database.reading() as connection:
            digest = connection.execute(query).scalar()
        if digest is None:
            raise UnknownConversation(UnknownConversation.__doc__)
        return hmac.compare_digest(digest, _digest(token))

    def load(self, conversation: str) -> list[Event]:
        """The conversation's events, oldest first; raises UnknownConversation."""
        query = select(_events.c.body).where(_events.c.conversation == conversation).order_by(_events.c.number)
        with self._database.reading() as connection:
            bodies = connection.execute(query).scalars().all()
        if not bodies:
            raise UnknownConversation(UnknownConversation.__doc__)
        return [_event_json.validate_json(body) for body in bodies]

    def append(
        self, conversation: str, after: int, events: Sequence[Event], turn: Turn | None, key: str | None
    ) -> None:
        """Appends events after the first `after`, and the turn they made, in one transaction.

        Raises ConversationMoved when there are more than `after` events by now, or the key was used meanwhile.
        """
        rows = [_event_row(conversation, after + offset, event) for offset, event in enumerate(events)]
        try:
            with self._database.writing() as connection:
                connection.execute(insert(_events), rows)
                if turn:
                    body = _turn_json.dump_json(turn).decode()
                    row = {"id": turn.id, "conversation": conversation, "number": turn.number, "key": key, "body": body}
                    connection.execute(insert(_turns).values(**row))
        except IntegrityError as error:
            raise ConversationMoved(ConversationMoved.__doc__) from error

    def turn_by_key(self, conversation: str, key: str) -> Turn | None:
        """The turn that a request with this idempotency key made."""
        return self._turn((_turns.c.conversation == conversation) & (_turns.c.key == key))

    def turn_by_id(self, conversation: str, turn: str) -> Turn | None:
        """A turn of this conversation."""
        return self._turn((_turns.c.conversation == conversation) & (_turns.c.id == turn))

    def _turn(self, condition: object) -> Turn | None:
        with self._database.reading() as connection:
            body = connection.execute(select(_turns.c.body).where(condition)).scalar()  # type: ignore[arg-type]
        return _turn_json.validate_json(body) if body else None


def _event_row(conversation: str, number: int, event: Event) -> dict[str, object]:
    body = _event_json.dump_json(event).decode()
    return {"conversation": conversation, "number": number, "at": _now(), "body": body}


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds")


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
