"""Lifts the report of a lost card; what was reported formally, replaced or has lapsed is not lifted here."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Connection, update

from assistant.demo_bank import cards, shown
from assistant.demo_bank import inputs as given
from assistant.demo_bank.customer import Customer
from assistant.demo_bank.database import tables
from assistant.demo_bank.outcome import Ready, Refused, Value


def prepare(connection: Connection, customer: Customer, inputs: Mapping[str, str], locale: str) -> Ready | Refused:
    """A report by word of mouth that holds, of a card that has not been replaced."""
    own = cards.of(connection, customer)
    card = next((card for card in own if card["id"] == given.text(inputs, "card")), None)
    if card is None or card["status"] != "lost":
        return Refused("not_reported")
    refused = _obstacle(card, own, customer)
    return Refused(refused) if refused else Ready({"reported_on": shown.day(card["lost_at"], locale)})


def commit(connection: Connection, customer: Customer, inputs: Mapping[str, str], locale: str) -> Mapping[str, Value]:
    """As the card was before: a credit card that never was activated is not so now."""
    del locale
    card = cards.find(connection, customer, given.text(inputs, "card")) or {}
    usable = card["kind"] == "debit" or card["activated_on"]
    change = {"status": "normal" if usable else "not_activated", "lost_at": None, "lost_until": None}
    table = tables.cards
    connection.execute(update(table).where(table.c.id == card["id"]).values(change))
    return {}


def _obstacle(card: cards.Row, own: list[cards.Row], customer: Customer) -> str | None:
    if cards.lapsed(card, customer):
        return "lapsed"
    if card["kind"] == "debit" and not card["lost_until"]:
        return "formal"
    return "replaced" if cards.is_replaced(card, own) else None
