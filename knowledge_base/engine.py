"""Engines over one SQL database: SQLite by default, PostgreSQL by its URL."""

from __future__ import annotations

import sqlite3
import time
from dataclasses import dataclass
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError

_TIMEOUT = 30
_POOL = 40  # one for each thread that may serve a request
_POSTGRES = {
    "connect_timeout": 10,
    # A server that has gone without a word is noticed within a minute, also by who only listens.
    "keepalives_idle": 30,
    "keepalives_interval": 10,
    "keepalives_count": 3,
}
_FORM = (
    "write TELLER_DATABASE_URL as postgresql://user:password@host/name, or leave it empty for SQLite in the data folder"
)


class DatabaseUnusable(Exception):
    """The SQL database cannot be worked with: why, and what to do about it."""

    def __init__(self, reason: str, remedy: str) -> None:
        super().__init__(f"{reason}; {remedy}")
        self.reason = reason
        self.remedy = remedy


@dataclass(frozen=True)
class Engines:
    """One engine for each kind of transaction: readers see a snapshot, writers take turns where the database has one writer."""

    reader: Engine
    writer: Engine
    migrator: Engine
    """Changes tables, as a writer; SQLite makes a table anew to change it, which references to it must survive."""

    def dispose(self) -> None:
        """Gives the connections back."""
        for engine in (self.reader, self.writer, self.migrator):
            engine.dispose()


def open_engines(written: str) -> Engines:
    """Engines for this URL; nothing is connected yet. Raises DatabaseUnusable."""
    url = _url(written)
    return _sqlite(url) if url.get_backend_name() == "sqlite" else _postgres(url)


def without_password(written: str) -> str:
    """The URL as it may be shown."""
    try:
        return _url(written).render_as_string()
    except DatabaseUnusable:
        return "(cannot be read)"


def _url(written: str) -> URL:
    try:
        url = make_url(written)
    except (ArgumentError, ValueError) as error:  # its text repeats the URL, and a password may stand in it
        raise DatabaseUnusable("the database's URL cannot be read", _FORM) from error
    backend = url.get_backend_name()
    if backend == "sqlite":
        return url
    if backend in ("postgresql", "postgres"):
        return url.set(drivername="postgresql+psycopg")
    raise DatabaseUnusable(f"the database's URL begins with {backend}, and only SQLite and PostgreSQL are known", _FORM)


def _postgres(url: URL) -> Engines:
    engine = create_engine(url, connect_args=_POSTGRES, pool_size=_POOL, pool_pre_ping=True, hide_parameters=True)
    reader = engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
    return Engines(reader, engine, engine)


def _sqlite(url: URL) -> Engines:
    # One connection for all of this process's writes: it can tell when another process has written (assistant/bell.py).
    return Engines(
        _sqlite_engine(url, "BEGIN", _POOL),
        _sqlite_engine(url, "BEGIN IMMEDIATE", 1),
        _sqlite_engine(url, "BEGIN IMMEDIATE", 1, foreign_keys="OFF"),
    )


def _sqlite_engine(url: URL, begin: str, connections: int, foreign_keys: str = "ON") -> Engine:
    engine = create_engine(
        url,
        connect_args={"timeout": _TIMEOUT},
        pool_size=connections,
        max_overflow=0,
        pool_timeout=_TIMEOUT,
        hide_parameters=True,  # what customers said does not belong in an error's text
    )

    @event.listens_for(engine, "connect")
    def configure(connection: Any, _record: Any) -> None:
        # SQLAlchemy's own BEGIN, below, decides how a transaction starts; the driver must not start one first.
        connection.isolation_level = None
        cursor = connection.cursor()
        _use_wal(cursor)
        for pragma in ("synchronous=FULL", f"foreign_keys={foreign_keys}", "temp_store=MEMORY"):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def start(connection: Connection) -> None:
        # A deferred transaction that turns into a writer fails at once when another has written meanwhile.
        connection.exec_driver_sql(begin)

    return engine


def _use_wal(cursor: sqlite3.Cursor) -> None:
    """Sets the journal mode; several that open a new database together must try again, for SQLite does not wait here."""
    end = time.monotonic() + _TIMEOUT
    while True:
        try:
            cursor.execute("PRAGMA journal_mode=WAL")
            return
        except sqlite3.OperationalError:
            if time.monotonic() > end:
                raise
            time.sleep(0.02)
