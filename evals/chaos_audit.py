"""What is left of what was acknowledged, once everything answers again."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Protocol

import httpx

from assistant.flow_event import CallEnded, CallStarted
from assistant.queue import Queue
from assistant.seal import Seal
from assistant.storage import Storage
from evals.chaos_customer import Heard
from evals.report import Case
from knowledge_base.database import Database

_SETTLES = "好了吗"
_ALL = 1_000_000


class Scene(Protocol):
    """What is audited."""

    @property
    def address(self) -> str:
        """Of a process that answers."""

    @property
    def database(self) -> str:
        """Its URL."""

    @property
    def secret(self) -> str:
        """What everything is sealed with."""

    @property
    def bank_folder(self) -> Path:
        """Where the bank's database is."""


def audit(scene: Scene, heard: Sequence[Heard]) -> tuple[dict[str, list[Case]], dict[str, int]]:
    """By what must not be: the cases of it; and how many tickets and operations of the bank there were to look at."""
    found: dict[str, list[Case]] = {
        "turns lost": [], "turns changed": [], "turns twice": [], "tickets lost": [], "tickets twice": [],
        "done and not told": [], "told and not done": [], "done and not asked for": [],
    }  # fmt: skip
    with httpx.Client(base_url=scene.address, timeout=30, trust_env=False) as http:
        for one in heard:
            _turns(http, one, found)
        for one in heard:
            if one.customer:
                _settle(http, one)
    with closing(Database(scene.database)) as database:
        looked = {"tickets": _tickets(Queue(database), heard, found)}
        looked["bank operations"] = _operations(Storage(database, Seal(scene.secret)), scene.bank_folder, heard, found)
    return found, looked


def _turns(http: httpx.Client, one: Heard, found: dict[str, list[Case]]) -> None:
    own = {"Authorization": f"Bearer {one.token}"}
    state = http.get(f"/v1/conversations/{one.conversation}", headers=own)
    if not state.is_success:
        found["turns lost"].append(Case(one.conversation, "the conversation", "there", str(state.status_code)))
        return
    said = sum(message["author"] == "customer" for message in state.json()["messages"])
    if said > len(one.turns) + one.unheard or said < len(one.turns):
        kind = "turns twice" if said > len(one.turns) else "turns lost"
        found[kind].append(Case(one.conversation, "messages", f"{len(one.turns)} + {one.unheard} unheard", str(said)))
    for key, turn in one.turns.items():
        again = http.post(
            f"/v1/conversations/{one.conversation}/turns", json=one.said[key], headers=own | {"Idempotency-Key": key}
        )
        if not again.is_success or again.json() != turn:
            found["turns changed"].append(Case(one.conversation, key, str(turn)[:300], again.text[:300]))


def _tickets(queue: Queue, heard: Sequence[Heard], found: dict[str, list[Case]]) -> int:
    listed = queue.listed(limit=_ALL)
    there, of = {ticket.id for ticket in listed}, Counter(ticket.conversation for ticket in listed)
    for one in heard:
        promised = {turn["ticket"]["id"] for turn in one.turns.values() if turn["ticket"]}
        found["tickets lost"] += [
            Case(one.conversation, ticket, "in the queue", "not there") for ticket in promised - there
        ]
        if of[one.conversation] > 1:
            found["tickets twice"].append(Case(one.conversation, "tickets", "1", str(of[one.conversation])))
    return len(listed)


def _settle(http: httpx.Client, one: Heard) -> None:
    """Asks once more: what was sent to the bank and never heard of is found out now."""
    own = {"Authorization": f"Bearer {one.token}"}
    http.post(f"/v1/conversations/{one.conversation}/turns", json={"text": _SETTLES}, headers=own)


def _operations(storage: Storage, bank: Path, heard: Sequence[Heard], found: dict[str, list[Case]]) -> int:
    """What the bank did against what the events say was begun and ended."""
    with closing(sqlite3.connect(next(bank.glob("*.sqlite3")))) as connection:
        done = {row[0] for row in connection.execute("SELECT id FROM operations WHERE status = 'done'")}
    begun, told = set[str](), set[str]()
    for one in heard:
        if one.customer:
            open_calls: dict[str, str] = {}
            for event in storage.events(one.conversation):
                if isinstance(event, CallStarted):
                    open_calls[event.frame] = event.operation
                    begun.add(event.operation)
                if isinstance(event, CallEnded) and event.outcome == "done" and event.frame in open_calls:
                    told.add(open_calls.pop(event.frame))
    found["done and not told"] += [Case(one, "operation", "told", "not told") for one in sorted(done & begun - told)]
    found["told and not done"] += [Case(one, "operation", "done", "not done") for one in sorted(told - done)]
    found["done and not asked for"] += [Case(one, "operation", "asked for", "not") for one in sorted(done - begun)]
    return len(done)
