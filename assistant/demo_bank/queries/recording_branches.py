"""The branches where a sale is recorded."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Connection, select

from assistant.demo_bank.customer import Customer
from assistant.demo_bank.database.tables import branches
from assistant.demo_bank.outcome import Answer
from assistant.demo_bank.queries.visit_branches import item


def answer(connection: Connection, customer: Customer, inputs: Mapping[str, str], locale: str) -> Answer:
    """All of them, the customer's own first."""
    del inputs
    rows = [dict(row) for row in connection.execute(select(branches)).mappings()]
    rows.sort(key=lambda row: row["name"] != customer.record["branch"])
    return Answer("found", {"branches": [item(row, locale) for row in rows]})
