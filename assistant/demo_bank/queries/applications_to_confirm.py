"""The approved applications that wait for the customer, or those that waited too long."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Connection

from assistant.demo_bank import card_applications as applications
from assistant.demo_bank import shown
from assistant.demo_bank.customer import Customer
from assistant.demo_bank.outcome import Answer


def answer(connection: Connection, customer: Customer, inputs: Mapping[str, str], locale: str) -> Answer:
    """An application may be confirmed up to the day that was told at its approval."""
    del inputs
    own = applications.of(connection, customer)
    for outcome, name, wanted in (("found", "awaiting", "awaiting_confirmation"), ("expired", "passed", "expired")):
        items = [_item(one, customer, locale) for one in own if applications.status(one, customer) == wanted]
        if items:
            return Answer(outcome, {name: items})
    return Answer("none")


def _item(application: applications.Row, customer: Customer, locale: str) -> dict[str, str]:
    until = shown.day(application["needs_confirmation_until"], locale)
    return applications.item(application, customer, locale) | {"until": until}
