"""Every credit card application of a customer, and what was begun and not submitted."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Connection

from assistant.demo_bank import card_applications, card_drafts, credit_card, shown
from assistant.demo_bank.customer import Customer
from assistant.demo_bank.outcome import Answer


def answer(connection: Connection, customer: Customer, inputs: Mapping[str, str], locale: str) -> Answer:
    """The newest first, and the draft before all of them."""
    del inputs
    draft = card_drafts.latest(connection, customer)
    items = [_draft(draft, locale)] if draft else []
    items += [card_applications.item(one, customer, locale) for one in card_applications.of(connection, customer)]
    return Answer("found", {"applications": items}) if items else Answer("none")


def _draft(draft: card_drafts.Draft, locale: str) -> dict[str, str]:
    saved, until = shown.day(draft.saved_at, locale), shown.day(draft.expires_on, locale)
    return {
        "id": "draft",
        "label": credit_card.label(draft.product, locale),
        "state": card_applications.text("state", "draft", locale),
        "since": shown.choose(locale, f"{saved}填写", f"filled in on {saved}"),
        "next": card_applications.text("next", "draft", locale).format(until=until),
    }
