"""Certificates of deposit: which accounts they can prove, what they cost, and how they are issued."""

from __future__ import annotations

import secrets
from calendar import monthrange
from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import Connection, func, insert, select, update

from assistant.demo_bank import inputs as given
from assistant.demo_bank import shown
from assistant.demo_bank.customer import Customer
from assistant.demo_bank.database.tables import accounts, certificates, transactions
from assistant.demo_bank.outcome import Ready, Refused
from assistant.demo_bank.rules import stamp

OF_AGE = 16
"""Under this age the guardian must come to a branch."""
MOST_COPIES = 10
MOST_MONTHS = 6
FURTHER_COPY_FEN = 500
"""The first copy is free where it is not asked for at a branch."""
_LANGUAGES = {"chinese": "中文", "english": "英文", "both": "中英文"}
Row = Mapping[str, Any]


def own_account(connection: Connection, customer: str, account: str) -> Row | None:
    """A settlement account of the customer's."""
    mine = accounts.c.customer == customer
    found = select(accounts).where(mine, accounts.c.id == account, accounts.c.kind == "settlement")
    row = connection.execute(found).mappings().one_or_none()
    return None if row is None else dict(row)


def certifiable(connection: Connection, customer: Customer) -> list[Row]:
    """Settlement accounts in order that hold anything, the fullest first."""
    mine = [accounts.c.customer == customer.id, accounts.c.kind == "settlement", accounts.c.status == "normal"]
    found = select(accounts).where(*mine).order_by(accounts.c.balance_fen.desc())
    return [dict(row) for row in connection.execute(found).mappings() if available(dict(row)) > 0]


def available(account: Row) -> int:
    """What is not frozen, in fen."""
    return int(account["balance_fen"]) - int(account["frozen_fen"] or 0)


def most(account: Row, copies: int) -> int:
    """What can be proved, in fen: what is not frozen, once the fee is paid."""
    return max(available(account) - fee(copies), 0)


def fee(copies: int) -> int:
    """In fen."""
    return FURTHER_COPY_FEN * (copies - 1)


def last_day(today: date) -> date:
    """The last day until which an amount can be frozen."""
    year, month = divmod(today.year * 12 + today.month - 1 + MOST_MONTHS, 12)
    return date(year, month + 1, min(today.day, monthrange(year, month + 1)[1]))


def check(connection: Connection, customer: Customer, inputs: Mapping[str, str], locale: str) -> Ready | Refused:
    """The account must hold the amount and the fee, unfrozen."""
    account = own_account(connection, customer.id, given.text(inputs, "account"))
    copies = given.count(inputs, "copies")
    if customer.age < OF_AGE:
        return Refused("underage")
    if account is None or account["status"] != "normal":
        return Refused("blocked")
    if copies > MOST_COPIES:
        return Refused("too_many")
    if not 0 < given.fen(inputs, "amount") <= most(account, copies):
        return Refused("too_low")
    return Ready({"fee": shown.money(fee(copies), locale)})


def issue(connection: Connection, customer: Customer, inputs: Mapping[str, str], kind: str) -> str:
    """The certificate's number; what it freezes and what it costs is booked."""
    account = own_account(connection, customer.id, given.text(inputs, "account")) or {}
    row = _certificate(connection, customer, inputs, kind)
    connection.execute(insert(certificates).values(row))
    if kind == "period":
        frozen = (account["frozen_fen"] or 0) + row["amount_fen"]
        connection.execute(update(accounts).where(accounts.c.id == account["id"]).values(frozen_fen=frozen))
    if row["fee_fen"]:
        _charge(connection, customer, account, row["fee_fen"])
    return str(row["number"])


def _certificate(connection: Connection, customer: Customer, inputs: Mapping[str, str], kind: str) -> dict[str, Any]:
    issued = connection.scalar(select(func.count()).select_from(certificates)) or 0
    copies = given.count(inputs, "copies")
    row = {"id": f"z-{secrets.token_hex(6)}", "customer": customer.id, "number": f"CZ{customer.now:%Y}{issued + 1:06d}"}
    row |= {"account": inputs["account"], "kind": kind, "language": _LANGUAGES[given.text(inputs, "language")]}
    row |= {"issued_at": stamp(customer.now), "delivery": "邮寄", "address": given.text(inputs, "address")}
    numbers = {"amount_fen": given.fen(inputs, "amount"), "copies": copies, "fee_fen": fee(copies)}
    frozen_until = given.day(inputs, "until").isoformat() if kind == "period" else None
    return {**row, **numbers, "frozen_until": frozen_until, "status": "issued"}


def _charge(connection: Connection, customer: Customer, account: Row, fen: int) -> None:
    balance = account["balance_fen"] - fen
    connection.execute(update(accounts).where(accounts.c.id == account["id"]).values(balance_fen=balance))
    row = {"id": f"{customer.id}-t-{secrets.token_hex(6)}", "customer": customer.id, "account": account["id"]}
    row |= {"at": stamp(customer.now), "kind": "fee", "category": "其他", "merchant": "存款证明手续费"}
    connection.execute(insert(transactions).values({**row, "amount_fen": -fen, "balance_fen": balance}))
