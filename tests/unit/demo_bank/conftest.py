"""A bank of the test's own, whose clock the test sets."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Table, select

from assistant.demo_bank.codes import Codes
from assistant.demo_bank.database.store import Store
from assistant.demo_bank.operation import Operations
from assistant.demo_bank.rules import ZONE, Rules
from assistant.demo_bank.seed.seed import fill

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=ZONE)


@dataclass
class Clock:
    """Stands still until the test moves it."""

    now: datetime = NOON

    def move(self, **by: float) -> None:
        self.now += timedelta(**by)


@dataclass
class Bank:
    """The bank's parts, without HTTP."""

    store: Store
    clock: Clock = field(default_factory=Clock)

    def __post_init__(self) -> None:
        self.rules = Rules(now=lambda: self.clock.now)
        self.operations = Operations(self.store, self.rules)
        self.codes = Codes(self.store, self.rules, "secret")

    def rows(self, table: Table, customer: str) -> list[dict[str, Any]]:
        column = table.c.id if table.name == "customers" else table.c.customer
        with self.store.reading() as connection:
            return [dict(row) for row in connection.execute(select(table).where(column == customer)).mappings()]

    def last_code(self, customer: str) -> str:
        from assistant.demo_bank.database.tables import outbox

        return str(self.rows(outbox, customer)[-1]["code"])


@pytest.fixture(scope="session")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database as it is on its first day, to be copied."""
    path = tmp_path_factory.mktemp("bank") / "bank.sqlite3"
    store = Store(path)
    with store.writing() as connection:
        fill(connection, NOON)
    store.close()
    return path


@pytest.fixture
def open_bank(filled: Path, tmp_path: Path) -> Iterator[Callable[[], Bank]]:
    """Opens banks over copies of that database."""
    with ExitStack() as stack:

        def open_one() -> Bank:
            path = tmp_path / f"bank-{len(list(tmp_path.iterdir()))}" / "bank.sqlite3"
            path.parent.mkdir()
            shutil.copy(filled, path)
            bank = Bank(Store(path))
            stack.callback(bank.store.close)
            return bank

        yield open_one


@pytest.fixture
def bank(open_bank: Callable[[], Bank]) -> Bank:
    """One such bank."""
    return open_bank()
