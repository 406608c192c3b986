"""What the customer has here: accounts that are not closed, and credit cards."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Connection

from assistant.demo_bank.customer import Customer
from assistant.demo_bank.holdings import holdings
from assistant.demo_bank.outcome import Answer


def answer(connection: Connection, customer: Customer, inputs: Mapping[str, str], locale: str) -> Answer:
    """By the last four digits, which a debit card shares with its account."""
    del inputs
    return Answer("found", {"holdings": holdings(connection, customer.id, locale)})
