"""The hours that can be booked for a recording at a branch on a day."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Connection

from assistant.demo_bank import timetable
from assistant.demo_bank.customer import Customer
from assistant.demo_bank.database.tables import recordings
from assistant.demo_bank.outcome import Answer


def answer(connection: Connection, customer: Customer, inputs: Mapping[str, str], locale: str) -> Answer:
    """Those that are still to come and not booked."""
    del locale
    place, wanted = timetable.branch(connection, inputs), timetable.day(inputs)
    refused = timetable.obstacle(place, wanted, customer.today)
    if refused:
        return Answer(refused)
    free = timetable.free(connection, recordings, place, wanted, customer)
    items = [{"id": slot, "label": slot, "also": timetable.spoken(slot)} for slot in free]
    return Answer("free", {"hours": items}) if items else Answer("full")
