"""What a customer has filled in of a credit card application and not submitted.

A form that was prepared and never committed is kept as a draft for 30 days, beside those in the table of drafts.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import Connection, select

from assistant.demo_bank import credit_card
from assistant.demo_bank.customer import Customer
from assistant.demo_bank.database import tables
from assistant.demo_bank.rules import moment

KEPT = timedelta(days=30)
FIELDS = ("employer", "occupation", "annual_income", "delivery_address", "email")


@dataclass(frozen=True)
class Draft:
    """A form not submitted; `product` is the card's name, `inputs` what was filled in."""

    product: str
    inputs: Mapping[str, str]
    saved_at: str
    expires_on: str


def latest(connection: Connection, customer: Customer) -> Draft | None:
    """The newest that is still kept, and is newer than the newest application for the same card."""
    drafts = [*_saved(connection, customer), *_prepared(connection, customer)]
    kept = [draft for draft in drafts if draft.expires_on >= customer.today.isoformat()]
    newest = max(kept, key=lambda draft: draft.saved_at, default=None)
    return newest if newest and not _submitted(connection, customer, newest) else None


def _saved(connection: Connection, customer: Customer) -> list[Draft]:
    table = tables.application_drafts
    rows = connection.execute(select(table).where(table.c.customer == customer.id)).mappings()
    return [Draft(row["product"], json.loads(row["inputs"]), row["saved_at"], row["expires_on"]) for row in rows]


def _prepared(connection: Connection, customer: Customer) -> list[Draft]:
    table = tables.operations
    own = (table.c.customer == customer.id, table.c.name == "apply_credit_card", table.c.status != "done")
    rows = connection.execute(select(table).where(*own)).mappings()
    found = []
    for row in rows:
        inputs = json.loads(row["inputs"])
        card = credit_card.by_id(inputs.get("card", ""))
        if card:
            filled = {name: inputs[name] for name in FIELDS if inputs.get(name)}
            until = (moment(row["prepared_at"]) + KEPT).date().isoformat()
            found.append(Draft(card.name, filled, row["prepared_at"], until))
    return found


def _submitted(connection: Connection, customer: Customer, draft: Draft) -> bool:
    table = tables.applications
    later = (table.c.customer == customer.id, table.c.product == draft.product, table.c.submitted_at >= draft.saved_at)
    return connection.scalar(select(table.c.id).where(*later)) is not None
