"""The branches where a business is done."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Connection, select

from assistant.demo_bank import inputs as given
from assistant.demo_bank import shown
from assistant.demo_bank.customer import Customer
from assistant.demo_bank.database.tables import branches
from assistant.demo_bank.operations.book_branch_visit import offers
from assistant.demo_bank.outcome import Answer
from assistant.demo_bank.timetable import Row

BANK = "云杉银行"


def answer(connection: Connection, customer: Customer, inputs: Mapping[str, str], locale: str) -> Answer:
    """All of them, the customer's own first."""
    name = given.text(inputs, "business")
    rows = [dict(row) for row in connection.execute(select(branches)).mappings() if offers(dict(row), name)]
    rows.sort(key=lambda row: row["name"] != customer.record["branch"])
    return Answer("found", {"branches": [item(row, locale) for row in rows]})


def item(row: Row, locale: str) -> dict[str, str]:
    """A branch to choose."""
    short = row["name"].removeprefix(BANK)
    district = row["address"].partition("市")[2].partition("区")[0]
    names = (row["name"], short, row["name_en"], short.removeprefix(row["city"]), row["city"], row["city_en"], district)
    return {"id": row["name"], "label": shown.choose(locale, short, row["name_en"]), "also": "|".join(names)}
