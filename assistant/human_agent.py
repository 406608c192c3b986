"""The people of the bank who work at the desk: who is there, how many conversations they take, and what they know."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import Column, Connection, Integer, String, Table, Text, insert, select, update
from sqlalchemy.exc import IntegrityError

from knowledge_base.database import Database, metadata

_agents = Table(
    "agents",
    metadata,
    Column("name", String(100), primary_key=True),
    Column("shown_as", String(100), nullable=False),
    Column("presence", String(16), nullable=False),
    Column("capacity", Integer, nullable=False),
    Column("skills", Text, nullable=False),
    Column("seen_at", String(40), nullable=False),
    Column("free_since", String(40), nullable=False),
)
CAPACITY = 3
_SEEN_EVERY = timedelta(seconds=5)


class Presence(StrEnum):
    """Whether an agent takes new tickets, only goes on with those at hand, or is not there."""

    ONLINE = "online"
    BUSY = "busy"
    OFFLINE = "offline"


@dataclass(frozen=True)
class HumanAgent:
    """One person at the desk. `capacity` is how many tickets are offered at a time; no `skills` means every skill.

    Times are UTC, ISO 8601: `seen_at` is the last sign of life, `free_since` when the last ticket was taken or closed.
    """

    name: str
    shown_as: str
    presence: Presence
    capacity: int
    skills: tuple[str, ...]
    seen_at: str
    free_since: str

    def serves(self, skill: str) -> bool:
        """Whether a ticket of this skill may be offered to this person."""
        return not self.skills or skill in self.skills

    def known_skills(self, all_skills: Collection[str]) -> tuple[str, ...]:
        """The skills by name."""
        return self.skills or tuple(all_skills)


class HumanAgents:
    """Who is at the desk."""

    def __init__(self, database: Database, shown_as: Mapping[str, str]) -> None:
        """`shown_as` is what customers see agents as until these say otherwise."""
        self._database = database
        self._shown_as = shown_as

    def get(self, name: str) -> HumanAgent:
        """One person; who was never seen is made known, as somebody who can do everything and does not take part yet."""
        with self._database.reading() as connection:
            row = connection.execute(select(_agents).where(_agents.c.name == name)).mappings().first()
        return _agent(row) if row else self.put(name)

    def all(self) -> list[HumanAgent]:
        """All who were ever at the desk, by name."""
        with self._database.reading() as connection:
            return everyone(connection)

    def put(
        self,
        name: str,
        presence: Presence | None = None,
        capacity: int | None = None,
        skills: Collection[str] | None = None,
        shown_as: str | None = None,
    ) -> HumanAgent:
        """Changes what is given, leaves the rest, and notes that this person was seen."""
        given = {"presence": presence.value if presence else None, "capacity": capacity, "shown_as": shown_as}
        given["skills"] = None if skills is None else json.dumps(sorted(skills), ensure_ascii=False)
        changes = {key: value for key, value in given.items() if value is not None} | {"seen_at": _now()}
        while True:
            try:
                with self._database.writing() as connection:
                    if not connection.execute(update(_agents).where(_agents.c.name == name).values(changes)).rowcount:
                        connection.execute(insert(_agents).values(_newcomer(name, self._shown_as) | changes))
                    found = connection.execute(select(_agents).where(_agents.c.name == name)).mappings().one()
                return _agent(found)
            except IntegrityError:
                continue  # made known by another request meanwhile

    def set_free_since(self, name: str) -> None:
        """This person has taken or closed a ticket now."""
        with self._database.writing() as connection:
            set_free_since(connection, name)

    def at_work(self, name: str) -> HumanAgent:
        """This person takes tickets; who has never said how they stand is online by that."""
        with self._database.reading() as connection:
            known = connection.execute(select(_agents.c.name).where(_agents.c.name == name)).first()
        return self.seen(name) if known else self.put(name, Presence.ONLINE)

    def seen(self, name: str) -> HumanAgent:
        """This person is there; written only where the last sign of life is some seconds old."""
        agent = self.get(name)
        fresh = datetime.now(UTC) - datetime.fromisoformat(agent.seen_at) < _SEEN_EVERY
        return agent if fresh else self.put(name)


def everyone(connection: Connection) -> list[HumanAgent]:
    """All who were ever at the desk."""
    return [_agent(row) for row in connection.execute(select(_agents).order_by(_agents.c.name)).mappings()]


def hold(connection: Connection, name: str) -> HumanAgent:
    """One person as known now, locked until the transaction ends: nothing else is offered to them meanwhile, nor taken.

    Whoever locks tickets as well locks them after this.
    """
    query = select(_agents).where(_agents.c.name == name).with_for_update()
    return _agent(connection.execute(query).mappings().one())


def set_free_since(connection: Connection, name: str) -> None:
    """This person has taken or closed a ticket now."""
    connection.execute(update(_agents).where(_agents.c.name == name).values(free_since=_now()))


def _newcomer(name: str, shown_as: Mapping[str, str]) -> dict[str, Any]:
    own = {
        "name": name,
        "shown_as": shown_as.get(name, name),
        "presence": Presence.OFFLINE.value,
        "capacity": CAPACITY,
        "skills": "[]",
    }
    return own | {"free_since": _now()}


def _agent(row: Any) -> HumanAgent:
    skills = tuple(json.loads(row["skills"]))
    return HumanAgent(**{**row, "presence": Presence(row["presence"]), "skills": skills})


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds")
