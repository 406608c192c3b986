"""Brings the table of questions up to the events; may be killed at any moment, and run by many processes at once.

What a conversation left open is a pure function of its events, and how far it was read is stored with it in one transaction. So
reading it again changes nothing, and what was not stored is read again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, delete, insert, select, update

from assistant import gap, guard
from assistant.event import Event, FeedbackGiven
from assistant.gap import Gap
from assistant.gap_table import cursor, gaps, read_up_to
from assistant.storage import Storage

_BATCH = 100
_OVERLAP = timedelta(minutes=10)
"""How late an event may be committed after its time, or how far the clocks of two machines may differ."""


class GapReading:
    """Reads events; `prepared` are the desk's replies, folded, that say nothing of their own."""

    def __init__(self, storage: Storage, prepared: frozenset[str]) -> None:
        self._storage = storage
        self._prepared = prepared

    def catch_up(self, batches: int = 10) -> bool:
        """Reads what is new, a hundred conversations a batch; whether nothing is left to read."""
        for _ in range(batches):
            began = datetime.now(UTC)
            found = self._storage.heard_since(
                self._since(), select(read_up_to.c.conversation, read_up_to.c.number), _BATCH
            )
            for conversation in found:
                self._take(conversation)
            if len(found) < _BATCH:
                self._advance(began)
                return True
        return False

    def _since(self) -> str:
        with self._storage.database.reading() as connection:
            return str(connection.execute(select(cursor.c.read_to)).scalar_one())

    def _advance(self, began: datetime) -> None:
        to = (began - _OVERLAP).isoformat(timespec="milliseconds")
        with self._storage.database.writing() as connection:
            connection.execute(update(cursor).where(cursor.c.read_to < to).values(read_to=to))

    def _take(self, conversation: str) -> None:
        """One conversation as a whole, so that what its later events change of earlier questions is changed."""
        history = self._storage.history(conversation)
        found = gap.read(history, self._turns(conversation, history), self._prepared)
        with self._storage.database.writing() as connection:
            hold(connection)
            mine = read_up_to.c.conversation == conversation
            known = connection.execute(select(read_up_to.c.number).where(mine)).scalar()
            if known is not None and known >= len(history):
                return
            _replace(connection, conversation, found)
            row = {"conversation": conversation, "number": len(history)}
            connection.execute(delete(read_up_to).where(mine))
            connection.execute(insert(read_up_to).values(row))

    def _turns(self, conversation: str, history: Sequence[tuple[str, Event]]) -> Mapping[str, int]:
        rated = {event.turn for _, event in history if isinstance(event, FeedbackGiven)}
        turns = {one: self._storage.turn_by_id(conversation, one) for one in rated}
        return {one: turn.number for one, turn in turns.items() if turn}


def hold(connection: Connection) -> None:
    """Waits until nobody else writes questions or groups."""
    connection.execute(select(cursor.c.id).with_for_update())


def _replace(connection: Connection, conversation: str, found: Sequence[Gap]) -> None:
    """The questions of a conversation become these; one that says what it said keeps its group."""
    mine = gaps.c.conversation == conversation
    known = {row.number: row.text for row in connection.execute(select(gaps.c.number, gaps.c.text).where(mine))}
    rows = {one.number: _row(one) for one in found}
    kept = {number for number, row in rows.items() if known.get(number) == row["text"]}
    gone = known.keys() - kept
    if gone:
        connection.execute(delete(gaps).where(mine & gaps.c.number.in_(gone)))
    for number, row in rows.items():
        if number in kept:
            connection.execute(update(gaps).where(mine & (gaps.c.number == number)).values(**row))
        else:
            connection.execute(insert(gaps).values(conversation=conversation, **row))


def _row(found: Gap) -> dict[str, Any]:
    """Texts are masked already, by the rules of the day on which they were said; they are masked by today's too."""
    return {
        "number": found.number,
        "at": found.at,
        "audience": found.audience.value,
        "kind": found.kind.value,
        "text": guard.mask(found.text),
        "reason": found.reason,
        "support": found.support,
        "is_far": found.is_far,
        "comment": guard.mask(found.comment),
        "answer": found.answer,
        "passages": "\n".join(found.passages),
        "reply": guard.mask(found.reply),
        "ticket": found.ticket,
        "code": found.code,
        "satisfaction": found.satisfaction,
    }
