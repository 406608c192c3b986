"""A need in words, as it was understood: so that a slip is seen before anybody is advised by it."""

from __future__ import annotations

from collections.abc import Iterator

from assistant.guidance_text import Phrases
from assistant.product_value import YEAR
from assistant.sales_need import CustomerFacts, SalesNeed

_OLDEST = 99
_LONGEST = 10 * YEAR


def customer(facts: CustomerFacts, say: Phrases) -> str:
    """What is known of the customer; empty where nothing is."""
    return say.listed(list(_facts(facts, say)))


def limits(need: SalesNeed, say: Phrases) -> str:
    """What is wanted of the products; empty where nothing is."""
    return say.listed(list(_limits(need, say)))


def _facts(facts: CustomerFacts, say: Phrases) -> Iterator[str]:
    if facts.ages:
        yield age(facts.ages, say)
    if facts.level:
        yield say.of(say.told.levels[facts.level])
    if facts.assessed_on:
        yield say("assessed_on", day=say.day(facts.assessed_on))
    yield from (say(name) for name in ("expired", "qualified") if getattr(facts, name))
    if facts.amount:
        yield say.money(facts.amount)
    yield from _horizon(facts, say)
    if facts.channel:
        yield say("channel", channel=facts.channel)


def _horizon(facts: CustomerFacts, say: Phrases) -> Iterator[str]:
    if facts.needed_on:
        yield say("needed_on", day=say.day(facts.needed_on))
    elif facts.spare_days is not None:
        yield say("spare", span=say.span(facts.spare_days)) if facts.spare_days else say("any_day")


def age(ages: tuple[int, int], say: Phrases) -> str:
    """An age, or the range that is known of it."""
    low, high = ages
    if low == high:
        return say("age", age=low)
    return say("ages_above", low=low) if high >= _OLDEST else say("ages", low=low, high=high)


def _limits(need: SalesNeed, say: Phrases) -> Iterator[str]:
    if need.like:
        yield say(f"like_{need.order.value if need.order else 'term'}", product=need.like)
    if need.kinds:
        yield say("only_kinds", kinds=say.listed([say.of(say.told.kinds[kind]) for kind in need.kinds]))
    if need.not_kinds:
        yield say("not_kinds", kinds=say.listed([say.of(say.told.kinds[kind]) for kind in need.not_kinds]))
    if need.levels:
        low, high = need.levels
        yield say("level", low=low) if low == high else say("levels", low=low, high=high)
    if need.term:
        yield _term(*need.term, say)
    if need.most_minimum is not None:
        yield say("most_minimum", amount=say.money(need.most_minimum))
    if need.most_fee is not None:
        yield say("most_fee", fee=f"{need.most_fee:g}")


def _term(low: int, high: int, say: Phrases) -> str:
    if low == high:
        return say("term_is", span=say.span(low))
    return say("term_least", span=say.span(low)) if high >= _LONGEST else say("term_most", span=say.span(high))
