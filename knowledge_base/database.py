"""The SQL database that holds documents, events and tickets."""

from __future__ import annotations

import threading
import zlib
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager, nullcontext

from filelock import FileLock
from sqlalchemy import Connection, MetaData, text
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from knowledge_base import schema
from knowledge_base.engine import DatabaseUnusable, open_engines

metadata = MetaData()


class Database:
    """Short transactions: `reading()` sees a snapshot, `writing()` commits as a whole or not at all."""

    def __init__(self, url: str) -> None:
        """Opens the database and brings its tables up to date; raises DatabaseUnusable."""
        self.engines = open_engines(url)
        # SQLite has one writer at a time and makes the others sleep; this process's own writers queue here instead, where
        # none is overtaken for long as it would be in the queue for a connection.
        self.turn: AbstractContextManager[object] = nullcontext() if self.is_postgres else threading.Lock()
        try:
            schema.bring_up(self.engines)
        except BaseException as error:
            self.close()
            if isinstance(error, SQLAlchemyError):
                raise self._unusable(error) from error
            raise

    @property
    def is_postgres(self) -> bool:
        """Whether this is PostgreSQL, and not SQLite."""
        return self.engines.writer.dialect.name == "postgresql"

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection for reads."""
        with self.engines.reader.connect() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A connection whose writes are on disk when the block ends."""
        actions: list[Callable[[], object]] = []
        with self.turn, self.engines.writer.connect() as connection, connection.begin():
            connection.execution_options(after_commit=actions)
            yield connection
        for action in actions:
            action()

    @contextmanager
    def alone(self, purpose: str) -> Iterator[None]:
        """Waits until no other process on this database does the same; nothing is locked for others who read or write."""
        if self.is_postgres:
            with self.engines.writer.connect() as connection, connection.begin():
                key = zlib.crc32(purpose.encode())
                connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": key})
                yield
        else:
            place = self.engines.writer.url.database
            with FileLock(f"{place}.{purpose}.lock") if place else nullcontext():
                yield

    def others(self) -> object:
        """SQLite only: changes when another process has written, and stays as it is when this one has."""
        with self.turn, closing(self.engines.writer.raw_connection()) as connection:
            cursor = connection.cursor()
            # The number means something within one connection only, so a new one counts as a change.
            return id(connection.driver_connection), cursor.execute("PRAGMA data_version").fetchone()

    def close(self) -> None:
        """Gives the connections back."""
        self.engines.dispose()

    def _unusable(self, error: SQLAlchemyError) -> DatabaseUnusable:
        told = error.orig if isinstance(error, DBAPIError) else error
        reason = (
            f"the database {self.engines.writer.url.render_as_string()} cannot be used: {' '.join(str(told).split())}"
        )
        if self.is_postgres:
            return DatabaseUnusable(reason, "start the PostgreSQL server, or correct TELLER_DATABASE_URL")
        return DatabaseUnusable(reason, "check TELLER_DATABASE_URL and that the data folder can be written")


def after_commit(connection: Connection, action: Callable[[], object]) -> None:
    """Has this done once what `Database.writing` has begun is committed, and not at all if it is rolled back."""
    connection.get_execution_options()["after_commit"].append(action)
