"""Whether a product fits a customer, and what must be told about it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

import yaml
from sqlalchemy import Connection

from assistant.demo_bank import shown, suitability
from assistant.demo_bank.customer import Customer
from assistant.demo_bank.outcome import Answer


def answer(connection: Connection, customer: Customer, inputs: Mapping[str, str], locale: str) -> Answer:
    """Risk levels, term, minimum and what the law has told besides."""
    wanted = suitability.product(connection, inputs)
    refused = suitability.obstacle(customer, wanted)
    levels = {"product_risk": wanted["risk_level"], "customer_risk": customer.record["risk_level"]}
    if refused:
        return Answer(refused, levels if refused == "unsuitable" else {})
    told = {"term": shown.choose(locale, wanted["term"], wanted["term_en"])}
    told |= {"minimum": shown.money(wanted["minimum_fen"], locale), "notes": _notes(customer, wanted, locale)}
    return Answer("suitable", levels | told)


def note(name: str, locale: str) -> str:
    """A sentence of the file beside this one."""
    told = _told()[name]
    return shown.choose(locale, told["zh"], told["en"])


def _notes(customer: Customer, wanted: suitability.Row, locale: str) -> str:
    names = ["elder"] if suitability.needs_review(customer, wanted) else []
    names += ["private"] if wanted["private"] else []
    return "\n".join(f"- {note(name, locale)}" for name in (*names, "papers"))


@cache
def _told() -> Mapping[str, Mapping[str, str]]:
    content: Mapping[str, Mapping[str, str]] = yaml.safe_load(
        Path(__file__).with_suffix(".yaml").read_text(encoding="utf-8")
    )
    return content
