"""What a customer has at the bank, named as customers name it: Ⅰ类户 尾号1234."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, select

from assistant.demo_bank import shown
from assistant.demo_bank.database.tables import accounts, cards

ROMAN = {"I": "Ⅰ", "II": "Ⅱ", "III": "Ⅲ"}


def account_label(row: Mapping[str, Any], locale: str) -> str:
    """Ⅱ类户 尾号1234, or `Class II account ending 1234`."""
    number = shown.card(row["number"], locale)
    if row["kind"] == "pension":
        return shown.choose(locale, f"个人养老金资金账户 {number}", f"pension account {number}")
    name = row["account_class"]
    return shown.choose(locale, f"{ROMAN[name]}类户 {number}", f"Class {name} account {number}")


def card_label(row: Mapping[str, Any], locale: str) -> str:
    """云杉借记卡 尾号1234, or `debit card ending 1234`."""
    name = shown.choose(locale, row["product"], f"{row['kind']} card")
    return f"{name} {shown.card(row['number'], locale)}"


def holdings(connection: Connection, customer: str, locale: str) -> list[dict[str, str]]:
    """Accounts and credit cards by the last four digits, which a debit card shares with its account."""
    open_accounts = select(accounts).where(accounts.c.customer == customer, accounts.c.status != "closed")
    credit = select(cards).where(cards.c.customer == customer, cards.c.kind == "credit", cards.c.status != "cancelled")
    found = [(row["number"], account_label(dict(row), locale)) for row in connection.execute(open_accounts).mappings()]
    found += [(row["number"], card_label(dict(row), locale)) for row in connection.execute(credit).mappings()]
    return [{"id": number[-4:], "label": label, "also": label.partition(" ")[0]} for number, label in found]
