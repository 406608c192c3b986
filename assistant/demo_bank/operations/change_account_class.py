"""Lowers the class of an account, at once."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Connection, update

from assistant.demo_bank import inputs as given
from assistant.demo_bank import shown
from assistant.demo_bank.account_classes import CLASSES, changeable, obstacle
from assistant.demo_bank.customer import Customer
from assistant.demo_bank.database.tables import accounts
from assistant.demo_bank.holdings import ROMAN
from assistant.demo_bank.outcome import BadInput, Ready, Refused, Value


def prepare(connection: Connection, customer: Customer, inputs: Mapping[str, str], locale: str) -> Ready | Refused:
    """Only downwards; upwards a person must look at the customer."""
    wanted = given.text(inputs, "account")
    account = next((row for row in changeable(connection, customer.id) if row["id"] == wanted), None)
    refusal = obstacle(connection, customer, account, _target(inputs))
    if refusal or account is None:
        return Refused(refusal or "blocked")
    old = account["account_class"]
    return Ready({"old_class": shown.choose(locale, f"{ROMAN[old]}类户", f"Class {old}")})


def commit(connection: Connection, customer: Customer, inputs: Mapping[str, str], locale: str) -> Mapping[str, Value]:
    """The account has its new class."""
    del locale
    mine = update(accounts).where(accounts.c.customer == customer.id, accounts.c.id == given.text(inputs, "account"))
    connection.execute(mine.values(account_class=_target(inputs)))
    return {}


def _target(inputs: Mapping[str, str]) -> str:
    name = CLASSES.get(given.text(inputs, "target"))
    if name is None:
        raise BadInput("The input 'target' is no class.")
    return name
