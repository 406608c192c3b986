"""The demo's own view of the bank: who its customers are, what it has on file, and what their phones show."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter
from sqlalchemy import select

from assistant.demo_bank import shown
from assistant.demo_bank.customer import load
from assistant.demo_bank.database.tables import customers, metadata, outbox
from assistant.demo_bank.desk import AtDesk

router = APIRouter(tags=["demo only"])
_SECRET = frozenset({"digest", "code"})


@router.get("/v1/customers")
def everyone(desk: AtDesk) -> list[dict[str, object]]:
    """All customers, with what each is good for trying: `[{id, name, name_en, phone, story: {zh, en}}]`."""
    with desk.store.reading() as connection:
        rows = connection.execute(select(customers).order_by(customers.c.id)).mappings().all()
    return [
        {name: row[name] for name in ("id", "name", "name_en")}
        | {"phone": shown.phone(row["phone"]), "story": {"zh": row["story_zh"], "en": row["story_en"]}}
        for row in rows
    ]


@router.get("/v1/customers/{customer}")
def record(customer: str, desk: AtDesk) -> dict[str, list[dict[str, Any]]]:
    """The whole record as the bank has it now: the customer's rows of every table, by the table's name."""
    with desk.store.reading() as connection:
        found = {"customers": [dict(load(connection, customer, desk.rules.now()).record)]}
        for table in metadata.sorted_tables:
            if "customer" in table.c:
                rows = connection.execute(select(table).where(table.c.customer == customer)).mappings()
                found[table.name] = [{key: row[key] for key in row if key not in _SECRET} for row in rows]
    return found


@router.get("/v1/customers/{customer}/codes")
def codes(customer: str, desk: AtDesk) -> list[dict[str, str]]:
    """The codes sent to the customer, newest first: `[{phone, code, purpose, at}]`."""
    sent = select(outbox.c.phone, outbox.c.code, outbox.c.purpose, outbox.c.at)
    with desk.store.reading() as connection:
        load(connection, customer, desk.rules.now())
        rows = connection.execute(sent.where(outbox.c.customer == customer).order_by(outbox.c.id.desc())).mappings()
        return [dict(row) | {"phone": shown.phone(row["phone"])} for row in rows]
