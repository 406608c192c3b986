"""The products that a customer may hear about."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Connection, select

from assistant.demo_bank import shown, suitability
from assistant.demo_bank.customer import Customer
from assistant.demo_bank.database.tables import products
from assistant.demo_bank.outcome import Answer


def answer(connection: Connection, customer: Customer, inputs: Mapping[str, str], locale: str) -> Answer:
    """A private product is named to nobody for whom it is not."""
    del inputs
    refused = suitability.assessment(customer)
    if refused:
        return Answer(refused)
    rows = [dict(row) for row in connection.execute(select(products).order_by(products.c.risk_level)).mappings()]
    told = [row for row in rows if not row["private"] or suitability.obstacle(customer, row) is None]
    return Answer("found", {"products": [_item(row, locale) for row in told]})


def _item(row: suitability.Row, locale: str) -> dict[str, str]:
    name = shown.choose(locale, row["name"], row["name_en"])
    also = (row["name"], row["name"].removeprefix("云杉·"), row["name_en"], row["code"])
    return {"id": row["code"], "label": f"{name} {row['risk_level']}", "also": "|".join(also)}
