"""Sign-ins that were ended before their time."""

from __future__ import annotations

from sqlalchemy import Column, String, Table, delete, insert, select

from assistant.user import now
from knowledge_base.database import Database, metadata

_ended = Table(
    "signed_out",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("until", String(40), nullable=False, index=True),
)


class SignedOut:
    """Remembers them for as long as a token of theirs could still be valid."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def end(self, sign_in: str, until: str) -> None:
        """Ends a sign-in by its id, in all processes; `until` (UTC, ISO 8601) its last token would have been valid."""
        with self._database.writing() as connection:
            connection.execute(delete(_ended).where((_ended.c.until < now()) | (_ended.c.id == sign_in)))
            connection.execute(insert(_ended).values(id=sign_in, until=until))

    def is_ended(self, sign_in: str) -> bool:
        """Whether this one was ended."""
        with self._database.reading() as connection:
            return connection.execute(select(_ended.c.id).where(_ended.c.id == sign_in)).first() is not None
