"""The debit cards whose PIN may be reset."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Connection

from assistant.demo_bank import cards
from assistant.demo_bank.customer import Customer
from assistant.demo_bank.operations.change_phone import OF_AGE
from assistant.demo_bank.outcome import Answer


def answer(connection: Connection, customer: Customer, inputs: Mapping[str, str], locale: str) -> Answer:
    """Those that are lost or stopped too: why they cannot be reset is told when one is chosen."""
    del inputs
    if customer.age < OF_AGE:
        return Answer("underage")
    mine = [
        card for card in cards.of(connection, customer) if card["kind"] == "debit" and card["status"] != "cancelled"
    ]
    return Answer("found", {"cards": [cards.item(card, locale) for card in mine]}) if mine else Answer("none")
