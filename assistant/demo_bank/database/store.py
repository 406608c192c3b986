"""The SQLite file: readers that cannot write, and writers that queue from their first statement on."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event

from assistant.demo_bank.database.tables import metadata

_TIMEOUT = 30
_POOL = 40  # one for each thread that may serve a request


class Store:
    """`reading()` sees a snapshot and cannot change it; `writing()` is on disk as a whole when it ends, or not at all."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        url = f"sqlite:///{path}"
        self._writer = _engine(url, "BEGIN IMMEDIATE", ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"))
        with self.writing() as connection:
            metadata.create_all(connection)
        self._reader = _engine(url, "BEGIN", ("query_only=ON",))

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection for reads."""
        with self._reader.connect() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A connection that holds the only right to write."""
        with self._writer.begin() as connection:
            yield connection

    def close(self) -> None:
        """Gives the connections back."""
        self._writer.dispose()
        self._reader.dispose()


def _engine(url: str, begin: str, pragmas: tuple[str, ...]) -> Engine:
    engine = create_engine(url, connect_args={"timeout": _TIMEOUT}, pool_size=_POOL)

    @event.listens_for(engine, "connect")
    def configure(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # the driver must not begin transactions of its own
        cursor = connection.cursor()
        for pragma in pragmas:
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def start(connection: Connection) -> None:
        connection.exec_driver_sql(begin)

    return engine
