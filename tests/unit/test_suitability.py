"""Nobody is ever offered what the rules forbid, and the rules are the bank's own."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assistant.product import Field, Kind, Product, Statement
from assistant.sale_choice import MOST, choose
from assistant.sales_need import CustomerFacts, SalesNeed
from assistant.source import Source
from assistant.suitability import Condition, Rule, conditions, refusals
from knowledge_base.passage import Document, Passage
from knowledge_base.passage import Kind as PassageKind

DAY = date(2026, 11, 22)
SOURCE = Source(Passage("d.r.0", "d", 0, PassageKind.ROW, "", ()), Document("d", "wealth/a.md", "a"))


def product(kind: Kind = Kind.WEALTH, name: str = "青山一号", **fields: str) -> Product:
    """A product whose documents say this."""
    said = {key: Field((Statement(text, SOURCE),)) for key, text in fields.items()}
    return Product(name, kind, name, said)


# A busy machine says nothing of the rules.
_PATIENT = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
PRODUCTS = st.builds(
    lambda kind, name, level, term, minimum, age, collection: product(
        kind,
        name,
        **{
            key: text
            for key, text in {
                "level": level,
                "term": term,
                "minimum": minimum,
                "age": age,
                "collection": collection,
            }.items()
            if text
        },
    ),
    st.sampled_from([Kind.WEALTH, Kind.FUND, Kind.DEPOSIT, Kind.PRIVATE, Kind.GOLD, Kind.STRUCTURED]),
    st.uuids().map(str),
    st.sampled_from(["", "R1", "R2", "R3", "R4", "R5"]),
    st.sampled_from(["", "每日开放", "最短持有期90天", "封闭365天", "3年", "每季开放"]),
    st.sampled_from(["", "1元", "1,000元", "1万元", "20万元", "1克"]),
    st.sampled_from(["", "18至70周岁", "出生满28天至55周岁"]),
    st.sampled_from(["", "2026-11-16至2026-11-25", "2026-10-10至2026-10-19"]),
)
FACTS = st.builds(
    CustomerFacts,
    ages=st.none() | st.tuples(st.integers(18, 95), st.integers(0, 9)).map(lambda pair: (pair[0], sum(pair))),
    level=st.none() | st.integers(1, 5),
    assessed_on=st.none() | st.integers(0, 800).map(lambda days: DAY - timedelta(days=days)),
    expired=st.booleans(),
    qualified=st.booleans(),
    amount=st.none() | st.integers(1, 3_000_000),
    spare_days=st.none() | st.sampled_from([0, 30, 90, 180, 365, 1095]),
)


@_PATIENT
@given(st.lists(PRODUCTS, max_size=12), FACTS)
def test_nothing_that_the_rules_forbid_is_ever_offered(products: list[Product], facts: CustomerFacts) -> None:
    choice = choose(products, SalesNeed(facts, kinds=tuple(Kind)), DAY)
    for one in (*choice.offered, *choice.besides):
        if facts != CustomerFacts():
            assert one.level is None or (facts.level is not None and one.level <= facts.level)
            assert one.level is None or not facts.expired
            assert one.level != 5 or (facts.ages is not None and facts.ages[1] < 65)
            assert not (facts.ages and one.ages and facts.ages[1] > one.ages[1])
            assert facts.amount is None or one.minimum is None or one.minimum <= facts.amount
            assert facts.spare_days is None or one.lock is None or one.lock <= facts.spare_days
        assert one.kind is not Kind.PRIVATE or facts.qualified
        assert one.offered_between is None or one.offered_between[0] <= DAY <= one.offered_between[1]


@_PATIENT
@given(st.lists(PRODUCTS, max_size=12), FACTS)
def test_what_is_wanted_is_offered_or_its_refusal_said(products: list[Product], facts: CustomerFacts) -> None:
    choice = choose(products, SalesNeed(facts, kinds=tuple(Kind)), DAY)
    told = {one.name for one in (*choice.offered, *choice.besides)} | {one.product.name for one in choice.refused}
    assert told == {one.name for one in products}
    assert facts == CustomerFacts() or len(choice.offered) <= MOST


@_PATIENT
@given(PRODUCTS, FACTS, st.integers(1, 4))
def test_a_lower_level_never_allows_more(one: Product, facts: CustomerFacts, level: int) -> None:
    low = CustomerFacts(facts.ages, level, amount=facts.amount, qualified=facts.qualified)
    high = CustomerFacts(facts.ages, level + 1, amount=facts.amount, qualified=facts.qualified)
    assert refusals(low, one, DAY) or not refusals(high, one, DAY)


@pytest.mark.parametrize(
    ("facts", "one", "rules"),
    [
        (CustomerFacts((45, 45), 2), product(level="R3"), [Rule.ABOVE_LEVEL]),
        (CustomerFacts((45, 45)), product(level="R1"), [Rule.NOT_ASSESSED]),
        (CustomerFacts((45, 45), 2, expired=True), product(level="R1"), [Rule.ASSESSMENT_EXPIRED]),
        (CustomerFacts((45, 45), 2, date(2025, 11, 22)), product(level="R1"), []),
        (CustomerFacts((45, 45), 2, date(2025, 11, 21)), product(level="R1"), [Rule.ASSESSMENT_EXPIRED]),
        (CustomerFacts((64, 64), 5), product(level="R5"), []),
        (CustomerFacts((65, 65), 5), product(level="R5"), [Rule.ELDER_R5]),
        (CustomerFacts((60, 69), 5), product(level="R5"), [Rule.ELDER_R5]),
        (CustomerFacts(None, 5), product(level="R5"), [Rule.AGE_UNTOLD]),
        (CustomerFacts(None, 4), product(level="R4"), []),
        (CustomerFacts((71, 71), 3), product(Kind.GOLD, level="R3", age="18至70周岁"), [Rule.AGE]),
        (CustomerFacts((70, 70), 3), product(Kind.GOLD, level="R3", age="18至70周岁"), []),
        (CustomerFacts((45, 45), 5), product(Kind.PRIVATE, level="R3"), [Rule.NOT_QUALIFIED]),
        (CustomerFacts((45, 45), amount=9_999), product(Kind.DEPOSIT, minimum="1万元"), [Rule.BELOW_MINIMUM]),
        (CustomerFacts((45, 45), spare_days=180), product(Kind.DEPOSIT, term="1年"), [Rule.LOCKED_TOO_LONG]),
        (
            CustomerFacts((45, 45), needed_on=DAY + timedelta(days=89)),
            product(Kind.DEPOSIT, term="最短持有期90天"),
            [Rule.LOCKED_TOO_LONG],
        ),
        (CustomerFacts((45, 45), spare_days=0), product(Kind.INSURANCE, term="终身"), [Rule.LOCKED_TOO_LONG]),
        (CustomerFacts((45, 45), spare_days=364), product(Kind.INSURANCE), [Rule.LOCKED_TOO_LONG]),
        (CustomerFacts((45, 45), spare_days=365), product(Kind.INSURANCE), []),
        (CustomerFacts((45, 45), spare_days=0), product(Kind.INSURANCE, "一年期意外险", term="1年"), []),
        (CustomerFacts((45, 45)), product(Kind.BOND, collection="2026-10-10至2026-10-19"), [Rule.COLLECTION_OVER]),
        (CustomerFacts((45, 45)), product(Kind.BOND, collection="2027-03-10至2027-03-19"), [Rule.COLLECTION_AHEAD]),
        (CustomerFacts((45, 45), 5, channel="手机银行"), product(level="R5", channel="仅限网点"), [Rule.WRONG_CHANNEL]),
        (
            CustomerFacts((70, 70), 3, channel="手机银行"),
            product(level="R3", channel="手机银行、网点"),
            [Rule.WRONG_CHANNEL],
        ),
    ],
)
def test_each_rule_forbids_where_it_should(facts: CustomerFacts, one: Product, rules: list[Rule]) -> None:
    assert list(refusals(facts, one, DAY)) == rules


def test_a_closed_product_must_end_before_the_day_on_which_the_money_is_needed() -> None:
    one = product(Kind.DEPOSIT, term="封闭365天", matures="2027-11-26")
    assert refusals(CustomerFacts(needed_on=date(2027, 11, 25)), one, DAY) == (Rule.LOCKED_TOO_LONG,)
    assert not refusals(CustomerFacts(needed_on=date(2027, 11, 26)), one, DAY)


def test_what_a_sale_to_an_elder_must_come_with() -> None:
    found = conditions(CustomerFacts((70, 70), 3), product(level="R3"))
    assert {Condition.REVIEWED, Condition.ASSESSED_AT_BRANCH, Condition.RECORDED} <= set(found)
    assert Condition.REVIEWED in conditions(CustomerFacts(None, 3), product(level="R3"))
    assert Condition.REVIEWED not in conditions(CustomerFacts((64, 64), 3), product(level="R3"))


def test_insurance_from_sixty_one_on_is_underwritten_by_a_person() -> None:
    cover = product(Kind.INSURANCE)
    assert Condition.UNDERWRITING in conditions(CustomerFacts((61, 61)), cover)
    assert Condition.UNDERWRITING not in conditions(CustomerFacts((60, 60)), cover)


@pytest.mark.parametrize("kind", [Kind.WEALTH, Kind.FUND, Kind.PRIVATE, Kind.STRUCTURED, Kind.GOLD])
def test_what_tells_no_risk_level_is_offered_to_nobody(kind: Kind) -> None:
    untold = product(kind, term="每日开放", minimum="1元")
    daring = CustomerFacts(ages=(40, 40), level=5, assessed_on=DAY, qualified=True)
    assert Rule.LEVEL_UNTOLD in refusals(daring, untold, DAY)
    assert choose([untold], SalesNeed(daring), DAY).offered == ()


def test_a_deposit_needs_no_risk_level() -> None:
    assert refusals(CustomerFacts(ages=(40, 40)), product(Kind.DEPOSIT, term="1年"), DAY) == ()
