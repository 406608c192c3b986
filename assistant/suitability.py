"""Who may be sold what: a closed set of rules, each a refusal, and what a sale that is allowed must come with.

Pure. Where a range is all that is known of an age, the rules go by the age that forbids more.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from enum import StrEnum

from assistant.product import Kind, Product
from assistant.product_value import YEAR
from assistant.sales_need import CustomerFacts

ELDER = 65
"""From this age on a customer counts as an elder, the birthday included."""
_REVIEWED = (3, 4)
_NEVER_FOR_ELDERS = 5
_UNDERWRITTEN_ABOVE = 60
_BRANCH = "网点"
_ACCIDENT = "意外"
"""Such a cover is paid for a year at a time and binds no savings."""
_RECORDED = frozenset({Kind.WEALTH, Kind.FUND, Kind.PRIVATE, Kind.INSURANCE, Kind.PENSION})


_LEVELLED = frozenset({Kind.WEALTH, Kind.FUND, Kind.PRIVATE, Kind.STRUCTURED, Kind.GOLD})
"""Kinds that are sold by their risk level alone: one whose documents do not tell it is not offered."""


class Rule(StrEnum):
    """Why a product is not for a customer, the gravest first."""

    NOT_QUALIFIED = "not_qualified"
    ELDER_R5 = "elder_r5"
    AGE_UNTOLD = "age_untold"
    NOT_ASSESSED = "not_assessed"
    ASSESSMENT_EXPIRED = "assessment_expired"
    LEVEL_UNTOLD = "level_untold"
    ABOVE_LEVEL = "above_level"
    AGE = "age"
    COLLECTION_OVER = "collection_over"
    COLLECTION_AHEAD = "collection_ahead"
    BELOW_MINIMUM = "below_minimum"
    LOCKED_TOO_LONG = "locked_too_long"
    WRONG_CHANNEL = "wrong_channel"


class Condition(StrEnum):
    """What a sale must come with."""

    VALID_ASSESSMENT = "valid_assessment"
    ASSESSED_AT_BRANCH = "assessed_at_branch"
    REVIEWED = "reviewed"
    QUALIFIED = "qualified"
    RECORDED = "recorded"
    COOLING_OFF = "cooling_off"
    HESITATION = "hesitation"
    UNDERWRITING = "underwriting"
    PENSION_ACCOUNT = "pension_account"


def refusals(facts: CustomerFacts, product: Product, day: date, *, of_customer: bool = True) -> tuple[Rule, ...]:
    """Every rule that forbids this sale on `day`; where nobody in particular buys, those of the product alone."""
    rules = _RULES if of_customer else {rule: _RULES[rule] for rule in _OF_PRODUCTS}
    return tuple(rule for rule, forbids in rules.items() if forbids(facts, product, day))


def conditions(facts: CustomerFacts, product: Product) -> tuple[Condition, ...]:
    """What must be seen to where the product is sold to this customer."""
    return tuple(condition for condition, asks in _CONDITIONS.items() if asks(facts, product))


def may_be_elder(facts: CustomerFacts) -> bool:
    """Whether the customer is an elder, or may be one for all that is known."""
    return facts.ages is not None and facts.ages[1] >= ELDER


def is_expired(facts: CustomerFacts, day: date) -> bool:
    """Whether the risk assessment is older than twelve months."""
    if facts.expired or facts.assessed_on is None:
        return bool(facts.expired)
    assessed = facts.assessed_on
    return (day.year, day.month, day.day) > (assessed.year + 1, assessed.month, assessed.day)


def _not_qualified(facts: CustomerFacts, product: Product, _day: date) -> bool:
    return product.is_private and not facts.qualified


def _elder_r5(facts: CustomerFacts, product: Product, _day: date) -> bool:
    return may_be_elder(facts) and (product.level or 0) >= _NEVER_FOR_ELDERS


def _age_untold(facts: CustomerFacts, product: Product, _day: date) -> bool:
    return facts.ages is None and (product.level or 0) >= _NEVER_FOR_ELDERS


def _not_assessed(facts: CustomerFacts, product: Product, _day: date) -> bool:
    return product.level is not None and facts.level is None


def _expired(facts: CustomerFacts, product: Product, day: date) -> bool:
    return product.level is not None and facts.level is not None and is_expired(facts, day)


def _level_untold(_facts: CustomerFacts, product: Product, _day: date) -> bool:
    return product.level is None and product.kind in _LEVELLED


def _above_level(facts: CustomerFacts, product: Product, _day: date) -> bool:
    return product.level is not None and facts.level is not None and product.level > facts.level


def _age(facts: CustomerFacts, product: Product, _day: date) -> bool:
    if facts.ages is None or product.ages is None:
        return False
    return facts.ages[0] < product.ages[0] or facts.ages[1] > product.ages[1]


def _collection_over(_facts: CustomerFacts, product: Product, day: date) -> bool:
    return product.offered_between is not None and day > product.offered_between[1]


def _collection_ahead(_facts: CustomerFacts, product: Product, day: date) -> bool:
    return product.offered_between is not None and day < product.offered_between[0]


def _below_minimum(facts: CustomerFacts, product: Product, _day: date) -> bool:
    return facts.amount is not None and product.minimum is not None and facts.amount < product.minimum


def _locked(facts: CustomerFacts, product: Product, day: date) -> bool:
    if product.kind is Kind.INSURANCE:
        spare = (facts.needed_on - day).days if facts.needed_on else facts.spare_days
        return spare is not None and spare < YEAR and _ACCIDENT not in f"{product.name}{product.text('cover')}"
    if product.lock is None:
        return False
    if facts.needed_on is not None:
        return (product.matures or day + timedelta(days=product.lock)) > facts.needed_on
    return facts.spare_days is not None and product.lock > facts.spare_days


def _wrong_channel(facts: CustomerFacts, product: Product, _day: date) -> bool:
    if facts.channel is None:
        return False
    told = product.text("channel")
    at_branch = may_be_elder(facts) and (product.level or 0) >= min(_REVIEWED) and facts.channel != _BRANCH
    return at_branch or bool(told and facts.channel not in told)


_RULES: Mapping[Rule, Callable[[CustomerFacts, Product, date], bool]] = {
    Rule.NOT_QUALIFIED: _not_qualified,
    Rule.ELDER_R5: _elder_r5,
    Rule.AGE_UNTOLD: _age_untold,
    Rule.NOT_ASSESSED: _not_assessed,
    Rule.ASSESSMENT_EXPIRED: _expired,
    Rule.LEVEL_UNTOLD: _level_untold,
    Rule.ABOVE_LEVEL: _above_level,
    Rule.AGE: _age,
    Rule.COLLECTION_OVER: _collection_over,
    Rule.COLLECTION_AHEAD: _collection_ahead,
    Rule.BELOW_MINIMUM: _below_minimum,
    Rule.LOCKED_TOO_LONG: _locked,
    Rule.WRONG_CHANNEL: _wrong_channel,
}
_OF_PRODUCTS = (Rule.NOT_QUALIFIED, Rule.LEVEL_UNTOLD, Rule.COLLECTION_OVER, Rule.COLLECTION_AHEAD, Rule.WRONG_CHANNEL)


def _underwritten(facts: CustomerFacts, product: Product) -> bool:
    return product.kind is Kind.INSURANCE and facts.ages is not None and facts.ages[1] > _UNDERWRITTEN_ABOVE


_CONDITIONS: Mapping[Condition, Callable[[CustomerFacts, Product], bool]] = {
    Condition.VALID_ASSESSMENT: lambda facts, product: product.level is not None and facts.assessed_on is None,
    Condition.ASSESSED_AT_BRANCH: lambda facts, product: product.level is not None and may_be_elder(facts),
    Condition.REVIEWED: lambda facts, product: (
        product.level in _REVIEWED and (facts.ages is None or may_be_elder(facts))
    ),
    Condition.QUALIFIED: lambda _facts, product: product.is_private,
    Condition.RECORDED: lambda _facts, product: product.kind in _RECORDED,
    Condition.COOLING_OFF: lambda _facts, product: bool(product.text("cooling_off")),
    Condition.HESITATION: lambda _facts, product: product.kind is Kind.INSURANCE,
    Condition.UNDERWRITING: _underwritten,
    Condition.PENSION_ACCOUNT: lambda _facts, product: product.kind is Kind.PENSION,
}
