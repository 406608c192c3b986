"""Reports a card lost: it stops paying at once, a debit card for five days."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from sqlalchemy import Connection, update

from assistant.demo_bank import cards, credit_card, shown
from assistant.demo_bank import inputs as given
from assistant.demo_bank.customer import Customer
from assistant.demo_bank.database import tables
from assistant.demo_bank.outcome import Ready, Refused, Value
from assistant.demo_bank.rules import stamp

LASTS = timedelta(days=5)
"""How long a report by word of mouth blocks a debit card."""


def prepare(connection: Connection, customer: Customer, inputs: Mapping[str, str], locale: str) -> Ready | Refused:
    """A card that is not blocked already, and that could pay."""
    card = cards.find(connection, customer, given.text(inputs, "card"))
    if card is None:
        return Refused("not_blockable")
    if cards.is_lost(card, customer):
        return Refused("already_reported")
    if not cards.can_be_reported(card, customer):
        return Refused("not_blockable")
    return Ready({"effect": _text("effect", card["kind"], locale), "fee": _fee(card, locale)})


def commit(connection: Connection, customer: Customer, inputs: Mapping[str, str], locale: str) -> Mapping[str, Value]:
    """Blocked from now on; a credit card until it is replaced or the report is lifted."""
    card = cards.find(connection, customer, given.text(inputs, "card")) or {}
    debit = card["kind"] == "debit"
    change: dict[str, str | None] = {"status": "lost", "lost_at": stamp(customer.now)}
    change["lost_until"] = stamp(customer.now + LASTS) if debit else None
    table = tables.cards
    connection.execute(update(table).where(table.c.id == card["id"]).values(change))
    product = credit_card.by_name(card["product"])
    replaced = _yuan(product.replacement_fee if product else credit_card.REPLACEMENT_FEE, locale)
    return {"next_steps": _text("next_steps", card["kind"], locale).replace("{fee}", replaced)}


def _fee(card: cards.Row, locale: str) -> str:
    product = credit_card.by_name(card["product"])
    if card["kind"] == "debit":
        return _yuan(0, locale)
    return _yuan(product.lost_fee if product else credit_card.LOST_FEE, locale)


def _yuan(amount: int, locale: str) -> str:
    free = _texts()["free"]
    return shown.money(amount * 100, locale) if amount else shown.choose(locale, free["zh"], free["en"])


def _text(what: str, kind: str, locale: str) -> str:
    text = _texts()[what][kind]
    return shown.choose(locale, text["zh"], text["en"])


@cache
def _texts() -> dict[str, Any]:
    read: dict[str, Any] = yaml.safe_load(Path(__file__).with_suffix(".yaml").read_text(encoding="utf-8"))
    return read
