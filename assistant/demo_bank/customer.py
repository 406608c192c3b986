"""A customer, as the bank's record has it at the moment of a call."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, select

from assistant.demo_bank.database.tables import customers


class UnknownCustomer(LookupError):
    """The bank has no such customer."""


@dataclass(frozen=True)
class Customer:
    """`record` is the row of the table `customers`; `now` is when the call was made."""

    record: Mapping[str, Any]
    now: datetime

    @property
    def id(self) -> str:
        """Such as c1001."""
        return str(self.record["id"])

    @property
    def phone(self) -> str:
        """The registered number, all of it."""
        return str(self.record["phone"])

    @property
    def today(self) -> date:
        """The day of the call, where the bank is."""
        return self.now.date()

    @property
    def age(self) -> int:
        """Whole years."""
        born = date.fromisoformat(self.record["birth_date"])
        return self.today.year - born.year - ((self.today.month, self.today.day) < (born.month, born.day))


def load(connection: Connection, customer: str, now: datetime) -> Customer:
    """The customer with this id."""
    row = connection.execute(select(customers).where(customers.c.id == customer)).mappings().one_or_none()
    if row is None:
        raise UnknownCustomer(f"No customer {customer!r}.")
    return Customer(dict(row), now)
