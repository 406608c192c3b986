"""The employer that was chosen of those suggested, or what was typed."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Connection

from assistant.demo_bank import inputs as given
from assistant.demo_bank.customer import Customer
from assistant.demo_bank.outcome import Answer
from assistant.demo_bank.queries.suggest_employers import KEEP


def answer(connection: Connection, customer: Customer, inputs: Mapping[str, str], locale: str) -> Answer:
    """The suggestions' ids are the names."""
    del connection, customer, locale
    chosen = given.text(inputs, "employer_choice")
    return Answer("chosen", {"employer": given.text(inputs, "employer") if chosen == KEEP else chosen})
