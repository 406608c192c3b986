"""Cards that can be bound for quick payment."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Connection

from assistant.demo_bank.customer import Customer
from assistant.demo_bank.holdings import card_label
from assistant.demo_bank.outcome import Answer
from assistant.demo_bank.quick_payment import OF_AGE, all_cards, is_in_order


def answer(connection: Connection, customer: Customer, inputs: Mapping[str, str], locale: str) -> Answer:
    """Those in order, of both kinds."""
    del inputs
    if customer.age < OF_AGE:
        return Answer("underage")
    held = all_cards(connection, customer.id)
    kinds = {"debit": "借记卡|储蓄卡|debit card", "credit": "信用卡|credit card"}
    found = [
        {"id": card["id"], "label": card_label(card, locale), "also": kinds[card["kind"]]}
        for card in held
        if is_in_order(card)
    ]
    if found:
        return Answer("found", {"cards": found})
    return Answer("none" if held else "no_card")
