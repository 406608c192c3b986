"""Declines an approved credit card: no card is made."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Connection, update

from assistant.demo_bank import card_applications as applications
from assistant.demo_bank import credit_card
from assistant.demo_bank import inputs as given
from assistant.demo_bank.customer import Customer
from assistant.demo_bank.database import tables
from assistant.demo_bank.outcome import Ready, Refused, Value

_NOTE = {"note_zh": "客户放弃申领。", "note_en": "Declined by the customer."}


def prepare(connection: Connection, customer: Customer, inputs: Mapping[str, str], locale: str) -> Ready | Refused:
    """An application that waits for the customer."""
    found = applications.find(connection, customer, given.text(inputs, "application"))
    if found is None or not applications.awaits(found, customer):
        return Refused("not_awaiting")
    return Ready({"product": credit_card.label(found["product"], locale)})


def commit(connection: Connection, customer: Customer, inputs: Mapping[str, str], locale: str) -> Mapping[str, Value]:
    """Withdrawn, once and for all."""
    del locale
    table = tables.applications
    own = (table.c.id == given.text(inputs, "application"), table.c.customer == customer.id)
    connection.execute(update(table).where(*own).values(status="withdrawn", **_NOTE))
    return {}
