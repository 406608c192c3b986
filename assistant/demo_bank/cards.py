"""A customer's cards: which are lost and which can be reported so."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, select

from assistant.demo_bank import credit_card
from assistant.demo_bank.customer import Customer
from assistant.demo_bank.database import tables
from assistant.demo_bank.holdings import card_label
from assistant.demo_bank.rules import moment

Row = Mapping[str, Any]
BLOCKABLE = frozenset({"normal", "not_activated"})
"""A frozen card is stopped already, and lifting the report must not set it free."""
_DEBIT = "借记卡|储蓄卡|工资卡|debit|debit card"


def of(connection: Connection, customer: Customer) -> list[Row]:
    """All cards, in the order in which the bank lists them."""
    table = tables.cards
    rows = connection.execute(select(table).where(table.c.customer == customer.id).order_by(table.c.id)).mappings()
    return [dict(row) for row in rows]


def find(connection: Connection, customer: Customer, id_: str) -> Row | None:
    """One of the customer's own cards."""
    return next((row for row in of(connection, customer) if row["id"] == id_), None)


def lapsed(card: Row, customer: Customer) -> bool:
    """Whether a report by word of mouth has run out, which makes the card usable again."""
    return card["status"] == "lost" and bool(card["lost_until"]) and moment(card["lost_until"]) <= customer.now


def is_lost(card: Row, customer: Customer) -> bool:
    """Whether a report holds at this moment."""
    return card["status"] == "lost" and not lapsed(card, customer)


def can_be_reported(card: Row, customer: Customer) -> bool:
    """Whether there is something to block."""
    return card["status"] in BLOCKABLE or lapsed(card, customer)


def is_replaced(card: Row, cards: list[Row]) -> bool:
    """Whether a newer credit card has taken its place."""
    return card["kind"] == "credit" and any(
        other["product"] == card["product"] and (other["issued_on"] or "") >= (card["lost_at"] or "9")[:10]
        for other in cards
        if other["id"] != card["id"]
    )


def item(card: Row, locale: str) -> dict[str, str]:
    """A card to choose."""
    return {"id": card["id"], "label": card_label(card, locale), "also": _also(card)}


def _also(card: Row) -> str:
    """借记卡 and 信用卡 tell the two kinds apart, and a product's short names the credit cards."""
    if card["kind"] == "debit":
        return _DEBIT
    product = credit_card.by_name(card["product"])
    return "|".join(["信用卡", "credit card", *(product.about["also"] if product else ())])
