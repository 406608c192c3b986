"""Pension accounts: who can open one, and what it can be linked to."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, select

from assistant.demo_bank.customer import Customer
from assistant.demo_bank.database.tables import accounts, cards, pension_accounts

OURS = "云杉银行"
WORKING_AGE = 16
_RETIRED = "退休"
Row = Mapping[str, Any]


def obstacle(connection: Connection, customer: Customer) -> str | None:
    """Why no pension account can be opened: there is one in the country, or the customer is not at work."""
    if customer.age < WORKING_AGE:
        return "underage"
    bank = connection.scalar(
        select(pension_accounts.c.bank).where(
            pension_accounts.c.customer == customer.id, pension_accounts.c.status != "closed"
        )
    )
    if bank is not None:
        return "has_one" if bank == OURS else "elsewhere"
    return "retired" if customer.record["occupation"] == _RETIRED else None


def linkable(connection: Connection, customer: str) -> list[Row]:
    """Accounts in order that have a debit card in order."""
    with_card = select(cards.c.account).where(cards.c.kind == "debit", cards.c.status == "normal")
    mine = [accounts.c.customer == customer, accounts.c.status == "normal"]
    found = select(accounts).where(*mine, accounts.c.id.in_(with_card))
    return [dict(row) for row in connection.execute(found).mappings()]
