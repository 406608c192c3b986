"""What the audit of the desk finds where something is wrong, put there behind the queue's back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

import pytest
from sqlalchemy import text

from assistant.ticket import Ticket
from evals.desk_audit import audit
from evals.desk_office import Office, fill, opened

FAULTS = ("claimed_twice", "closed_twice", "lost", "illegal")
AGAIN = """
    INSERT INTO events (conversation, number, at, body)
    SELECT conversation, (SELECT max(number) + 1 FROM events WHERE conversation = :conversation), at, body
    FROM events WHERE conversation = :conversation AND body LIKE :type
"""


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    with opened(f"sqlite:///{tmp_path / 'teller.sqlite3'}") as office:
        fill(office, 3, seed=1)
        yield office


def take(office: Office, agent: str = "anna") -> Ticket:
    ticket = office.desk.claim_next(agent)
    assert ticket is not None
    return ticket


def settle(office: Office, agent: str = "anna") -> Ticket:
    ticket = take(office, agent)
    office.desk.resolve(agent, ticket.id, "answered")
    return ticket


def write(office: Office, sql: str, **values: str) -> None:
    with office.storage.database.writing() as connection:
        assert connection.execute(text(sql), values).rowcount == 1


def faults(office: Office) -> dict[str, int]:
    """Those that there are."""
    found = asdict(audit(office))
    return {fault: found[fault] for fault in FAULTS if found[fault]}


def test_what_is_served_as_it_should_be_has_no_faults(office: Office) -> None:
    ticket = take(office)
    office.desk.transfer("anna", ticket.id, skill="loans")
    for _ in range(3):
        settle(office, "bert")
    assert faults(office) == {}
    assert audit(office).claims == 4


def test_what_nobody_closed_is_lost(office: Office) -> None:
    settle(office)
    settle(office)
    assert faults(office) == {"lost": 1}


def test_a_second_claim_of_what_somebody_has_is_found(office: Office) -> None:
    for _ in range(2):
        settle(office)
    ticket = take(office)
    write(office, AGAIN, conversation=ticket.conversation, type='%"ticket_claimed"%')
    found = faults(office)
    assert found["claimed_twice"] == 1
    assert found["illegal"] >= 1


def test_a_second_end_is_found(office: Office) -> None:
    for _ in range(2):
        settle(office)
    write(office, AGAIN, conversation=settle(office).conversation, type='%"ticket_resolved"%')
    found = faults(office)
    assert found["closed_twice"] == 1
    assert "lost" not in found


@pytest.mark.parametrize("wrong", ["status = 'returned'", "closed_by = 'bert'", "claimed_by = 'bert'"])
def test_a_row_that_its_events_deny_is_found(office: Office, wrong: str) -> None:
    for _ in range(2):
        settle(office)
    write(office, f"UPDATE tickets SET {wrong} WHERE id = :id", id=settle(office).id)
    assert faults(office) == {"illegal": 1}
