from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import closing

import pytest
from sqlalchemy import text

from assistant.audit import Audit, Break
from knowledge_base.database import Database

KEY = "a key that only the service has"


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    with closing(Database(database_url)) as opened:
        yield opened


@pytest.fixture
def audit(database: Database) -> Audit:
    return Audit(database, KEY)


def note_three(audit: Audit) -> None:
    for number in range(3):
        audit.note("editor", "withdraw", f"document-{number}", {"reason": "过期"})


def change(database: Database, statement: str) -> None:
    with database.writing() as connection:
        connection.execute(text(statement))


def test_an_untouched_chain_holds(audit: Audit) -> None:
    assert audit.verify() == (0, None)
    note_three(audit)
    assert audit.verify() == (3, None)
    assert [entry.what for entry in audit.listed()] == ["document-2", "document-1", "document-0"]
    assert audit.listed(what="document-1")[0].detail == {"reason": "过期"}


@pytest.mark.parametrize(
    ("statement", "broken_at"),
    [
        ("UPDATE audit SET who = 'somebody else' WHERE number = 2", 2),
        ("UPDATE audit SET detail = '{}' WHERE number = 1", 1),
        ("DELETE FROM audit WHERE number = 2", 2),
        ("DELETE FROM audit WHERE number = 3", 3),
        ("DELETE FROM audit", 1),
        ("UPDATE audit_head SET number = 2", 4),
    ],
)
def test_what_was_altered_is_found(audit: Audit, database: Database, statement: str, broken_at: int) -> None:
    note_three(audit)
    change(database, statement)
    held, broken = audit.verify()
    assert isinstance(broken, Break)
    assert broken.number == broken_at
    assert held == broken_at - 1


def test_who_lacks_the_key_cannot_write_the_chain_anew(audit: Audit, database: Database) -> None:
    note_three(audit)
    change(database, "DELETE FROM audit")
    change(database, "UPDATE audit_head SET number = 0, digest = ''")
    note_three(Audit(database, "guessed"))
    assert audit.verify()[1] is not None


def test_an_entry_is_undone_with_what_it_tells_of(audit: Audit, database: Database) -> None:
    with pytest.raises(RuntimeError), database.writing() as connection:
        audit.note("editor", "publish", "document", within=connection)
        raise RuntimeError
    assert audit.verify() == (0, None)


def test_many_at_once_make_one_chain(audit: Audit) -> None:
    threads = [threading.Thread(target=note_three, args=(audit,)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert audit.verify() == (24, None)
