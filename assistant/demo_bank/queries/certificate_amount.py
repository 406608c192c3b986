"""The amount that a certificate of deposit will prove."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Connection

from assistant.demo_bank import inputs as given
from assistant.demo_bank.certificates import most, own_account
from assistant.demo_bank.customer import Customer
from assistant.demo_bank.outcome import Answer, BadInput


def answer(connection: Connection, customer: Customer, inputs: Mapping[str, str], locale: str) -> Answer:
    """The one named, or else all that the account can prove."""
    del locale
    account = own_account(connection, customer.id, given.text(inputs, "account"))
    if account is None:
        raise BadInput("The customer has no such account.")
    whole = most(account, given.count(inputs, "copies"))
    return Answer("found", {"amount": inputs.get("amount") or f"{whole / 100:.2f}"})
