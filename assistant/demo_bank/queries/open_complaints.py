"""The customer's complaints that are still being worked on, the newest first."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Connection, select

from assistant.demo_bank import shown
from assistant.demo_bank.customer import Customer
from assistant.demo_bank.database.tables import complaints
from assistant.demo_bank.operations.file_complaint import OPEN, category
from assistant.demo_bank.outcome import Answer


def answer(connection: Connection, customer: Customer, inputs: Mapping[str, str], locale: str) -> Answer:
    """Number, category and the day by which each is decided."""
    del inputs
    mine = select(complaints).where(complaints.c.customer == customer.id, complaints.c.status.in_(OPEN))
    rows = connection.execute(mine.order_by(complaints.c.filed_at.desc())).mappings().all()
    items = [
        {"id": row["number"], "label": row["number"], "category": category(row["category"], locale)}
        | {"due": shown.day(row["due_on"], locale)}
        for row in rows
    ]
    return Answer("found", {"complaints": items}) if items else Answer("none")
