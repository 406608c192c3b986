"""Whether a pension account can be opened."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Connection

from assistant.demo_bank.customer import Customer
from assistant.demo_bank.holdings import account_label
from assistant.demo_bank.outcome import Answer
from assistant.demo_bank.pensions import linkable, obstacle


def answer(connection: Connection, customer: Customer, inputs: Mapping[str, str], locale: str) -> Answer:
    """What stands in the way, or what it can be linked to."""
    del inputs
    refusal = obstacle(connection, customer)
    if refusal:
        return Answer(refusal)
    rows = linkable(connection, customer.id)
    found = [{"id": row["id"], "label": account_label(row, locale)} for row in rows]
    return Answer("possible", {"accounts": found}) if found else Answer("no_account")
