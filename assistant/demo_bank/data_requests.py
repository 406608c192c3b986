"""Requests that concern a customer's personal information, decided within fifteen working days."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import date, timedelta

from sqlalchemy import Connection, insert, select

from assistant.demo_bank import shown, timetable
from assistant.demo_bank.customer import Customer
from assistant.demo_bank.database.tables import data_requests
from assistant.demo_bank.outcome import Value
from assistant.demo_bank.rules import stamp

_WORKING_DAYS = 15


def is_open(connection: Connection, customer: Customer, kind: str) -> bool:
    """Whether the customer waits for one of this kind."""
    mine = (data_requests.c.customer == customer.id, data_requests.c.kind == kind)
    return connection.scalar(select(data_requests.c.id).where(*mine, data_requests.c.status == "accepted")) is not None


def accept(
    connection: Connection, customer: Customer, kind: str, locale: str, email: str | None = None
) -> Mapping[str, Value]:
    """A request of this kind, with its number and the last day."""
    due = _due(customer.today).isoformat()
    number = timetable.number(connection, data_requests, "SJ", customer.now)
    row = {"id": f"sj-{secrets.token_hex(6)}", "customer": customer.id, "number": number, "kind": kind}
    row |= {"requested_at": stamp(customer.now), "due_on": due, "status": "accepted"}
    connection.execute(insert(data_requests).values(row | {"email": email}))
    return {"number": number, "due": shown.day(due, locale)}


def _due(today: date) -> date:
    days = (today + timedelta(days=step) for step in range(1, 40))
    return [found for found in days if found.isoweekday() < 6][_WORKING_DAYS - 1]
