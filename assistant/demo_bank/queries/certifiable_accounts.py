"""Accounts that a certificate of deposit can prove, and where it would be sent."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Connection

from assistant.demo_bank import shown
from assistant.demo_bank.certificates import OF_AGE, available, certifiable
from assistant.demo_bank.customer import Customer
from assistant.demo_bank.holdings import account_label
from assistant.demo_bank.outcome import Answer


def answer(connection: Connection, customer: Customer, inputs: Mapping[str, str], locale: str) -> Answer:
    """Each with what is available in it."""
    del inputs
    if customer.age < OF_AGE:
        return Answer("underage")
    rows = certifiable(connection, customer)
    if not rows:
        return Answer("none")
    found = [_item(account_label(row, locale), shown.money(available(row), locale), row["id"], locale) for row in rows]
    return Answer("found", {"accounts": found, "address": str(customer.record["address"])})


def _item(label: str, money: str, account: str, locale: str) -> dict[str, str]:
    told = shown.choose(locale, f"{label}（可用{money}）", f"{label} ({money} available)")
    return {"id": account, "label": told, "also": label}
