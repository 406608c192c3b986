"""A customer's U-keys."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Connection, select

from assistant.demo_bank import shown
from assistant.demo_bank.customer import Customer
from assistant.demo_bank.database.tables import ukeys
from assistant.demo_bank.outcome import Answer

_STATES = {
    "normal": ("正常", "in order"),
    "locked": ("已锁定", "locked"),
    "expired": ("已过期", "expired"),
    "lost": ("已挂失", "lost"),
}


def answer(connection: Connection, customer: Customer, inputs: Mapping[str, str], locale: str) -> Answer:
    """All of them with how they stand: why one cannot be reset is told when it is chosen."""
    del inputs
    mine = select(ukeys).where(ukeys.c.customer == customer.id).order_by(ukeys.c.id)
    items = [
        {"id": row["id"], "label": label(row["number"], row["status"], locale), "also": row["number"][-4:]}
        for row in connection.execute(mine).mappings()
    ]
    return Answer("found", {"ukeys": items}) if items else Answer("none")


def label(number: str, status: str, locale: str) -> str:
    """云盾 尾号1234（正常）, or `U-key ending 1234 (in order)`."""
    state = shown.choose(locale, *_STATES[status])
    return shown.choose(
        locale, f"云盾 {shown.card(number, locale)}（{state}）", f"U-key {shown.card(number, locale)} ({state})"
    )
