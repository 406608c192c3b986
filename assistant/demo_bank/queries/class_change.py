"""Whether an account can get another class."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Connection

from assistant.demo_bank import inputs as given
from assistant.demo_bank.account_classes import CLASSES, changeable, obstacle
from assistant.demo_bank.customer import Customer
from assistant.demo_bank.outcome import Answer, BadInput


def answer(connection: Connection, customer: Customer, inputs: Mapping[str, str], locale: str) -> Answer:
    """What stands in the way, or the class that it can get."""
    del locale
    wanted, target = given.text(inputs, "account"), given.text(inputs, "target")
    if target not in CLASSES:
        raise BadInput("The input 'target' is no class.")
    account = next((row for row in changeable(connection, customer.id) if row["id"] == wanted), None)
    return Answer(obstacle(connection, customer, account, CLASSES[target]) or f"to_{target}")
