"""Issues a certificate of what an account holds until a day, and freezes it until then; further copies are paid from the account."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Connection

from assistant.demo_bank import certificates
from assistant.demo_bank import inputs as given
from assistant.demo_bank.customer import Customer
from assistant.demo_bank.outcome import Ready, Refused, Value


def prepare(connection: Connection, customer: Customer, inputs: Mapping[str, str], locale: str) -> Ready | Refused:
    """The account must hold the amount and the fee together."""
    checked = certificates.check(connection, customer, inputs, locale)
    in_time = customer.today < given.day(inputs, "until") <= certificates.last_day(customer.today)
    return checked if in_time or isinstance(checked, Refused) else Refused("wrong_day")


def commit(connection: Connection, customer: Customer, inputs: Mapping[str, str], locale: str) -> Mapping[str, Value]:
    """The certificate, what it freezes, and what it costs."""
    del locale
    return {"number": certificates.issue(connection, customer, inputs, "period")}
