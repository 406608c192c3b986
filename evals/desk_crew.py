"""Agents at work, each in a thread: they take what is next, and settle it or pass it on, until nothing waits.

A process of its own: python -m evals.desk_crew URL SEED AGENT...; it says `ready`, begins when a line comes, prints what it did as JSON.
"""

from __future__ import annotations

import json
import random
import sys
import threading
import time
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from sqlalchemy import func, select

from assistant.human_agent import Presence
from assistant.ticket import OPEN, IllegalMove, Ticket
from assistant.ticket_table import tickets
from evals import desk_floor
from evals.desk_office import Office, opened

_PAUSE = 0.05
_SHOWS_LIFE = 1.0
_GENERALISTS = 3
"""One agent in so many serves every skill, so that whatever is passed on finds somebody."""


@dataclass
class Worked:
    """What a crew did: how long each claim and each taking of a bare row took, in seconds, and how often each move was made."""

    claims: list[float] = field(default_factory=list)
    floor: list[float] = field(default_factory=list)
    moves: Counter[str] = field(default_factory=Counter)


class Agent:
    """One person who works as fast as the desk allows; `colleagues` are whom tickets are passed on to by name.

    Where `takes_bare`, a bare row is taken before each claim, so that both are measured under the same load.
    """

    def __init__(
        self, office: Office, name: str, colleagues: Sequence[str], seed: int, worked: Worked, *, takes_bare: bool
    ) -> None:
        self._office, self._desk, self._name = office, office.desk, name
        self._colleagues = colleagues
        self._chance = random.Random(f"{seed} {name}")
        self._worked = worked
        self._takes_bare = takes_bare

    def work(self) -> None:
        """Until no ticket is open."""
        skills = list(self._office.rules.skills)
        own = [] if self._chance.randrange(_GENERALISTS) == 0 else self._chance.sample(skills, 3)
        self._desk.be(self._name, Presence.ONLINE, skills=own)
        shown = time.monotonic()
        while True:
            if time.monotonic() - shown > _SHOWS_LIFE:
                self._desk.be(self._name)
                shown = time.monotonic()
            if self._takes_bare:
                self._take_bare()
            ticket = self._claim()
            if ticket:
                self._serve(ticket)
            elif open_tickets(self._office):
                time.sleep(_PAUSE)
            else:
                return

    def _take_bare(self) -> None:
        begun = time.perf_counter()
        if desk_floor.take(self._office.storage.database, self._name):
            self._worked.floor.append(time.perf_counter() - begun)

    def _claim(self) -> Ticket | None:
        begun = time.perf_counter()
        ticket = self._desk.claim_next(self._name)
        if ticket:
            self._worked.claims.append(time.perf_counter() - begun)
        return ticket

    def _serve(self, ticket: Ticket) -> None:
        """Settles most, passes some on, gives some back to the assistant; sometimes writes or notes something before."""
        move = self._chance.choices(
            ("resolve", "transfer", "transfer_to", "give_back", "note", "write"), (75, 6, 3, 5, 6, 5)
        )[0]
        try:
            self._move(move, ticket)
            if move in ("note", "write"):
                self._move("resolve", ticket)
        except IllegalMove:
            move = "taken away"  # this agent had counted as away
        self._worked.moves[move] += 1

    def _move(self, move: str, ticket: Ticket) -> None:
        desk, me = self._desk, self._name
        match move:
            case "transfer":
                desk.transfer(me, ticket.id, skill=self._chance.choice(list(self._office.rules.skills)))
            case "transfer_to":
                desk.transfer(me, ticket.id, to=self._chance.choice(self._colleagues))
            case "give_back" if not ticket.kind.is_left:
                desk.give_back(me, ticket.id)
            case "note":
                desk.note(me, ticket.id, "核对过了")
            case "write":
                desk.write(me, ticket.id, "您好，正在为您查询")
            case _:
                desk.resolve(me, ticket.id, "answered")


def open_tickets(office: Office) -> int:
    """How many tickets wait or are being served."""
    still = select(func.count()).where(tickets.c.status.in_([one.value for one in OPEN]))
    with office.storage.database.reading() as connection:
        return int(connection.execute(still).scalar_one())


def crew(office: Office, names: Sequence[str], seed: int, *, takes_bare: bool = False) -> Worked:
    """All of them at once, until no ticket is open; whatever one of them raises is raised."""
    worked, gate = Worked(), threading.Barrier(len(names))

    def run(name: str) -> None:
        gate.wait()
        Agent(office, name, names, seed, worked, takes_bare=takes_bare).work()

    with ThreadPoolExecutor(len(names)) as pool:
        list(pool.map(run, names))
    return worked


def main(url: str, seed: int, names: Sequence[str]) -> None:
    """Works at this database once told to."""
    with opened(url) as office:
        print("ready", flush=True)
        sys.stdin.readline()
        worked = crew(office, names, seed, takes_bare=True)
    print(json.dumps(vars(worked)), flush=True)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), sys.argv[3:])
