"""The newest credit card application that was begun and not submitted."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Connection

from assistant.demo_bank import card_drafts, credit_card, shown
from assistant.demo_bank.customer import Customer
from assistant.demo_bank.outcome import Answer
from assistant.demo_bank.queries.matching_cards import item


def answer(connection: Connection, customer: Customer, inputs: Mapping[str, str], locale: str) -> Answer:
    """Which card it is for, as something to choose, and when it was filled in."""
    del inputs
    draft = card_drafts.latest(connection, customer)
    card = credit_card.by_name(draft.product) if draft else None
    if draft is None or card is None:
        return Answer("none")
    values = {"draft_card": card.label(locale), "draft_saved": shown.day(draft.saved_at, locale), "card": card.id}
    return Answer("kept", {**values, "cards": [item(card, locale)]})
