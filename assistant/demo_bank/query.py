"""Reading something from the bank."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from sqlalchemy import Connection

from assistant.demo_bank import members
from assistant.demo_bank.customer import Customer, load
from assistant.demo_bank.database.store import Store
from assistant.demo_bank.outcome import Answer
from assistant.demo_bank.rules import Rules


class Kind(Protocol):
    """One kind of query: a module of `queries/`."""

    def answer(self, connection: Connection, customer: Customer, inputs: Mapping[str, str], locale: str) -> Answer:
        """The outcome and its values; the connection cannot write."""
        ...


class UnknownQuery(LookupError):
    """The bank has no such kind of query."""


def ask(store: Store, rules: Rules, name: str, customer: str, inputs: Mapping[str, str], locale: str) -> Answer:
    """What the bank answers."""
    kind: Kind | None = members.queries().get(name)
    if kind is None:
        raise UnknownQuery(f"No query is called {name!r}.")
    with store.reading() as connection:
        return kind.answer(connection, load(connection, customer, rules.now()), inputs, locale)
