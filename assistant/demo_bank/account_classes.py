"""The classes of accounts: what may become what."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, func, select

from assistant.demo_bank.customer import Customer
from assistant.demo_bank.database.tables import accounts, cards

CLASSES = {"first": "I", "second": "II", "third": "III"}
OF_AGE = 16
"""Under this age the guardian must come to a branch."""
MOST_THIRD_FEN = 200_000
MOST_LOWER = 5
_HEIGHT = {"I": 3, "II": 2, "III": 1}
Row = Mapping[str, Any]


def changeable(connection: Connection, customer: str) -> list[Row]:
    """Settlement accounts that are not closed."""
    mine = [accounts.c.customer == customer, accounts.c.kind == "settlement", accounts.c.status != "closed"]
    return [dict(row) for row in connection.execute(select(accounts).where(*mine)).mappings()]


def obstacle(connection: Connection, customer: Customer, account: Row | None, target: str) -> str | None:
    """Why the account cannot get this class here."""
    if customer.age < OF_AGE:
        return "underage"
    if account is None or account["status"] != "normal":
        return "blocked"
    if account["account_class"] == target:
        return "same_class"
    if _HEIGHT[target] > _HEIGHT[account["account_class"]]:
        return "first_taken" if target == "I" and _count(connection, customer, "I") else "at_branch"
    return _too_much(connection, customer, account, target)


def _too_much(connection: Connection, customer: Customer, account: Row, target: str) -> str | None:
    if _count(connection, customer, target) >= MOST_LOWER:
        return "full"
    if target != "III":
        return None
    if account["balance_fen"] > MOST_THIRD_FEN:
        return "too_rich"
    return "has_card" if _has_card(connection, account) else None


def _count(connection: Connection, customer: Customer, name: str) -> int:
    return sum(row["account_class"] == name for row in changeable(connection, customer.id))


def _has_card(connection: Connection, account: Row) -> bool:
    mine = select(func.count()).where(cards.c.account == account["id"], cards.c.status != "cancelled")
    return bool(connection.scalar(mine))
