"""The customer as an agent sees them at a glance, read from the bank when a person takes over."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass

from assistant.bank import Bank, BankUnavailable, Value

log = logging.getLogger(__name__)
_QUERY = "customer_card"


@dataclass(frozen=True)
class CustomerCard:
    """Name and phone are covered by the bank; `level` is the bank's own name for it, in every language."""

    name: str
    age: int | None
    gender: str
    level: str
    risk_level: str
    branch: str
    phone: str
    since: str
    products: tuple[str, ...]
    open_matters: tuple[str, ...]


def read(bank: Bank, customer: str, locale: str) -> CustomerCard | None:
    """The customer's card in the language of `locale`; nothing where the bank does not give one. An outage raises nothing."""
    try:
        result = bank.query(_QUERY, customer, {}, locale)
        return _card(result.values) if result.outcome == "found" else None
    except BankUnavailable as error:
        log.warning("the bank gives no customer card: %s", error)
    except (KeyError, TypeError):  # an agent is not kept waiting because the bank's card lacks something
        log.exception("the bank's customer card cannot be read")
    return None


def _card(values: Mapping[str, Value]) -> CustomerCard:
    age = _text(values, "age")
    return CustomerCard(
        name=_text(values, "name"),
        age=int(age) if age.isascii() and age.isdigit() else None,
        gender=_text(values, "gender"),
        level=_text(values, "level"),
        risk_level=_text(values, "risk_level"),
        branch=_text(values, "branch"),
        phone=_text(values, "phone"),
        since=_text(values, "since"),
        products=_labels(values, "products"),
        open_matters=_labels(values, "open_matters"),
    )


def _text(values: Mapping[str, Value], name: str) -> str:
    value = values[name]
    if not isinstance(value, str):
        raise TypeError(f"{name} is no text")
    return value


def _labels(values: Mapping[str, Value], name: str) -> tuple[str, ...]:
    items = values[name]
    if isinstance(items, str):
        raise TypeError(f"{name} is no list")
    return tuple(item["label"] for item in items)
