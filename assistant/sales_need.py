"""What a member of staff looks for: what is known of the customer, and which products are wanted; every part may be unknown."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from datetime import date
from enum import StrEnum
from typing import TypeVar

from assistant.product import Kind


@dataclass(frozen=True)
class CustomerFacts:
    """What is known of a customer.

    `ages` are the youngest and the oldest that the customer may be (70多岁 is 70 to 79), `level` the number of C1 to C5,
    `amount` yuan. The money is not needed for `spare_days` (0: it may be needed any day), or it is needed on `needed_on`.
    `expired` is False where a new assessment is said to have been made, `qualified` where the customer is said to be none.
    """

    ages: tuple[int, int] | None = None
    level: int | None = None
    assessed_on: date | None = None
    expired: bool | None = None
    qualified: bool | None = None
    amount: int | None = None
    spare_days: int | None = None
    needed_on: date | None = None
    channel: str | None = None

    @property
    def told(self) -> int:
        """How many of age, level, amount and the time of need are known."""
        horizon = self.spare_days if self.needed_on is None else self.needed_on
        return sum(part is not None for part in (self.ages, self.level, self.amount, horizon))


class Order(StrEnum):
    """By what products are put in order where that is wished."""

    TERM = "term"
    MINIMUM = "minimum"
    LEVEL = "level"


class Mind(StrEnum):
    """What a customer hopes for that nobody may promise."""

    YIELD = "yield"
    PRINCIPAL = "principal"


@dataclass(frozen=True)
class SalesNeed:
    """A customer's facts and the products wanted: kinds, levels (lowest, highest), terms in days, at most this minimum or fee.

    `like` is a product that others are held against, in what `order` says.
    """

    facts: CustomerFacts = CustomerFacts()
    kinds: tuple[Kind, ...] = ()
    not_kinds: tuple[Kind, ...] = ()
    levels: tuple[int, int] | None = None
    term: tuple[int, int] | None = None
    most_minimum: int | None = None
    most_fee: float | None = None
    order: Order | None = None
    like: str | None = None
    minds: tuple[Mind, ...] = ()

    @property
    def limits(self) -> int:
        """How many limits are set on the products."""
        return sum(part is not None for part in (self.levels, self.term, self.most_minimum, self.most_fee))

    @property
    def is_empty(self) -> bool:
        """Whether nothing is known at all."""
        return self == SalesNeed()


_Part = TypeVar("_Part", CustomerFacts, SalesNeed)


def changed(before: SalesNeed, now: SalesNeed) -> SalesNeed:
    """The need after something new was said of it: what is new replaces, the rest stays."""
    facts = _laid_over(before.facts, now.facts)
    if now.facts.needed_on is None and now.facts.spare_days is not None:
        facts = replace(facts, needed_on=None)
    if now.facts.assessed_on is not None and not now.facts.expired:
        facts = replace(facts, expired=False)
    elif now.facts.expired is False:
        facts = replace(facts, assessed_on=None)
    after = replace(_laid_over(before, replace(now, facts=before.facts)), facts=facts, like=now.like)
    if now.kinds:
        after = replace(after, not_kinds=tuple(kind for kind in after.not_kinds if kind not in now.kinds))
    elif now.not_kinds:
        after = replace(after, kinds=tuple(kind for kind in after.kinds if kind not in now.not_kinds))
    return after


def _laid_over(before: _Part, now: _Part) -> _Part:
    empty = type(now)()
    new = {one.name: getattr(now, one.name) for one in fields(now)}
    return replace(before, **{name: value for name, value in new.items() if value != getattr(empty, name)})
