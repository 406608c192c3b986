"""The e-mail address on file."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Connection

from assistant.demo_bank.customer import Customer
from assistant.demo_bank.outcome import Answer


def answer(connection: Connection, customer: Customer, inputs: Mapping[str, str], locale: str) -> Answer:
    """The whole address: the task covers it where it is shown."""
    del connection, inputs, locale
    email = customer.record["email"]
    return Answer("known", {"email": email}) if email else Answer("unknown")
