"""The cards that can be reported lost, beside those that are already."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Connection

from assistant.demo_bank import cards, shown
from assistant.demo_bank.customer import Customer
from assistant.demo_bank.outcome import Answer, Value


def answer(connection: Connection, customer: Customer, inputs: Mapping[str, str], locale: str) -> Answer:
    """Every card but those that are expired, cancelled or frozen."""
    del inputs
    own = cards.of(connection, customer)
    free = [cards.item(card, locale) for card in own if cards.can_be_reported(card, customer)]
    lost = [cards.item(card, locale) | {"until": _until(card, locale)} for card in own if cards.is_lost(card, customer)]
    values: dict[str, Value] = {"cards": free} if free else {}
    if lost:
        values["reported"] = lost
    return Answer(_OUTCOMES[bool(free), bool(lost)], values)


_OUTCOMES = {
    (True, False): "found",
    (True, True): "some_reported",
    (False, True): "all_reported",
    (False, False): "no_card",
}


def _until(card: cards.Row, locale: str) -> str:
    if not card["lost_until"]:
        return shown.choose(locale, "挂失有效", "blocked")
    day = shown.day(card["lost_until"], locale)
    return shown.choose(locale, f"口头挂失有效期至{day}", f"blocked until {day}")
