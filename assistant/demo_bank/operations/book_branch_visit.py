"""Books an hour at a branch for a customer who comes in person."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from sqlalchemy import Connection, insert, select

from assistant.demo_bank import inputs as given
from assistant.demo_bank import shown, timetable
from assistant.demo_bank.customer import Customer
from assistant.demo_bank.database.tables import visits
from assistant.demo_bank.outcome import BadInput, Ready, Refused, Value
from assistant.demo_bank.rules import stamp


def prepare(connection: Connection, customer: Customer, inputs: Mapping[str, str], locale: str) -> Ready | Refused:
    """The branch does this business and is open, and the hour is free."""
    place, wanted = timetable.branch(connection, inputs), timetable.day(inputs)
    if not offers(place, given.text(inputs, "business")):
        return Refused("not_offered")
    refused = obstacle(place, customer, inputs)
    if refused:
        return Refused(refused)
    if given.text(inputs, "time") not in timetable.free(connection, visits, place, wanted, customer):
        return Refused("taken")
    mine = (visits.c.customer == customer.id, visits.c.day == wanted.isoformat(), visits.c.status == "booked")
    if connection.scalar(select(visits.c.id).where(*mine)) is not None:
        return Refused("already_booked")
    bring = business(inputs)["bring"]
    told = {"address": place["address"], "branch_phone": place["phone"]}
    return Ready(told | {"bring": shown.choose(locale, bring["zh"], bring["en"])})


def commit(connection: Connection, customer: Customer, inputs: Mapping[str, str], locale: str) -> Mapping[str, Value]:
    """The visit, with a number for the door."""
    del locale  # the number reads the same in every language
    number = timetable.number(connection, visits, "YY", customer.now)
    row = {"id": f"yy-{secrets.token_hex(6)}", "customer": customer.id, "number": number, "status": "booked"}
    row |= {"branch": given.text(inputs, "branch"), "day": timetable.day(inputs).isoformat()}
    row |= {"slot": given.text(inputs, "time"), "business": business(inputs)["name"]["zh"]}
    connection.execute(insert(visits).values(row | {"booked_at": stamp(customer.now)}))
    return {"number": number}


def business(inputs: Mapping[str, str]) -> Mapping[str, Any]:
    """The business that the input names."""
    found: Mapping[str, Any] | None = _businesses().get(given.text(inputs, "business"))
    if found is None:
        raise BadInput("The input 'business' is none of the bank's.")
    return found


def business_name(stored: str, locale: str) -> str:
    """A business of the record in the customer's language; one that is none of these stays as it is."""
    english = {told["name"]["zh"]: told["name"]["en"] for told in _businesses().values()}
    return shown.choose(locale, stored, english.get(stored, stored))


def offers(place: timetable.Row, name: str) -> bool:
    """Whether a branch does this business."""
    needed = business({"business": name}).get("service")
    return needed is None or needed in place["services"] or (needed == "保管箱" and bool(place["safe_boxes"]))


def obstacle(place: timetable.Row, customer: Customer, inputs: Mapping[str, str]) -> str | None:
    """Why nobody can come on that day for this."""
    wanted = timetable.day(inputs)
    found = timetable.obstacle(place, wanted, customer.today)
    if found is None and given.text(inputs, "business") == "cash" and not timetable.is_ahead(wanted, customer.today):
        return "too_soon"
    return found


@cache
def _businesses() -> Mapping[str, Any]:
    content: Mapping[str, Any] = yaml.safe_load(Path(__file__).with_suffix(".yaml").read_text(encoding="utf-8"))
    return content
