"""The bell: wakes those who wait for something new in the database; what is new they read there themselves."""

from __future__ import annotations

import asyncio
import threading
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress

from sqlalchemy import Connection, func, select

from assistant.bell_watch import CHANNEL, PostgresWatch, SqliteWatch, Watch
from knowledge_base.database import Database, after_commit


class Ear:
    """One who waits, in the event loop that it was made in."""

    def __init__(self) -> None:
        self.loop = asyncio.get_running_loop()
        self._rung = asyncio.Event()

    async def rung(self, timeout: float) -> bool:
        """Whether it has rung since this was last asked, or does within so many seconds; read the database after a yes."""
        with suppress(TimeoutError):
            async with asyncio.timeout(timeout):
                await self._rung.wait()
        # What rings from here on counts for the next time, so whoever reads now misses nothing.
        was_rung = self._rung.is_set()
        self._rung.clear()
        return was_rung

    def hear(self) -> None:
        """Called in the ear's own event loop."""
        self._rung.set()


class Bell:
    """One a process and database. It may wake someone for nothing, but never leaves anyone asleep who has something to read.

    What this process commits wakes at once; what others commit is noticed by a thread that starts with the first listener.
    """

    def __init__(self, database: Database) -> None:
        self._postgres = database.is_postgres
        self._ears: defaultdict[str, set[Ear]] = defaultdict(set)
        self._lock = threading.Lock()
        watch = PostgresWatch if self._postgres else SqliteWatch
        self._watch: Watch = watch(database, self._wake, self._wake_all, lambda: bool(self._ears))

    def ring(self, connection: Connection, *topics: str) -> None:
        """Wakes who listens for these once what `Database.writing` has begun is committed; never if it is rolled back.

        A topic is short, such as `desk` or `conversation:<id>`.
        """
        if self._postgres:
            for topic in topics:
                connection.execute(select(func.pg_notify(CHANNEL, topic)))
        after_commit(connection, lambda: self._wake(topics))

    @contextmanager
    def listening(self, *topics: str) -> Iterator[Ear]:
        """Listens from here on: first this, then read, then wait for `rung`, then read again. For asynchronous code."""
        ear = Ear()
        with self._lock:
            for topic in topics:
                self._ears[topic].add(ear)
        try:
            self._watch.begin()
            yield ear
        finally:
            self._forget(ear, topics)

    def close(self) -> None:
        """Ends the thread; to be called before the database is closed."""
        self._watch.end()

    def _forget(self, ear: Ear, topics: Iterable[str]) -> None:
        with self._lock:
            for topic in topics:
                self._ears[topic].discard(ear)
                if not self._ears[topic]:
                    del self._ears[topic]

    def _wake(self, topics: Iterable[str]) -> None:
        with self._lock:
            ears = {ear for topic in topics for ear in self._ears.get(topic, ())}
        _tell(ears)

    def _wake_all(self) -> None:
        with self._lock:
            ears = set().union(*self._ears.values())
        _tell(ears)


def _tell(ears: Iterable[Ear]) -> None:
    loops: defaultdict[asyncio.AbstractEventLoop, list[Ear]] = defaultdict(list)
    for ear in ears:
        loops[ear.loop].append(ear)
    for loop, own in loops.items():
        with suppress(RuntimeError):  # the loop is closed, and with it everyone who listened there is gone
            loop.call_soon_threadsafe(_hear, own)


def _hear(ears: Iterable[Ear]) -> None:
    for ear in ears:
        ear.hear()
