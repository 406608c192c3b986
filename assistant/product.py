"""A product of the bank as its documents tell of it: what stands where, and what follows from it for suitability."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TypeVar

from assistant import product_value
from assistant.source import Source

_Value = TypeVar("_Value")


class Kind(StrEnum):
    """The kinds of products."""

    DEPOSIT = "deposit"
    INSTALMENT = "instalment"
    CERTIFICATE = "certificate"
    STRUCTURED = "structured"
    BOND = "bond"
    WEALTH = "wealth"
    FUND = "fund"
    PRIVATE = "private"
    GOLD = "gold"
    INSURANCE = "insurance"
    PENSION = "pension"
    CARD = "card"
    LOAN = "loan"


@dataclass(frozen=True)
class Statement:
    """What one passage says of one field, as it is written there."""

    text: str
    source: Source


@dataclass(frozen=True)
class Field:
    """What is known of one field: one statement, or the several that documents in force disagree in."""

    statements: tuple[Statement, ...]

    @property
    def text(self) -> str:
        """The field as it is written; the first of those that disagree."""
        return self.statements[0].text

    @property
    def disagrees(self) -> bool:
        """Whether documents in force say different things."""
        return len(self.statements) > 1


@dataclass(frozen=True)
class Product:
    """A product, or one term of it; `family` is the name that all its terms share, `forms` how people call it."""

    name: str
    kind: Kind
    family: str
    fields: Mapping[str, Field]
    forms: frozenset[str] = frozenset()

    @property
    def level(self) -> int | None:
        """The risk level, 1 to 5; the highest where documents disagree; nothing where the product has none."""
        return self._strictest("level", product_value.level, max)

    @property
    def minimum(self) -> int | None:
        """The least amount, in yuan; nothing where it is not told in yuan."""
        return self._strictest("minimum", product_value.yuan, max)

    @property
    def lock(self) -> int | None:
        """How many days the money is bound; nothing where that is not told."""
        if "term" not in self.fields and self.kind is Kind.FUND:
            return 0  # open-ended, unless its documents tell of a term
        return self._strictest("term", product_value.days, max)

    @property
    def ages(self) -> tuple[int, int] | None:
        """The youngest and the oldest age at which it may be had."""
        told = self._values("age", product_value.ages)
        return (max(low for low, _ in told), min(high for _, high in told)) if told else None

    @property
    def offered_between(self) -> tuple[date, date] | None:
        """The days on which it is sold, both included; nothing where it always is."""
        told = self._values("collection", product_value.period)
        return (max(first for first, _ in told), min(last for _, last in told)) if told else None

    @property
    def matures(self) -> date | None:
        """The day on which all of it ends, where the documents tell one."""
        return self._strictest("matures", product_value.day, max)

    @property
    def is_private(self) -> bool:
        """Whether only qualified investors may hear of it."""
        return self.kind is Kind.PRIVATE

    def text(self, field: str) -> str:
        """A field as it is written; empty where no document tells it."""
        return self.fields[field].text if field in self.fields else ""

    def _values(self, field: str, read: Callable[[str], _Value | None]) -> list[_Value]:
        said = self.fields[field].statements if field in self.fields else ()
        return [value for statement in said if (value := read(statement.text)) is not None]

    def _strictest(
        self, field: str, read: Callable[[str], _Value | None], choose: Callable[[list[_Value]], _Value]
    ) -> _Value | None:
        values = self._values(field, read)
        return choose(values) if values else None
