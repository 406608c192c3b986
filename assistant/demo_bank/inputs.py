"""Inputs as they come from the gateway: texts by slot."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal, InvalidOperation

from assistant.demo_bank.outcome import BadInput

_PHONE = re.compile(r"1[3-9]\d{9}", re.ASCII)


def text(inputs: Mapping[str, str], slot: str) -> str:
    """An input that must be there."""
    value = inputs.get(slot, "").strip()
    if not value:
        raise BadInput(f"The input {slot!r} is missing.")
    return value


def phone(inputs: Mapping[str, str], slot: str) -> str:
    """A mainland mobile number."""
    value = text(inputs, slot)
    if not _PHONE.fullmatch(value):
        raise BadInput(f"The input {slot!r} is no mobile number.")
    return value


def span(inputs: Mapping[str, str], slot: str) -> tuple[date, date]:
    """A span of days: 2026-10-01/2026-10-31."""
    start, _, end = text(inputs, slot).partition("/")
    try:
        return date.fromisoformat(start), date.fromisoformat(end)
    except ValueError:
        raise BadInput(f"The input {slot!r} is no span of days.") from None


def fen(inputs: Mapping[str, str], slot: str) -> int:
    """An amount of yuan, in fen."""
    try:
        return int(Decimal(text(inputs, slot)) * 100)
    except InvalidOperation:
        raise BadInput(f"The input {slot!r} is no amount.") from None


def count(inputs: Mapping[str, str], slot: str) -> int:
    """How many."""
    value = text(inputs, slot)
    if not (value.isascii() and value.isdigit()):
        raise BadInput(f"The input {slot!r} is no count.")
    return int(value)


def day(inputs: Mapping[str, str], slot: str) -> date:
    """One day."""
    try:
        return date.fromisoformat(text(inputs, slot))
    except ValueError:
        raise BadInput(f"The input {slot!r} is no day.") from None
