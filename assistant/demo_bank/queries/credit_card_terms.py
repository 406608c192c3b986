"""What one of the ten credit cards costs, and the annual income that it asks for."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Connection

from assistant.demo_bank import card_eligibility, shown
from assistant.demo_bank import inputs as given
from assistant.demo_bank.customer import Customer
from assistant.demo_bank.outcome import Answer


def answer(connection: Connection, customer: Customer, inputs: Mapping[str, str], locale: str) -> Answer:
    """The same for everyone."""
    del connection, customer
    card = card_eligibility.product(given.text(inputs, "card"))
    return Answer("found", {"annual_fee": card.fee(locale), "income_needed": shown.money(card.income * 100, locale)})
