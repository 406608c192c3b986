"""Another process at the same database: `ring URL COUNT` writes and rings, `hear URL COUNT` waits until so much is there."""

from __future__ import annotations

import asyncio
import sys
import uuid
from contextlib import closing

from sqlalchemy import text

from assistant.bell import Bell
from knowledge_base.database import Database

TOPIC = "desk"


def write(database: Database, bell: Bell) -> None:
    """One row more, and a ring."""
    with database.writing() as connection:
        row = {"id": uuid.uuid4().hex}
        connection.execute(text("INSERT INTO conversations (id, token_digest, started_at) VALUES (:id, '', '')"), row)
        bell.ring(connection, TOPIC)


def count(database: Database) -> int:
    """How many rows there are."""
    with database.reading() as connection:
        return int(connection.execute(text("SELECT count(*) FROM conversations")).scalar_one())


async def hear(database: Database, bell: Bell, wanted: int) -> int:
    """Reads whenever it is woken, until there are as many rows; returns how many it saw when nothing more came."""
    with bell.listening(TOPIC) as ear:
        while (seen := await asyncio.to_thread(count, database)) < wanted:
            print(seen, flush=True)
            if not await ear.rung(10):
                break
    return seen


def main(what: str, url: str, wanted: int) -> None:
    with closing(Database(url)) as database, closing(Bell(database)) as bell:
        if what == "hear":
            print(asyncio.run(hear(database, bell, wanted)), flush=True)
        else:
            for _ in range(wanted):
                write(database, bell)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
