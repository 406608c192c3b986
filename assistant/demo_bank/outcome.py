"""What the bank's business ends in: values are texts, or lists of items with an `id` and a `label`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

Value = str | Sequence[Mapping[str, str]]


@dataclass(frozen=True)
class Answer:
    """How a query, or the sending and checking of a code, ended."""

    outcome: str
    values: Mapping[str, Value] = field(default_factory=dict)


@dataclass(frozen=True)
class Ready:
    """An operation that can be done; `values` are read back to the customer, and must still hold at the commit."""

    values: Mapping[str, Value] = field(default_factory=dict)


@dataclass(frozen=True)
class Refused:
    """An operation that cannot be done; `outcome` names why."""

    outcome: str


class BadInput(ValueError):
    """An input that is missing or malformed, which the gateway's caller should never send."""
