"""Opens the customer's one pension account; the country's register is asked again at the commit."""

from __future__ import annotations

import secrets
from collections.abc import Mapping

from sqlalchemy import Connection, insert

from assistant.demo_bank import inputs as given
from assistant.demo_bank import shown
from assistant.demo_bank.customer import Customer
from assistant.demo_bank.database.tables import accounts, pension_accounts
from assistant.demo_bank.outcome import Ready, Refused, Value
from assistant.demo_bank.pensions import OURS, linkable, obstacle
from assistant.demo_bank.seed.numbers import bank_number

_PLACE = 40
"""Where the numbers of accounts opened here begin, past those of the first day and before those of cards."""


def prepare(connection: Connection, customer: Customer, inputs: Mapping[str, str], locale: str) -> Ready | Refused:
    """There must be none yet, and something to pay in from."""
    refusal = obstacle(connection, customer)
    wanted = given.text(inputs, "account")
    if refusal is None and wanted not in [row["id"] for row in linkable(connection, customer.id)]:
        refusal = "no_account"
    return Refused(refusal) if refusal else Ready({"name": _covered(customer, locale)})


def commit(connection: Connection, customer: Customer, inputs: Mapping[str, str], locale: str) -> Mapping[str, Value]:
    """An empty account, and its line in the register."""
    today, number = customer.today.isoformat(), bank_number(customer.id, _PLACE, 19)
    account = {"id": f"{customer.id}-pension", "customer": customer.id, "number": number, "kind": "pension"}
    account |= {"opened_on": today, "status": "normal", "linked_account": given.text(inputs, "account")}
    account |= {"branch": customer.record["branch"]}
    connection.execute(insert(accounts).values({**account, "balance_fen": 0}))
    entry = {"id": f"n-{secrets.token_hex(6)}", "customer": customer.id, "account": account["id"], "bank": OURS}
    entry |= {"opened_on": today, "status": "normal"}
    connection.execute(insert(pension_accounts).values({**entry, "paid_this_year_fen": 0}))
    return {"number": shown.card(number, locale)}


def _covered(customer: Customer, locale: str) -> str:
    """*晓雯; in English the first letters stay."""
    name = str(customer.record["name"])
    english = " ".join(f"{part[0]}***" for part in str(customer.record["name_en"]).split())
    return shown.choose(locale, f"*{name[1:]}", english)
