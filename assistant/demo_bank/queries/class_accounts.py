"""Accounts whose class could be changed."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Connection

from assistant.demo_bank.account_classes import OF_AGE, changeable
from assistant.demo_bank.customer import Customer
from assistant.demo_bank.holdings import account_label
from assistant.demo_bank.outcome import Answer


def answer(connection: Connection, customer: Customer, inputs: Mapping[str, str], locale: str) -> Answer:
    """Those that are not closed."""
    del inputs
    if customer.age < OF_AGE:
        return Answer("underage")
    rows = changeable(connection, customer.id)
    found = [{"id": row["id"], "label": account_label(row, locale)} for row in rows]
    return Answer("found", {"accounts": found})
