"""Issues a certificate of what an account holds now; further copies are paid from the account."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Connection

from assistant.demo_bank import certificates
from assistant.demo_bank.customer import Customer
from assistant.demo_bank.outcome import Ready, Refused, Value


def prepare(connection: Connection, customer: Customer, inputs: Mapping[str, str], locale: str) -> Ready | Refused:
    """The account must hold the amount, and the fee."""
    return certificates.check(connection, customer, inputs, locale)


def commit(connection: Connection, customer: Customer, inputs: Mapping[str, str], locale: str) -> Mapping[str, Value]:
    """The certificate, and what it costs."""
    del locale
    return {"number": certificates.issue(connection, customer, inputs, "point")}
