"""Lets a customer set a new U-key password in the app; the old one and the lock of wrong tries are void from then on."""

from __future__ import annotations

import secrets
from collections.abc import Mapping

from sqlalchemy import Connection, insert, select, update

from assistant.demo_bank import inputs as given
from assistant.demo_bank import shown
from assistant.demo_bank.customer import Customer
from assistant.demo_bank.database.tables import password_resets, ukeys
from assistant.demo_bank.outcome import BadInput, Ready, Refused, Value
from assistant.demo_bank.rules import stamp


def prepare(connection: Connection, customer: Customer, inputs: Mapping[str, str], locale: str) -> Ready | Refused:
    """A U-key of the customer's own that is neither lost nor expired; one that is not locked is not unlocked."""
    del locale  # a covered number reads the same in every language
    mine = (ukeys.c.customer == customer.id, ukeys.c.id == given.text(inputs, "ukey"))
    row = connection.execute(select(ukeys).where(*mine)).mappings().one_or_none()
    if row is None:
        raise BadInput("The input 'ukey' is none of the customer's.")
    if row["status"] == "lost":
        return Refused("lost")
    if row["status"] == "expired" or row["expires_on"] < customer.today.isoformat():
        return Refused("expired")
    if given.text(inputs, "reason") == "locked" and row["status"] != "locked":
        return Refused("not_locked")
    return Ready({"phone_shown": shown.phone(customer.phone)})


def commit(connection: Connection, customer: Customer, inputs: Mapping[str, str], locale: str) -> Mapping[str, Value]:
    """The lock is lifted, and the app waits for the new password."""
    del locale  # the receipt says it all
    mine = update(ukeys).where(ukeys.c.id == given.text(inputs, "ukey"))
    connection.execute(mine.values(status="normal", wrong_attempts=0))
    reset = {"id": f"pr-{secrets.token_hex(6)}", "customer": customer.id, "kind": "ukey", "at": stamp(customer.now)}
    connection.execute(insert(password_resets).values(reset))
    return {}
