"""Brings the tables to what this program needs, by the migrations that the database has not seen yet."""

from __future__ import annotations

import threading
from pathlib import Path

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import OperationalError, ProgrammingError

from knowledge_base.engine import DatabaseUnusable, Engines

_MIGRATIONS = Path(__file__).parent / "migrations"
_LOCK = 7_355_608  # any number that nobody else locks in this database
# Alembic keeps the migration that is under way in globals of its modules.
_one_at_a_time = threading.Lock()


def revisions() -> list[str]:
    """Every revision of the tables that this program knows, oldest first: how the migrations' files begin."""
    return sorted(file.name.partition("_")[0] for file in (_MIGRATIONS / "versions").glob("[0-9]*.py"))


def bring_up(engines: Engines) -> None:
    """Does nothing where the tables are as they should be; raises DatabaseUnusable where they are newer than this program."""
    known = revisions()
    found = _revision(engines.reader)
    if found == known[-1]:
        return
    if found is not None and found not in known:
        raise DatabaseUnusable(
            f"the database was written by a newer Teller: its tables are at {found}, this one knows them up to {known[-1]}",
            "start the newer Teller, or restore the database as it was before the upgrade",
        )
    # As a writer from the start: processes that start together take turns, and only the first one finds work to do.
    with engines.migrator.begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_LOCK})")
        migrate(connection)
    engines.migrator.dispose()


def migrate(connection: Connection, revision: str = "head") -> None:
    """Runs the migrations up to this revision inside the transaction of the connection."""
    # Imported here because most starts find nothing to do.
    from alembic import command
    from alembic.config import Config

    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    with _one_at_a_time:
        command.upgrade(config, revision)
    if connection.dialect.name == "sqlite":
        broken = connection.exec_driver_sql("PRAGMA foreign_key_check").first()
        if broken is not None:
            raise DatabaseUnusable(
                f"a row of {broken[0]} refers to one of {broken[2]} that is not there, so the tables were left as they were",
                "restore the database from a backup, or ask for help with this message",
            )


def _revision(engine: Engine) -> str | None:
    """Where the tables stand; None where no migration has ever run."""
    with engine.connect() as connection:
        try:
            found: str | None = connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()
        except (OperationalError, ProgrammingError):  # there is no such table
            return None
    return found
