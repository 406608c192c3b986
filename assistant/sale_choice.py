"""Which products fit a need, in which order, and which rules forbid the others. Pure; pay for selling plays no part in it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from assistant import sales_vocabulary
from assistant.product import Kind, Product
from assistant.sales_need import CustomerFacts, Mind, Order, SalesNeed
from assistant.suitability import Rule, refusals

MOST = 5
"""So many products are told of at once to who asks for a customer."""
_MOST_LISTED = 10
INSURED = frozenset({Kind.DEPOSIT, Kind.CERTIFICATE, Kind.INSTALMENT})
"""What deposit insurance covers, and no gift may be given for."""
_PERCENT = re.compile(r"([0-9]+(?:\.[0-9]+)?)%")


@dataclass(frozen=True)
class Refused:
    """A product that is not for the customer, and every rule that says so, the gravest first."""

    product: Product
    rules: tuple[Rule, ...]


@dataclass(frozen=True)
class SaleChoice:
    """What is offered, best first; what would fit too; and what is refused."""

    offered: tuple[Product, ...]
    besides: tuple[Product, ...]
    refused: tuple[Refused, ...]


def choose(products: Sequence[Product], need: SalesNeed, day: date) -> SaleChoice:
    """The products that fit the need on `day`."""
    liked = next((one for one in products if one.name == need.like), None)
    wanted = [one for one in products if _is_wanted(one, need) and _is_alike(one, liked, need)]
    of_customer = is_about_customer(need.facts)
    judged = [(one, refusals(need.facts, one, day, of_customer=of_customer)) for one in wanted]
    fitting = sorted((one for one, rules in judged if not rules), key=lambda one: _rank(one, need))
    refused = tuple(Refused(one, rules) for one, rules in judged if rules)
    most = MOST if of_customer else _MOST_LISTED
    picked = _varied(_one_a_family(fitting) if of_customer else fitting, most)
    offered = tuple(one for one in fitting if one in picked)
    besides = tuple(one for one in _one_a_family(fitting) if one.family not in {two.family for two in offered})
    return SaleChoice(offered, besides, refused)


def is_about_customer(facts: CustomerFacts) -> bool:
    """Whether anything is known of the one who would buy."""
    return facts != CustomerFacts(channel=facts.channel)


def _is_wanted(product: Product, need: SalesNeed) -> bool:
    if product.kind in need.not_kinds or (Mind.PRINCIPAL in need.minds and product.kind not in INSURED):
        return False
    asked = (
        product.kind in need.kinds
        if need.kinds
        else need.like is not None or product.kind not in sales_vocabulary.load().only_asked
    )
    return asked and all(_is_within(product, need))


def _is_within(product: Product, need: SalesNeed) -> Iterator[bool]:
    """Whether each limit is kept; what is not told of a product does not keep it."""
    if need.levels:
        yield product.level is not None and need.levels[0] <= product.level <= need.levels[1]
    if need.term:
        yield product.lock is not None and need.term[0] <= product.lock <= need.term[1]
    if need.most_minimum is not None:
        yield product.minimum is not None and product.minimum <= need.most_minimum
    if need.most_fee is not None:
        fees = [float(fee) for fee in _PERCENT.findall(product.text("management_fee"))]
        yield bool(fees) and max(fees) <= need.most_fee


def _is_alike(product: Product, liked: Product | None, need: SalesNeed) -> bool:
    """Whether it is of the kind of the one liked, bears no more risk, and is less than it in what is wished to be less."""
    if liked is None:
        return need.like is None
    if product.name == liked.name or (not need.kinds and product.kind is not liked.kind):
        return False
    if (product.level or 0) > (liked.level or 0):
        return False
    mine, other = (_measure(one, need.order or Order.TERM) for one in (product, liked))
    return mine is not None and other is not None and mine < other


def _measure(product: Product, order: Order) -> int | None:
    match order:
        case Order.TERM:
            return product.lock
        case Order.MINIMUM:
            return product.minimum
        case Order.LEVEL:
            return product.level or 0


def _rank(product: Product, need: SalesNeed) -> tuple[int, int, int]:
    """What is wished first; else the term nearest to when the money is needed; then less risk, then a lower minimum."""
    lock, level, minimum = product.lock or 0, product.level or 0, product.minimum or 0
    if need.order:
        measure = _measure(product, need.order)
        return (10**9 if measure is None else measure, level, minimum)
    if need.facts.spare_days is None:
        return level, lock, minimum
    return need.facts.spare_days - lock, level, minimum


def _one_a_family(products: Iterable[Product]) -> list[Product]:
    """The first of each family."""
    first: dict[str, Product] = {}
    for product in products:
        first.setdefault(product.family, product)
    return list(first.values())


def _varied(products: Sequence[Product], most: int) -> list[Product]:
    """The first of each kind, then the second, until there are enough."""
    seen: dict[Kind, int] = {}
    turns = []
    for product in products:
        turns.append((seen.get(product.kind, 0), product))
        seen[product.kind] = seen.get(product.kind, 0) + 1
    return [product for _turn, product in sorted(turns, key=lambda one: one[0])][:most]
