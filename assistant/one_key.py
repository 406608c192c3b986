"""All processes on a database seal with one key: one that holds another does not start, and so seals nothing that the rest cannot open."""

from __future__ import annotations

from contextlib import suppress

from sqlalchemy import Column, Integer, String, Table, insert, select
from sqlalchemy.exc import IntegrityError

from assistant.seal import Seal
from knowledge_base.database import Database, metadata

_sealed_with = Table(
    "sealed_with",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("sample", String(400), nullable=False),
)
_ONLY, _TEXT = 1, "teller"


def check(database: Database, seal: Seal) -> None:
    """Opens what the first process sealed, or seals it as the first; raises WrongKey."""
    if (sample := _sample(database)) is None:
        # Of several that start at once one is the first; the others find its text.
        with suppress(IntegrityError), database.writing() as connection:
            connection.execute(insert(_sealed_with).values(id=_ONLY, sample=seal.close(_TEXT)))
        sample = _sample(database)
    seal.open(str(sample))


def _sample(database: Database) -> str | None:
    with database.reading() as connection:
        return connection.execute(select(_sealed_with.c.sample)).scalar()
