"""Takes a request to erase a customer's personal information."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Connection

from assistant.demo_bank import data_requests
from assistant.demo_bank.customer import Customer
from assistant.demo_bank.outcome import Ready, Refused, Value


def prepare(connection: Connection, customer: Customer, inputs: Mapping[str, str], locale: str) -> Ready | Refused:
    """One at a time."""
    del inputs, locale  # nothing is read back
    return Refused("already_requested") if data_requests.is_open(connection, customer, "erasure") else Ready()


def commit(connection: Connection, customer: Customer, inputs: Mapping[str, str], locale: str) -> Mapping[str, Value]:
    """The request; people at the bank sort out what the law has kept."""
    del inputs
    return data_requests.accept(connection, customer, "erasure", locale)
