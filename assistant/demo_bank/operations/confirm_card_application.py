"""Accepts an approved credit card: the bank then makes it and sends it to the address confirmed."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Connection, update

from assistant.demo_bank import card_applications as applications
from assistant.demo_bank import credit_card, shown
from assistant.demo_bank import inputs as given
from assistant.demo_bank.customer import Customer
from assistant.demo_bank.database import tables
from assistant.demo_bank.outcome import Ready, Refused, Value

_NOTE = {"note_zh": "已确认，准备制卡。", "note_en": "Confirmed; the card is being made."}


def prepare(connection: Connection, customer: Customer, inputs: Mapping[str, str], locale: str) -> Ready | Refused:
    """An application that waits, up to its last day."""
    given.text(inputs, "delivery_address")
    found = applications.find(connection, customer, given.text(inputs, "application"))
    if found is None or not applications.awaits(found, customer):
        expired = found is not None and applications.status(found, customer) == "expired"
        return Refused("expired" if expired else "not_awaiting")
    limit = shown.money(found["approved_limit_fen"], locale)
    return Ready({"product": credit_card.label(found["product"], locale), "approved_limit": limit})


def commit(connection: Connection, customer: Customer, inputs: Mapping[str, str], locale: str) -> Mapping[str, Value]:
    """Approved for good, with the address that the customer confirmed."""
    del locale
    table = tables.applications
    own = (table.c.id == given.text(inputs, "application"), table.c.customer == customer.id)
    change = {"status": "approved", "delivery_address": given.text(inputs, "delivery_address"), **_NOTE}
    connection.execute(update(table).where(*own).values(change))
    return {}
