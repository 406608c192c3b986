"""Lets a customer set a new PIN in the app; the old one and the lock of wrong tries are void from then on."""

from __future__ import annotations

import secrets
from collections.abc import Mapping

from sqlalchemy import Connection, insert, update

from assistant.demo_bank import cards as all_cards
from assistant.demo_bank import inputs as given
from assistant.demo_bank import shown
from assistant.demo_bank.customer import Customer
from assistant.demo_bank.database.tables import cards, password_resets
from assistant.demo_bank.operations.change_phone import OF_AGE
from assistant.demo_bank.outcome import BadInput, Ready, Refused, Value
from assistant.demo_bank.rules import stamp


def prepare(connection: Connection, customer: Customer, inputs: Mapping[str, str], locale: str) -> Ready | Refused:
    """A debit card of the customer's own that is neither lost nor stopped."""
    del locale  # a covered number reads the same in every language
    card = all_cards.find(connection, customer, given.text(inputs, "card"))
    if card is None or card["kind"] != "debit":
        raise BadInput("The input 'card' is none of the customer's debit cards.")
    if customer.age < OF_AGE:
        return Refused("underage")
    if card["status"] in ("lost", "frozen"):
        return Refused(str(card["status"]))
    return Ready({"phone_shown": shown.phone(customer.phone)})


def commit(connection: Connection, customer: Customer, inputs: Mapping[str, str], locale: str) -> Mapping[str, Value]:
    """The lock is lifted, and the app waits for the new PIN."""
    del locale  # the receipt says it all
    card = given.text(inputs, "card")
    connection.execute(update(cards).where(cards.c.id == card).values(password_locked=False))
    reset = {"id": f"pr-{secrets.token_hex(6)}", "customer": customer.id, "kind": "card", "at": stamp(customer.now)}
    connection.execute(insert(password_resets).values(reset))
    return {}
