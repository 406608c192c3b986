"""Takes a request to export a customer's personal information."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Connection

from assistant.demo_bank import data_requests
from assistant.demo_bank import inputs as given
from assistant.demo_bank.customer import Customer
from assistant.demo_bank.outcome import Ready, Refused, Value


def prepare(connection: Connection, customer: Customer, inputs: Mapping[str, str], locale: str) -> Ready | Refused:
    """One at a time."""
    del locale  # nothing is read back
    given.text(inputs, "email")
    return Refused("already_requested") if data_requests.is_open(connection, customer, "export") else Ready()


def commit(connection: Connection, customer: Customer, inputs: Mapping[str, str], locale: str) -> Mapping[str, Value]:
    """The request, with the address that the export goes to."""
    return data_requests.accept(connection, customer, "export", locale, given.text(inputs, "email"))
