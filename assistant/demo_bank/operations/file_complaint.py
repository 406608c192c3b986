"""Files a complaint under a number of its own, with the day by which it must be decided."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import timedelta

from sqlalchemy import Connection, func, insert, select

from assistant.demo_bank import inputs as given
from assistant.demo_bank import shown
from assistant.demo_bank.customer import Customer
from assistant.demo_bank.database.tables import complaints
from assistant.demo_bank.outcome import BadInput, Ready, Refused, Value
from assistant.demo_bank.rules import stamp

DECIDED_IN = timedelta(days=15)
LONGEST = timedelta(days=60)
"""Where the facts are complex."""
OPEN = ("accepted", "handling")
CATEGORIES = {
    "branch": ("网点服务", "branch service"),
    "online": ("客服与手机银行", "hotline and mobile banking"),
    "fees": ("收费与计息", "fees and interest"),
    "cards": ("银行卡与账户", "cards and accounts"),
    "sales": ("理财、基金与保险销售", "sale of wealth products, funds or insurance"),
    "loans": ("贷款与催收", "loans and collection"),
    "privacy": ("个人信息", "personal information"),
    "other": ("其他", "other"),
}
"""By id: as the record has it, and in English."""


def prepare(connection: Connection, customer: Customer, inputs: Mapping[str, str], locale: str) -> Ready | Refused:
    """The same words are not filed again while the bank still works on them."""
    del locale  # a covered number reads the same in every language
    if given.text(inputs, "category") not in CATEGORIES:
        raise BadInput("The input 'category' is none of the bank's.")
    mine = select(complaints.c.id).where(complaints.c.customer == customer.id, complaints.c.status.in_(OPEN))
    if connection.scalar(mine.where(complaints.c.text == given.text(inputs, "what_happened"))) is not None:
        return Refused("repeated")
    return Ready({"contact": shown.phone(customer.phone)})


def commit(connection: Connection, customer: Customer, inputs: Mapping[str, str], locale: str) -> Mapping[str, Value]:
    """The complaint, as it was told."""
    due = (customer.today + DECIDED_IN).isoformat()
    number = _number(connection, customer)
    row = {"id": f"ts-{secrets.token_hex(6)}", "customer": customer.id, "number": number, "status": "accepted"}
    row |= {"category": CATEGORIES[given.text(inputs, "category")][0], "text": given.text(inputs, "what_happened")}
    row |= {"filed_at": stamp(customer.now), "due_on": due}
    connection.execute(insert(complaints).values(row | {"wish": inputs.get("wish")}))
    longest = (customer.today + LONGEST).isoformat()
    return {"number": number, "due": shown.day(due, locale), "longest": shown.day(longest, locale)}


def category(stored: str, locale: str) -> str:
    """A category of the record in the customer's language."""
    english = dict(CATEGORIES.values())
    return shown.choose(locale, stored, english.get(stored, stored))


def _number(connection: Connection, customer: Customer) -> str:
    earlier = connection.scalar(select(func.count()).select_from(complaints)) or 0
    return f"TS{customer.now:%Y%m%d}{earlier + 1:06d}"
