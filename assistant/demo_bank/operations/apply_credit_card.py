"""Submits an application for a credit card; a form that is prepared and never committed is kept as a draft."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from sqlalchemy import Connection, delete, func, insert, select

from assistant.demo_bank import card_eligibility, occupation
from assistant.demo_bank import inputs as given
from assistant.demo_bank.credit_card import CreditCard
from assistant.demo_bank.customer import Customer
from assistant.demo_bank.database import tables
from assistant.demo_bank.outcome import Ready, Refused, Value
from assistant.demo_bank.rules import stamp

_NOTE = {
    "note_zh": "已提交，自资料齐全之日起5个工作日内办结。",
    "note_en": "Submitted; decided within 5 working days once the papers are complete.",
}


def prepare(connection: Connection, customer: Customer, inputs: Mapping[str, str], locale: str) -> Ready | Refused:
    """Whoever may have the card, works and earns enough."""
    card = card_eligibility.product(given.text(inputs, "card"))
    refused = card_eligibility.obstacle(connection, customer, card) or _of_form(card, inputs)
    return Refused(refused) if refused else Ready({"annual_fee": card.fee(locale)})


def commit(connection: Connection, customer: Customer, inputs: Mapping[str, str], locale: str) -> Mapping[str, Value]:
    """One application more, and no draft for this card any longer."""
    del locale
    card = card_eligibility.product(given.text(inputs, "card"))
    number = _number(connection, customer)
    row = {"id": number, "customer": customer.id, "product": card.name, "status": "submitted", **_NOTE}
    row |= {"submitted_at": stamp(customer.now), "phone": customer.phone}
    connection.execute(insert(tables.applications).values(row | _form(customer, inputs)))
    drafts = tables.application_drafts
    connection.execute(delete(drafts).where(drafts.c.customer == customer.id, drafts.c.product == card.name))
    return {"application_number": number}


def _of_form(card: CreditCard, inputs: Mapping[str, str]) -> str | None:
    for name in ("employer", "delivery_address"):
        given.text(inputs, name)
    if given.text(inputs, "occupation") == card_eligibility.STUDENT:
        return "student"
    return "income" if card_eligibility.earns_too_little(card, given.text(inputs, "annual_income")) else None


def _form(customer: Customer, inputs: Mapping[str, str]) -> dict[str, object]:
    """The form as the bank keeps it."""
    return {
        "employer": given.text(inputs, "employer"),
        "occupation": occupation.recorded(given.text(inputs, "occupation"), customer.record["occupation"]),
        "annual_income_fen": int(Decimal(given.text(inputs, "annual_income")) * 100),
        "delivery_address": given.text(inputs, "delivery_address"),
    }


def _number(connection: Connection, customer: Customer) -> str:
    """Such as SQ20261122000008; the caller holds the only right to write, so the count is nobody else's."""
    earlier = connection.scalar(select(func.count()).select_from(tables.applications)) or 0
    return f"SQ{customer.now:%Y%m%d}{earlier + 1:06d}"
