"""How a process notices that another one has committed: PostgreSQL tells it, SQLite is asked."""

from __future__ import annotations

import logging
import sqlite3
import threading
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable
from typing import cast

import psycopg
from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from knowledge_base.database import Database

CHANNEL = "teller_bell"
_POLL = 0.25
_PAUSE = 1.0
log = logging.getLogger(__name__)


class Watch(ABC):
    """A thread that wakes listeners; it starts when it is first needed and ends with `end`."""

    def __init__(
        self,
        database: Database,
        wake: Callable[[Iterable[str]], None],
        wake_all: Callable[[], None],
        anyone: Callable[[], bool],
    ) -> None:
        self._database = database
        self._wake = wake
        self._wake_all = wake_all
        self._anyone = anyone
        self._over = threading.Event()
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None

    def begin(self) -> None:
        """Starts watching, if it has not begun yet. Whoever listens is woken once it has, for what came in between."""
        with self._lock:
            if self._thread is None and not self._over.is_set():
                self._thread = threading.Thread(target=self._run, name="bell", daemon=True)
                self._thread.start()

    def end(self) -> None:
        """Stops watching for good; returns when the thread has gone."""
        self._over.set()
        with self._lock:
            thread = self._thread
        if thread is not None:
            thread.join()

    def _run(self) -> None:
        """Watches on; what breaks it (a lost connection) is logged, and watching begins anew after a pause."""
        while not self._over.is_set():
            try:
                self._watch()
            except (SQLAlchemyError, psycopg.Error, sqlite3.Error) as error:
                log.warning("the database cannot be watched for news; trying again: %s", " ".join(str(error).split()))
                self._over.wait(_PAUSE)

    @abstractmethod
    def _watch(self) -> None:
        """Watches until it is over or something breaks; first wakes everyone, for what came before."""


class SqliteWatch(Watch):
    """Asks four times a second, while anyone listens, whether another process has written; that wakes everyone."""

    def _watch(self) -> None:
        seen: object = None
        while not self._over.is_set():
            if self._anyone() and (now := self._database.others()) != seen:
                seen = now
                self._wake_all()
            self._over.wait(_POLL)


class PostgresWatch(Watch):
    """Listens on a connection of its own for the topics that any process names with its commit."""

    def _watch(self) -> None:
        engine = self._database.engines.writer
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.detach()
            try:
                self._listen(connection)
            except psycopg.Error:
                connection.invalidate()
                raise

    def _listen(self, connection: Connection) -> None:
        connection.exec_driver_sql(f"LISTEN {CHANNEL}")
        driver = cast("psycopg.Connection", connection.connection.dbapi_connection)
        self._wake_all()
        while not self._over.is_set():
            self._wake({notice.payload for notice in driver.notifies(timeout=_POLL, stop_after=1)})
