"""Who the customer is, what they have here, and what is open: for the bank's people, covered all the same."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Connection, func, select

from assistant.demo_bank import open_matters, products_held, shown, suitability
from assistant.demo_bank.customer import Customer
from assistant.demo_bank.database.tables import accounts, branches
from assistant.demo_bank.outcome import Answer

_GENDERS = {"女": "female", "男": "male"}
_ASSESSED = {"expired": "{level}（评估已过期）", "not_assessed": "未评估", None: "{level}"}
_ASSESSED_EN = {"expired": "{level} (assessment expired)", "not_assessed": "not assessed", None: "{level}"}


def answer(connection: Connection, customer: Customer, inputs: Mapping[str, str], locale: str) -> Answer:
    """The level stays as the record has it, since rules go by it."""
    del inputs
    record = customer.record
    assessed = (_ASSESSED_EN if shown.is_english(locale) else _ASSESSED)[suitability.assessment(customer)]
    values = {
        "name": shown.name(shown.choose(locale, record["name"], record["name_en"])),
        "age": str(customer.age),
        "gender": shown.choose(locale, record["gender"], _GENDERS[record["gender"]]),
        "level": str(record["level"]),
        "risk_level": assessed.format(level=record["risk_level"]),
        "branch": _branch(connection, customer, locale),
        "phone": shown.phone(customer.phone),
        "since": _since(connection, customer, locale),
    }
    held = products_held.of(connection, customer, locale)
    return Answer("found", values | {"products": held, "open_matters": open_matters.of(connection, customer, locale)})


def _branch(connection: Connection, customer: Customer, locale: str) -> str:
    name = str(customer.record["branch"])
    english = connection.scalar(select(branches.c.name_en).where(branches.c.name == name))
    return shown.choose(locale, name, english or name)


def _since(connection: Connection, customer: Customer, locale: str) -> str:
    first = connection.scalar(select(func.min(accounts.c.opened_on)).where(accounts.c.customer == customer.id))
    return shown.day(first, locale) if first else ""
