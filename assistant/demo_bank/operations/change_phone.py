"""Changes the registered mobile number; it takes effect at once, and limits transfers for a day."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import timedelta

from sqlalchemy import Connection, insert, select, update

from assistant.demo_bank import inputs as given
from assistant.demo_bank import shown
from assistant.demo_bank.customer import Customer
from assistant.demo_bank.database.tables import customers, phone_changes
from assistant.demo_bank.outcome import Ready, Refused, Value
from assistant.demo_bank.rules import stamp

OF_AGE = 16
"""Under this age the guardian must come to a branch."""
_LIMITED = timedelta(hours=24)


def prepare(connection: Connection, customer: Customer, inputs: Mapping[str, str], locale: str) -> Ready | Refused:
    """One number may be registered for one customer only."""
    del locale  # a covered number reads the same in every language
    number = given.phone(inputs, "new_phone")
    if customer.age < OF_AGE:
        return Refused("underage")
    if number == customer.phone:
        return Refused("same_number")
    if connection.scalar(select(customers.c.id).where(customers.c.phone == number)) is not None:
        return Refused("number_taken")
    return Ready({"old_phone": shown.phone(customer.phone)})


def commit(connection: Connection, customer: Customer, inputs: Mapping[str, str], locale: str) -> Mapping[str, Value]:
    """The new number, and a line in the log."""
    del locale
    number = given.phone(inputs, "new_phone")
    connection.execute(update(customers).where(customers.c.id == customer.id).values(phone=number))
    change = {"id": f"pc-{secrets.token_hex(6)}", "customer": customer.id}
    change |= {"old_phone": customer.phone, "new_phone": number}
    change |= {"at": stamp(customer.now), "limited_until": stamp(customer.now + _LIMITED)}
    connection.execute(insert(phone_changes).values(change))
    return {}
