"""Books the recording that a sale at a branch needs; nothing is bought by it."""

from __future__ import annotations

import secrets
from collections.abc import Mapping

from sqlalchemy import Connection, insert, select

from assistant.demo_bank import inputs as given
from assistant.demo_bank import suitability, timetable
from assistant.demo_bank.customer import Customer
from assistant.demo_bank.database.tables import recordings
from assistant.demo_bank.outcome import Ready, Refused, Value
from assistant.demo_bank.queries.product_suitability import note
from assistant.demo_bank.rules import stamp


def prepare(connection: Connection, customer: Customer, inputs: Mapping[str, str], locale: str) -> Ready | Refused:
    """The product fits the customer, the branch is open, and the hour is free."""
    wanted, place, day = (
        suitability.product(connection, inputs),
        timetable.branch(connection, inputs),
        timetable.day(inputs),
    )
    refused = suitability.obstacle(customer, wanted) or timetable.obstacle(place, day, customer.today)
    if refused:
        return Refused(refused)
    mine = (recordings.c.customer == customer.id, recordings.c.product == wanted["code"])
    if connection.scalar(select(recordings.c.id).where(*mine, recordings.c.status == "booked")) is not None:
        return Refused("already_booked")
    if given.text(inputs, "time") not in timetable.free(connection, recordings, place, day, customer):
        return Refused("taken")
    review = "reviewed" if suitability.needs_review(customer, wanted) else "not_reviewed"
    return Ready({"address": place["address"], "branch_phone": place["phone"], "review": note(review, locale)})


def commit(connection: Connection, customer: Customer, inputs: Mapping[str, str], locale: str) -> Mapping[str, Value]:
    """The booking, with a number for the door."""
    del locale  # the number reads the same in every language
    wanted = suitability.product(connection, inputs)
    number = timetable.number(connection, recordings, "SL", customer.now)
    row = {"id": f"sl-{secrets.token_hex(6)}", "customer": customer.id, "number": number, "status": "booked"}
    row |= {"branch": given.text(inputs, "branch"), "day": timetable.day(inputs).isoformat(), "product": wanted["code"]}
    row |= {"slot": given.text(inputs, "time"), "booked_at": stamp(customer.now)}
    connection.execute(insert(recordings).values(row | {"needs_review": suitability.needs_review(customer, wanted)}))
    return {"number": number}
