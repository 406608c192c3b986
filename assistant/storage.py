"""Conversations, their events and turns, in SQL; what is appended is on disk before anyone is told."""

from __future__ import annotations

import hashlib
import hmac
import logging
import secrets
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from cachetools import LRUCache
from pydantic import TypeAdapter
from sqlalchemy import Column, ForeignKey, Integer, String, Table, Text, UniqueConstraint, insert, select
from sqlalchemy.exc import IntegrityError

from assistant import ticket
from assistant.conversation import Conversation, fold
from assistant.event import ConversationStarted, Event
from assistant.reply import Turn
from assistant.seal import Seal
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


log = logging.getLogger(__name__)
_REMEMBERED = 2_000


class UnknownConversation(Exception):
    """There is no such conversation; start one with POST /v1/conversations."""


class ConversationMoved(Exception):
    """Something else was appended to the conversation meanwhile; load it again."""


@dataclass
class Record:
    """One turn's way onto disk: from the state it began with, in one append or - where something must be kept early - two."""

    storage: Storage
    conversation: str
    key: str | None
    state: Conversation
    kept: bool = False

    def keep(self, events: Sequence[Event]) -> None:
        """Appends what has happened so far; raises ConversationMoved."""
        self.state = self.storage.append(self.conversation, self.state, events, None, None)
        self.kept = True

    def close(self, events: Sequence[Event], turn: Turn | None) -> None:
        """Appends the rest with the turn that it made; raises ConversationMoved."""
        self.storage.append(self.conversation, self.state, events, turn, self.key)


class Storage:
    """The event log. One row of `events` is one event; `turns` remembers replies by idempotency key."""

    def __init__(self, database: Database, seal: Seal) -> None:
        self._database = database
        self._seal = seal
        self._states: LRUCache[str, Conversation] = LRUCache(_REMEMBERED)
        self._digests: LRUCache[str, str] = LRUCache(_REMEMBERED)
        self._lock = threading.Lock()

    def start(self, event: ConversationStarted) -> tuple[str, str]:
        """Opens a conversation; returns its id and the token that opens it, which is kept only as a digest."""
        conversation, token = secrets.token_hex(12), secrets.token_urlsafe(24)
        with self._database.writing() as connection:
            row = {"id": conversation, "token_digest": _digest(token), "started_at": _now()}
            connection.execute(insert(_conversations).values(**row))
            connection.execute(insert(_events).values(**self._row(conversation, 0, event)))
        return conversation, token

    def opens(self, conversation: str, token: str) -> bool:
        """Whether this token opens this conversation; raises UnknownConversation."""
        with self._lock:
            digest = self._digests.get(conversation)
        if digest is None:
            query = select(_conversations.c.token_digest).where(_conversations.c.id == conversation)
            with self._database.reading() as connection:
                digest = connection.execute(query).scalar()
            if digest is None:
                raise UnknownConversation(UnknownConversation.__doc__)
            with self._lock:
                self._digests[conversation] = digest
        return hmac.compare_digest(digest, _digest(token))

    def record(self, conversation: str, key: str | None) -> Record:
        """Begins a turn from where the conversation stands."""
        return Record(self, conversation, key, self.recall(conversation))

    def recall(self, conversation: str) -> Conversation:
        """Where the conversation stood when this process last saw it, without asking the database where that is known.

        If it has moved on elsewhere, the next append says so by ConversationMoved, and this is forgotten.
        """
        return self._known(conversation) or self.load(conversation)

    def load(self, conversation: str) -> Conversation:
        """Where the conversation stands; raises UnknownConversation.

        Events are only ever appended, so a state that was folded before is folded on from there.
        """
        known = self._known(conversation)
        number = known.events if known else 0
        query = select(_events.c.body).where((_events.c.conversation == conversation) & (_events.c.number >= number))
        with self._database.reading() as connection:
            bodies = connection.execute(query.order_by(_events.c.number)).scalars().all()
        if not bodies and known is None:
            raise UnknownConversation(UnknownConversation.__doc__)
        return self._remember(conversation, fold(map(self._event, bodies), known))

    def events(self, conversation: str) -> list[Event]:
        """All that has happened in a conversation, oldest first."""
        query = select(_events.c.body).where(_events.c.conversation == conversation).order_by(_events.c.number)
        with self._database.reading() as connection:
            return [self._event(body) for body in connection.execute(query).scalars()]

    def append(
        self, conversation: str, state: Conversation, events: Sequence[Event], turn: Turn | None, key: str | None
    ) -> Conversation:
        """Appends the events that came of `state`, and the turn they made, in one transaction; returns the state after them.

        Raises ConversationMoved when the conversation has moved on from that state, or the key was used meanwhile.
        """
        rows = [self._row(conversation, state.events + offset, event) for offset, event in enumerate(events)]
        try:
            with self._database.writing() as connection:
                connection.execute(insert(_events), rows)
                ticket.project(connection, conversation, events)
                if turn:
                    connection.execute(insert(_turns).values(_turn_row(conversation, turn, key)))
        except IntegrityError as error:
            with self._lock:
                self._states.pop(conversation, None)
            raise ConversationMoved(ConversationMoved.__doc__) from error
        return self._remember(conversation, fold(events, state))

    def remember(self, conversation: str, turn: Turn, key: str | None) -> None:
        """Keeps a turn whose events are stored already, so that its key gives it again; a number that is taken stays so."""
        try:
            with self._database.writing() as connection:
                connection.execute(insert(_turns).values(_turn_row(conversation, turn, key)))
        except IntegrityError:
            log.warning("turn %d of %s was stored already", turn.number, conversation)

    def _event(self, body: str) -> Event:
        return _event_json.validate_json(body, context=self._seal)

    def _row(self, conversation: str, number: int, event: Event) -> dict[str, object]:
        body = _event_json.dump_json(event, context=self._seal).decode()
        return {"conversation": conversation, "number": number, "at": _now(), "body": body}

    def _known(self, conversation: str) -> Conversation | None:
        with self._lock:
            return self._states.get(conversation)

    def _remember(self, conversation: str, state: Conversation) -> Conversation:
        """Keeps the latest state; a slower thread must not put an older one back."""
        with self._lock:
            known = self._states.get(conversation)
            if known is None or known.events < state.events:
                self._states[conversation] = state
        return state

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


def _turn_row(conversation: str, turn: Turn, key: str | None) -> dict[str, object]:
    body = _turn_json.dump_json(turn).decode()
    return {"id": turn.id, "conversation": conversation, "number": turn.number, "key": key, "body": body}


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds")


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
