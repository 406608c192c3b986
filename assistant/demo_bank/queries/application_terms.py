"""What was approved in one application that waits for the customer."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Connection

from assistant.demo_bank import card_applications as applications
from assistant.demo_bank import credit_card, shown
from assistant.demo_bank import inputs as given
from assistant.demo_bank.customer import Customer
from assistant.demo_bank.outcome import Answer


def answer(connection: Connection, customer: Customer, inputs: Mapping[str, str], locale: str) -> Answer:
    """The limit, the fee, where the card goes and until when it may be confirmed."""
    found = applications.find(connection, customer, given.text(inputs, "application"))
    if found is None or not applications.awaits(found, customer):
        return Answer("gone")
    card = credit_card.by_name(found["product"])
    values = {
        "product": credit_card.label(found["product"], locale),
        "approved_limit": shown.money(found["approved_limit_fen"], locale),
        "annual_fee": card.fee(locale) if card else "",
        "delivery_address": found["delivery_address"] or customer.record["address"],
        "confirm_by": shown.day(found["needs_confirmation_until"], locale),
    }
    return Answer("found", values)
