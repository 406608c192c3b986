from __future__ import annotations

from datetime import datetime

import pytest

from assistant.demo_bank import suitability
from assistant.demo_bank.customer import Customer
from assistant.demo_bank.rules import ZONE

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=ZONE)


def customer(
    level: str | None = "C5", born: str = "1980-01-01", on: str | None = "2026-01-01", **more: bool
) -> Customer:
    record = {"birth_date": born, "risk_level": level, "risk_assessed_on": on, "qualified_investor": False} | more
    return Customer(record, NOON)


def product(level: str, private: bool = False) -> dict[str, object]:
    return {"risk_level": level, "private": private}


@pytest.mark.parametrize(("on", "refused"), [("2025-11-22", None), ("2025-11-21", "expired"), (None, "not_assessed")])
def test_an_assessment_holds_for_twelve_months(on: str | None, refused: str | None) -> None:
    assert suitability.assessment(customer(on=on)) == refused


@pytest.mark.parametrize("number", range(1, 6))
def test_nobody_is_sold_more_risk_than_the_level_bears(number: int) -> None:
    fits = [
        level for level in range(1, 6) if suitability.obstacle(customer(f"C{number}"), product(f"R{level}")) is None
    ]
    assert fits == list(range(1, number + 1))


def test_from_65_on_no_r5_and_a_review_from_r3_on() -> None:
    elder, younger = customer(born="1961-11-22"), customer(born="1961-11-23")
    assert suitability.obstacle(elder, product("R5")) == "elder_r5"
    assert suitability.obstacle(younger, product("R5")) is None
    assert [suitability.needs_review(elder, product(f"R{level}")) for level in (2, 3, 4)] == [False, True, True]
    assert not suitability.needs_review(younger, product("R4"))


def test_private_products_are_for_qualified_investors() -> None:
    assert suitability.obstacle(customer(), product("R3", private=True)) == "not_qualified"
    assert suitability.obstacle(customer(qualified_investor=True), product("R3", private=True)) is None
