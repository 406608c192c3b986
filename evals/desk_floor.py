"""What taking a row costs at the least: one update and one insert in a transaction, on the database that the desk works on."""

from __future__ import annotations

from sqlalchemy import Column, Integer, MetaData, String, Table, insert, select, update

from knowledge_base.database import Database

_metadata = MetaData()
_rows = Table(
    "floor_rows",
    _metadata,
    Column("id", Integer, primary_key=True),
    Column("taken_by", String(100), index=True),
)
_takings = Table(
    "floor_takings",
    _metadata,
    Column("row", Integer, primary_key=True),
    Column("by", String(100), nullable=False),
)


def lay(database: Database, count: int) -> None:
    """So many rows to take."""
    with database.writing() as connection:
        _metadata.create_all(connection)
        connection.execute(insert(_rows), [{"id": number} for number in range(count)])


def take(database: Database, agent: str) -> bool:
    """Takes the first free row, as a queue of the simplest kind would; whether there was one."""
    free = select(_rows.c.id).where(_rows.c.taken_by.is_(None)).order_by(_rows.c.id).limit(1)
    first = free.with_for_update(skip_locked=True).scalar_subquery()
    with database.writing() as connection:
        taken = update(_rows).where(_rows.c.id == first).values(taken_by=agent).returning(_rows.c.id)
        row = connection.execute(taken).scalar()
        if row is not None:
            connection.execute(insert(_takings).values(row=row, by=agent))
    return row is not None
