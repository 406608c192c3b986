"""Who may be sold what: the customer's risk level against the product's, age, and qualified investors."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import Connection, select

from assistant.demo_bank import inputs as given
from assistant.demo_bank.customer import Customer
from assistant.demo_bank.database.tables import products
from assistant.demo_bank.outcome import BadInput

ELDER = 65
_REVIEWED_FROM = 3
_NEVER_FOR_ELDERS = 5
Row = Mapping[str, Any]


def product(connection: Connection, inputs: Mapping[str, str]) -> Row:
    """The product that the input names."""
    row = (
        connection.execute(select(products).where(products.c.code == given.text(inputs, "product"))).mappings().first()
    )
    if row is None:
        raise BadInput("The input 'product' is none of the bank's.")
    return dict(row)


def assessment(customer: Customer) -> str | None:
    """Why the customer's risk level does not count: there is none, or it is older than twelve months."""
    level, on = customer.record["risk_level"], customer.record["risk_assessed_on"]
    if not level or not on:
        return "not_assessed"
    assessed = date.fromisoformat(on)
    ends = (assessed.year + 1, assessed.month, assessed.day)
    return "expired" if (customer.today.year, customer.today.month, customer.today.day) > ends else None


def obstacle(customer: Customer, wanted: Row) -> str | None:
    """Why the customer cannot be sold this."""
    if wanted["private"] and not customer.record["qualified_investor"]:
        return "not_qualified"
    if customer.age >= ELDER and _level(wanted["risk_level"]) >= _NEVER_FOR_ELDERS:
        return "elder_r5"
    refused = assessment(customer)
    if refused:
        return refused
    return "unsuitable" if _level(wanted["risk_level"]) > _level(customer.record["risk_level"]) else None


def needs_review(customer: Customer, wanted: Row) -> bool:
    """Whether the branch's head must talk to the customer too."""
    return customer.age >= ELDER and _level(wanted["risk_level"]) >= _REVIEWED_FROM


def _level(name: str) -> int:
    return int(name[1:])
