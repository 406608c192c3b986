"""Conversations, their events and turns, in SQL; what is appended is on disk before anyone is told."""

from __future__ import annotations

import hashlib
import hmac
import logging
import secrets
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from cachetools import LRUCache
from pydantic import TypeAdapter
from sqlalchemy import (
    Column,
    Connection,
    ForeignKey,
    Index,
    Integer,
    Select,
    String,
    Table,
    Text,
    UniqueConstraint,
    func,
    insert,
    select,
)
from sqlalchemy.exc import IntegrityError

from assistant import lead, queue, ticket_table
from assistant.conversation import Conversation, fold
from assistant.event import ConversationStarted, Event
from assistant.reply import Turn
from assistant.seal import Seal
from knowledge_base.database import Database, after_commit, metadata

_conversations = Table(
    "conversations",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("token_digest", String(64), nullable=False),
    Column("started_at", String(40), nullable=False),
    Index("conversations_by_time", "started_at", "id"),
)
_events = Table(
    "events",
    metadata,
    Column("conversation", ForeignKey("conversations.id"), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("at", String(40), nullable=False),
    Column("body", Text, nullable=False),
    Index("events_by_time", "at"),
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
    Index("turns_by_key", "key"),
    UniqueConstraint("conversation", "key"),
)
_event_json: TypeAdapter[Event] = TypeAdapter(Event)
_turn_json = TypeAdapter(Turn)


log = logging.getLogger(__name__)
_REMEMBERED = 2_000
_BATCH = 1_000
DESK = "desk"
Ring = Callable[..., None]
"""Wakes whoever listens to these topics, once the transaction of this connection is committed."""


Hear = Callable[[Sequence[Event]], None]
"""Is told of events once they are on disk."""


def topic(conversation: str) -> str:
    """What whoever watches a conversation listens to."""
    return f"conversation:{conversation}"


def _silent(_connection: Connection, *_topics: str) -> None:
    pass


def _deaf(_events: Sequence[Event]) -> None:
    pass


class UnknownConversation(Exception):
    """There is no such conversation; start one with POST /v1/conversations."""


class ConversationExists(Exception):
    """A conversation of this id was opened before."""


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
        self.state = self._append(events, None, None)
        self.kept = True

    def close(self, events: Sequence[Event], turn: Turn | None) -> None:
        """Appends the rest with the turn that it made; raises ConversationMoved."""
        self._append(events, turn, self.key)

    def _append(self, events: Sequence[Event], turn: Turn | None, key: str | None) -> Conversation:
        """Appends behind what came meanwhile too, where that changed nothing that this turn goes by."""
        while True:
            try:
                return self.storage.append(self.conversation, self.state, events, turn, key)
            except ConversationMoved:
                now = self.storage.load(self.conversation)
                if now.events == self.state.events or not self._holds(now):
                    raise
                self.state = now

    def _holds(self, now: Conversation) -> bool:
        """What was kept early has happened and must be told, whoever has the conversation now, unless its tasks have moved."""
        return now.frames == self.state.frames if self.kept else now.goes_by_the_same(self.state)


class Storage:
    """The event log. One row of `events` is one event; `turns` remembers replies by idempotency key."""

    def __init__(self, database: Database, seal: Seal, ring: Ring = _silent, hear: Hear = _deaf) -> None:
        self.database = database
        self._seal = seal
        self.ring = ring
        self._hear = hear
        self._states: LRUCache[str, Conversation] = LRUCache(_REMEMBERED)
        self._digests: LRUCache[str, str] = LRUCache(_REMEMBERED)
        self._lock = threading.Lock()

    def start(self, event: ConversationStarted, id: str | None = None) -> tuple[str, str]:
        """Opens a conversation; returns its id and the token that opens it, which is kept only as a digest.

        Raises ConversationExists where an id is given that is taken.
        """
        conversation, token = id or secrets.token_hex(12), secrets.token_urlsafe(24)
        row = {"id": conversation, "token_digest": _digest(token), "started_at": _now()}
        try:
            with self.database.writing() as connection:
                connection.execute(insert(_conversations).values(**row))
                connection.execute(insert(_events).values(**self._row(conversation, 0, event)))
        except IntegrityError as error:
            raise ConversationExists(ConversationExists.__doc__) from error
        return conversation, token

    def opens(self, conversation: str, token: str) -> bool:
        """Whether this token opens this conversation; raises UnknownConversation."""
        with self._lock:
            digest = self._digests.get(conversation)
        if digest is None:
            query = select(_conversations.c.token_digest).where(_conversations.c.id == conversation)
            with self.database.reading() as connection:
                digest = connection.execute(query).scalar()
            if digest is None:
                raise UnknownConversation(UnknownConversation.__doc__)
            with self._lock:
                self._digests[conversation] = digest
        return hmac.compare_digest(digest, _digest(token))

    def record(self, conversation: str, key: str | None) -> Record:
        """Begins a turn from where the conversation stands; where a ticket is open the database is asked.

        A person of the bank may have taken it meanwhile, and then nothing is asked of the bank in vain.
        """
        known = self.recall(conversation)
        return Record(self, conversation, key, self.load(conversation) if known.tickets else known)

    def recall(self, conversation: str) -> Conversation:
        """Where the conversation stood when this process last saw it, without asking the database where that is known.

        If it has moved on elsewhere, the next append says so by ConversationMoved, and this is forgotten.
        """
        return self._known(conversation) or self.load(conversation)

    def load(self, conversation: str) -> Conversation:
        """Where the conversation stands; raises UnknownConversation.

        Events are only ever appended, so a state that was folded before is folded on from there. Its last event is read again: where it is
        gone, the conversation was erased.
        """
        known = self._known(conversation)
        seen = known.events - 1 if known else -1
        query = select(_events.c.number, _events.c.body).where(
            (_events.c.conversation == conversation) & (_events.c.number >= seen)
        )
        with self.database.reading() as connection:
            rows = connection.execute(query.order_by(_events.c.number)).all()
        if not rows:
            self._forget(conversation)
            raise UnknownConversation(UnknownConversation.__doc__)
        return self._remember(conversation, fold((self._event(row.body) for row in rows if row.number > seen), known))

    def events(self, conversation: str) -> list[Event]:
        """All that has happened in a conversation, oldest first."""
        query = select(_events.c.body).where(_events.c.conversation == conversation).order_by(_events.c.number)
        with self.database.reading() as connection:
            return [self._event(body) for body in connection.execute(query).scalars()]

    def history(self, conversation: str) -> list[tuple[str, Event]]:
        """All that has happened in a conversation, oldest first, each with its time (UTC, ISO 8601); raises UnknownConversation."""
        query = select(_events.c.at, _events.c.body).where(_events.c.conversation == conversation)
        with self.database.reading() as connection:
            rows = [(str(at), self._event(body)) for at, body in connection.execute(query.order_by(_events.c.number))]
        if not rows:
            raise UnknownConversation(UnknownConversation.__doc__)
        return rows

    def of_type(self, type: str, since: str) -> Iterator[tuple[str, str, Event]]:
        """Every event of this type from this time (UTC, ISO 8601) on, each with its conversation and its own time."""
        query = select(_events.c.conversation, _events.c.at, _events.c.body)
        # A quotation mark that somebody wrote stands behind a backslash in the body, so this is the event's own.
        query = query.where(_events.c.at >= since, _events.c.body.contains(f'"type":"{type}"', autoescape=True))
        with self.database.reading() as connection:
            for conversation, at, body in connection.execution_options(yield_per=_BATCH).execute(query):
                event = self._event(body)
                if event.type == type:
                    yield conversation, at, event

    def heard_since(self, at: str, known: Select[tuple[str, int]], limit: int) -> dict[str, int]:
        """The conversations with events from this time on that are not among the `known` (conversation, number of events) yet.

        Each comes with the number of its events; some `limit` of them, where there are more.
        """
        read = known.subquery()
        conversation, number = read.c
        unread = _events.c.number >= func.coalesce(number, 0)
        query = select(_events.c.conversation, func.max(_events.c.number) + 1)
        query = query.outerjoin(read, _events.c.conversation == conversation).where(_events.c.at >= at, unread)
        with self.database.reading() as connection:
            rows = connection.execute(query.group_by(_events.c.conversation).limit(limit))
            return {one: int(length) for one, length in rows}

    def append(
        self, conversation: str, state: Conversation, events: Sequence[Event], turn: Turn | None, key: str | None
    ) -> Conversation:
        """Appends the events that came of `state`, and the turn they made, in one transaction; returns the state after them.

        Raises ConversationMoved when the conversation has moved on from that state, or the key was used meanwhile.
        """
        if not events and turn is None:
            return state
        try:
            with self.database.writing() as connection:
                if state.tickets:
                    queue.seen(connection, conversation)
                    self.ring(connection, DESK)
                self._insert(connection, conversation, state.events, events)
                if turn:
                    connection.execute(insert(_turns).values(self._turn_row(conversation, turn, key)))
        except IntegrityError as error:
            self._forget(conversation)
            raise ConversationMoved(ConversationMoved.__doc__) from error
        return self._remember(conversation, fold(events, state))

    def tell(self, conversation: str, *events: Event) -> None:
        """Appends what holds whatever else has happened meanwhile, such as a claim; raises IllegalMove where a ticket forbids it."""

        def choose(connection: Connection) -> tuple[str, Sequence[Event]]:
            queue.hold(connection, conversation)
            return conversation, events

        self.decide(choose)

    def note(self, conversation: str, events: Sequence[Event]) -> None:
        """Appends what was only noted, by which nothing goes, and wakes the desk, which has something new to show."""

        def choose(connection: Connection) -> tuple[str, Sequence[Event]]:
            queue.hold(connection, conversation)
            self.ring(connection, DESK)
            return conversation, events

        if events:
            self.decide(choose)

    def decide(self, choose: Callable[[Connection], tuple[str, Sequence[Event]] | None]) -> str | None:
        """Appends to the conversation that `choose` finds what it says, in the very transaction in which it looks.

        Returns that conversation; nothing where `choose` finds none. `choose` may be called again after a collision.
        """
        while True:
            try:
                with self.database.writing() as connection:
                    chosen = choose(connection)
                    if chosen is None:
                        return None
                    conversation, events = chosen
                    self._insert(connection, conversation, self._length(connection, conversation), events)
                return conversation
            except IntegrityError:
                continue  # another event took the number first

    def _insert(self, connection: Connection, conversation: str, number: int, events: Sequence[Event]) -> None:
        rows = [self._row(conversation, number + offset, event) for offset, event in enumerate(events)]
        connection.execute(insert(_events), rows)
        lead.project(connection, conversation, events)
        moved = ticket_table.project(connection, conversation, events)
        self.ring(connection, topic(conversation), *([DESK] if moved else []))
        after_commit(connection, lambda: self._hear(events))

    def _length(self, connection: Connection, conversation: str) -> int:
        query = select(func.count()).where(_events.c.conversation == conversation)
        number = connection.execute(query).scalar_one()
        if not number:
            raise UnknownConversation(UnknownConversation.__doc__)
        return int(number)

    def lengths(self, conversations: Sequence[str]) -> dict[str, int]:
        """How many events each of these conversations has."""
        query = select(_events.c.conversation, func.count()).where(_events.c.conversation.in_(conversations))
        with self.database.reading() as connection:
            return {one: int(number) for one, number in connection.execute(query.group_by(_events.c.conversation))}

    def forget_erased(self) -> None:
        """Lets go of the conversations that this process remembers and that are stored no more."""
        remembered = self.remembered()
        query = select(_conversations.c.id).where(_conversations.c.id.in_(remembered))
        with self.database.reading() as connection:
            there = set(connection.execute(query).scalars())
        for conversation in remembered - there:
            self._forget(conversation)

    def remembered(self) -> set[str]:
        """The conversations that this process holds in memory, by id."""
        with self._lock:
            return {*self._states, *self._digests}

    def _forget(self, conversation: str) -> None:
        with self._lock:
            self._states.pop(conversation, None)
            self._digests.pop(conversation, None)

    def remember(self, conversation: str, turn: Turn, key: str | None) -> None:
        """Keeps a turn whose events are stored already, so that its key gives it again; a number that is taken stays so."""
        try:
            with self.database.writing() as connection:
                connection.execute(insert(_turns).values(self._turn_row(conversation, turn, key)))
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

    def conversation_of(self, key: str) -> str | None:
        """The latest conversation in which a turn has this idempotency key."""
        query = select(_turns.c.conversation).join(_conversations, _conversations.c.id == _turns.c.conversation)
        query = query.where(_turns.c.key == key).order_by(_conversations.c.started_at.desc()).limit(1)
        with self.database.reading() as connection:
            found: str | None = connection.execute(query).scalar()
        return found

    def conversation_with(self, turn: str) -> tuple[str, Turn] | None:
        """The conversation that a turn was made in, and the turn."""
        query = select(_turns.c.conversation, _turns.c.body).where(_turns.c.id == turn)
        with self.database.reading() as connection:
            found = connection.execute(query).first()
        return (found.conversation, _turn_json.validate_json(found.body, context=self._seal)) if found else None

    def turn_by_id(self, conversation: str, turn: str) -> Turn | None:
        """A turn of this conversation."""
        return self._turn((_turns.c.conversation == conversation) & (_turns.c.id == turn))

    def turn_by_number(self, conversation: str, number: int) -> Turn | None:
        """This conversation's turn of this number, from 1."""
        return self._turn((_turns.c.conversation == conversation) & (_turns.c.number == number))

    def _turn(self, condition: object) -> Turn | None:
        with self.database.reading() as connection:
            body = connection.execute(select(_turns.c.body).where(condition)).scalar()  # type: ignore[arg-type]
        return _turn_json.validate_json(body, context=self._seal) if body else None

    def _turn_row(self, conversation: str, turn: Turn, key: str | None) -> dict[str, object]:
        body = _turn_json.dump_json(turn, context=self._seal).decode()
        return {"id": turn.id, "conversation": conversation, "number": turn.number, "key": key, "body": body}


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds")


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
