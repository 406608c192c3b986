"""Binds a card to a payment institution for quick payment."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, insert, select

from assistant.demo_bank import inputs as given
from assistant.demo_bank import shown
from assistant.demo_bank.customer import Customer
from assistant.demo_bank.database.tables import quick_pay
from assistant.demo_bank.outcome import BadInput, Ready, Refused, Value
from assistant.demo_bank.quick_payment import INSTITUTIONS, OF_AGE, all_cards, is_in_order, limits
from assistant.demo_bank.rules import stamp


def prepare(connection: Connection, customer: Customer, inputs: Mapping[str, str], locale: str) -> Ready | Refused:
    """The card must be in order, and not bound there yet."""
    card = _card(connection, customer, inputs)
    if customer.age < OF_AGE:
        return Refused("underage")
    if card is None or not is_in_order(card):
        return Refused("blocked")
    if _is_bound(connection, card, _institution(inputs)):
        return Refused("bound")
    shown_limits = {name.removesuffix("_fen"): shown.money(fen, locale) for name, fen in limits(card).items()}
    return Ready({**shown_limits, "further_limit": _further(card, locale)})


def commit(connection: Connection, customer: Customer, inputs: Mapping[str, str], locale: str) -> Mapping[str, Value]:
    """The binding, with the limits that were read back."""
    del locale
    card = _card(connection, customer, inputs) or {}
    row = {"id": f"q-{secrets.token_hex(6)}", "customer": customer.id, "card": card["id"], "status": "bound"}
    row |= {"institution": _institution(inputs), "bound_at": stamp(customer.now)}
    connection.execute(insert(quick_pay).values({**row, **limits(card)}))
    return {}


def _card(connection: Connection, customer: Customer, inputs: Mapping[str, str]) -> Mapping[str, Any] | None:
    wanted = given.text(inputs, "card")
    return next((card for card in all_cards(connection, customer.id) if card["id"] == wanted), None)


def _institution(inputs: Mapping[str, str]) -> str:
    name = INSTITUTIONS.get(given.text(inputs, "institution"))
    if name is None:
        raise BadInput("The input 'institution' is no payment institution.")
    return name


def _is_bound(connection: Connection, card: Mapping[str, Any], institution: str) -> bool:
    bound = select(quick_pay.c.id).where(quick_pay.c.card == card["id"], quick_pay.c.status == "bound")
    return connection.scalar(bound.where(quick_pay.c.institution == institution)) is not None


def _further(card: Mapping[str, Any], locale: str) -> str:
    """What holds besides."""
    if card["kind"] == "credit":
        return shown.choose(locale, "以不超过可用额度为限", "never more than the available credit")
    if card["account_class"] in ("II", "III"):
        return shown.choose(locale, "同时受该类账户自身限额约束", "the limits of the account's class hold too")
    return shown.choose(
        locale, "支付机构另设更低限额的，以较低者为准", "where the institution has lower limits, those hold"
    )
