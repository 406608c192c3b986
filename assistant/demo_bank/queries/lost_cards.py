"""The cards that stand as lost, those whose report has lapsed among them."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Connection

from assistant.demo_bank import cards, shown
from assistant.demo_bank.customer import Customer
from assistant.demo_bank.outcome import Answer


def answer(connection: Connection, customer: Customer, inputs: Mapping[str, str], locale: str) -> Answer:
    """Whether a report can be lifted is told when one is chosen."""
    del inputs
    lost = [card for card in cards.of(connection, customer) if card["status"] == "lost"]
    items = [cards.item(card, locale) | {"since": shown.day(card["lost_at"], locale)} for card in lost]
    return Answer("found", {"lost": items}) if items else Answer("none")
