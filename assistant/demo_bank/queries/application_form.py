"""A credit card application as the bank can fill it in: from the record, and from what was filled in before."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Connection

from assistant.demo_bank import card_drafts, card_eligibility, occupation, shown
from assistant.demo_bank import inputs as given
from assistant.demo_bank.customer import Customer
from assistant.demo_bank.outcome import Answer


def answer(connection: Connection, customer: Customer, inputs: Mapping[str, str], locale: str) -> Answer:
    """The draft goes before the record: it is what the customer said last."""
    card = card_eligibility.product(given.text(inputs, "card"))
    refused = card_eligibility.obstacle(connection, customer, card)
    if refused:
        youngest, oldest = card.ages
        ages = shown.choose(locale, f"{youngest}至{oldest}周岁", f"{youngest} to {oldest}")
        return Answer(refused, {"ages": ages} if refused == "age_of_card" else {})
    draft = card_drafts.latest(connection, customer)
    return Answer("ready", {**_of_record(customer), **_filled(draft.inputs if draft else {})})


def _of_record(customer: Customer) -> dict[str, str]:
    record, income = customer.record, customer.record["annual_income_fen"]
    return {
        "employer": record["employer"] or "",
        "occupation": occupation.of_record(record["occupation"]),
        "annual_income": f"{income / 100:.2f}" if income else "",
        "delivery_address": record["address"],
        "email": record["email"] or "",
    }


def _filled(draft: Mapping[str, str]) -> dict[str, str]:
    filled = {name: draft[name] for name in card_drafts.FIELDS if draft.get(name)}
    return filled | ({"occupation": occupation.of_record(filled["occupation"])} if "occupation" in filled else {})
