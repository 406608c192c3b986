"""Turns one of a customer's choices about personal information on or off."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from sqlalchemy import Connection, delete, insert, select

from assistant.demo_bank import inputs as given
from assistant.demo_bank import shown
from assistant.demo_bank.customer import Customer
from assistant.demo_bank.database.tables import privacy_choices
from assistant.demo_bank.outcome import BadInput, Ready, Refused, Value
from assistant.demo_bank.rules import stamp


def prepare(connection: Connection, customer: Customer, inputs: Mapping[str, str], locale: str) -> Ready | Refused:
    """What stands like that already is not changed."""
    choice, on = _wanted(inputs)
    mine = select(privacy_choices.c.on).where(privacy_choices.c.customer == customer.id)
    if bool(connection.scalar(mine.where(privacy_choices.c.choice == choice))) == on:
        return Refused("already_so")
    effect = choices()[choice]["on" if on else "off"]
    return Ready({"effect": shown.choose(locale, effect["zh"], effect["en"])})


def commit(connection: Connection, customer: Customer, inputs: Mapping[str, str], locale: str) -> Mapping[str, Value]:
    """The choice as it is now, with when it was made."""
    del locale  # the receipt says it all
    choice, on = _wanted(inputs)
    mine = (privacy_choices.c.customer == customer.id, privacy_choices.c.choice == choice)
    connection.execute(delete(privacy_choices).where(*mine))
    row = {"customer": customer.id, "choice": choice, "on": on, "changed_at": stamp(customer.now)}
    connection.execute(insert(privacy_choices).values(row))
    return {}


@cache
def choices() -> Mapping[str, Any]:
    """What can be chosen, with what it means."""
    content: Mapping[str, Any] = yaml.safe_load(Path(__file__).with_suffix(".yaml").read_text(encoding="utf-8"))
    return content


def _wanted(inputs: Mapping[str, str]) -> tuple[str, bool]:
    """Such as sharing_off."""
    choice, _, setting = given.text(inputs, "wanted").rpartition("_")
    if choice not in choices() or setting not in ("on", "off"):
        raise BadInput("The input 'wanted' is no choice of the bank's.")
    return choice, setting == "on"
