"""The audit after the storm finds what does not agree, and nothing where all does."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from assistant.event import ConversationStarted, Event
from assistant.flow_event import CallEnded, CallStarted
from assistant.queue import Queue
from assistant.reply import Reply
from assistant.seal import Seal
from assistant.storage import Storage
from evals import chaos_audit
from evals.chaos_customer import Heard
from evals.report import Case
from knowledge_base.database import Database
from knowledge_base.passage import Audience

Found = dict[str, list[Case]]


@pytest.fixture
def found() -> Found:
    names = ("tickets lost", "tickets twice", "done and not told", "told and not done", "done and not asked for")
    return {name: [] for name in names}


@pytest.fixture
def storage(tmp_path: Path) -> Iterator[Storage]:
    with closing(Database(f"sqlite:///{tmp_path / 'teller.sqlite3'}")) as database:
        yield Storage(database, Seal("secret of the test"))


def bank(folder: Path, *done: str) -> Path:
    """A bank that has done these operations, and prepared one."""
    folder.mkdir()
    with closing(sqlite3.connect(folder / "bank.sqlite3")) as connection:
        connection.execute("CREATE TABLE operations (id TEXT, status TEXT)")
        connection.executemany("INSERT INTO operations VALUES (?, 'done')", [(one,) for one in done])
        connection.execute("INSERT INTO operations VALUES ('op-left', 'prepared')")
        connection.commit()
    return folder


def customer(storage: Storage, *events: Event) -> Heard:
    conversation, token = storage.start(ConversationStarted(Audience.CUSTOMER, "zh-CN", Reply("您好")))
    if events:
        storage.tell(conversation, *events)
    return Heard(conversation, token, customer="c1001")


BEGUN = CallStarted("f1", "set_privacy_choice", "op-1")
ENDED = CallEnded("f1", "set_privacy_choice", "commit", "done")


@pytest.mark.parametrize(
    ("events", "done", "wrong"),
    [
        ((BEGUN, ENDED), ("op-1",), {}),
        ((BEGUN,), ("op-1",), {"done and not told": 1}),
        ((BEGUN, ENDED), (), {"told and not done": 1}),
        ((BEGUN, ENDED), ("op-1", "op-2"), {"done and not asked for": 1}),
    ],
)
def test_what_the_bank_did_is_held_against_what_was_told(
    storage: Storage,
    found: Found,
    tmp_path: Path,
    events: tuple[Any, ...],
    done: tuple[str, ...],
    wrong: dict[str, int],
) -> None:
    heard = [customer(storage, *events)]
    assert chaos_audit._operations(storage, bank(tmp_path / "bank", *done), heard, found) == len(done)
    assert {name: len(cases) for name, cases in found.items() if cases} == wrong


def test_a_ticket_that_was_promised_and_is_not_there_is_found(storage: Storage, found: Found) -> None:
    heard = customer(storage)
    heard.turns["k"] = {"ticket": {"id": "t1"}}
    chaos_audit._tickets(Queue(storage.database), [heard], found)
    assert [case.question for case in found["tickets lost"]] == ["t1"]
