"""The rules of guidance and those of the bank's own systems say the same of every customer and product that ship."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

import pytest
from sqlalchemy import create_engine, select

from assistant.catalogue import Catalogue, Products
from assistant.demo_bank import suitability as bank
from assistant.demo_bank.customer import Customer
from assistant.demo_bank.database.tables import customers, metadata, products
from assistant.demo_bank.seed.seed import fill
from assistant.product import Kind
from assistant.sale_choice import choose
from assistant.sales_need import CustomerFacts, SalesNeed
from assistant.suitability import Condition, Rule, conditions, refusals
from knowledge_base.passage import Audience
from tests.conftest import KnowledgeBase

NOW = datetime(2026, 11, 22, 12)
SAME = {
    "not_qualified": Rule.NOT_QUALIFIED,
    "elder_r5": Rule.ELDER_R5,
    "not_assessed": Rule.NOT_ASSESSED,
    "expired": Rule.ASSESSMENT_EXPIRED,
    "unsuitable": Rule.ABOVE_LEVEL,
}


@pytest.fixture(scope="module")
def sold(shipped: KnowledgeBase) -> Products:
    return Catalogue(shipped.search).products(Audience.STAFF, NOW.date())


@pytest.fixture(scope="module")
def seeded() -> Iterator[tuple[list[Customer], list[dict[str, Any]]]]:
    engine = create_engine("sqlite://")
    metadata.create_all(engine)
    with engine.begin() as connection:
        fill(connection, NOW)
        people = [Customer(dict(row), NOW) for row in connection.execute(select(customers)).mappings()]
        yield people, [dict(row) for row in connection.execute(select(products)).mappings()]
    engine.dispose()


def _facts(customer: Customer) -> CustomerFacts:
    level, on = customer.record["risk_level"], customer.record["risk_assessed_on"]
    return CustomerFacts(
        (customer.age, customer.age),
        int(level[1:]) if level else None,
        date.fromisoformat(on) if on else None,
        qualified=bool(customer.record["qualified_investor"]),
    )


def test_every_product_of_the_bank_is_in_the_catalogue_with_its_level(
    seeded: tuple[list[Customer], list[dict[str, Any]]], sold: Products
) -> None:
    by_code = {one.text("code"): one for one in sold}
    for row in seeded[1]:
        one = by_code[row["code"]]
        assert (one.name, one.level, one.is_private) == (row["name"], int(row["risk_level"][1:]), row["private"])


def test_both_refuse_the_same_sales_and_for_the_same_reason(
    seeded: tuple[list[Customer], list[dict[str, Any]]], sold: Products
) -> None:
    by_code = {one.text("code"): one for one in sold}
    for customer in seeded[0]:
        for row in seeded[1]:
            obstacle = bank.obstacle(customer, row)
            found = [
                rule for rule in refusals(_facts(customer), by_code[row["code"]], NOW.date()) if rule in SAME.values()
            ]
            assert (found[0] if found else None) is (SAME[obstacle] if obstacle else None), (customer.id, row["code"])
            reviewed = Condition.REVIEWED in conditions(_facts(customer), by_code[row["code"]])
            assert reviewed or found or not bank.needs_review(customer, row)


def test_no_customer_of_the_bank_is_offered_what_the_bank_would_refuse(
    seeded: tuple[list[Customer], list[dict[str, Any]]], sold: Products
) -> None:
    rows = {row["code"]: row for row in seeded[1]}
    for customer in seeded[0]:
        choice = choose(sold, SalesNeed(_facts(customer), kinds=tuple(Kind)), NOW.date())
        for one in (*choice.offered, *choice.besides):
            assert one.level is None or one.level <= int((customer.record["risk_level"] or "C0")[1:])
            if one.text("code") in rows:
                assert bank.obstacle(customer, rows[one.text("code")]) is None
