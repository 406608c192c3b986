"""What staff say becomes the need that they mean; what is no question of a sale is left to the documents."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from assistant.catalogue import Catalogue
from assistant.command import CheckSale, CompareProducts, GuideSale
from assistant.conversation import Conversation
from assistant.product import Kind
from assistant.sales_need import CustomerFacts, SalesNeed
from assistant.staff_understanding import StaffUnderstanding
from knowledge_base.passage import Audience
from tests.conftest import KnowledgeBase

DAY = date(2026, 11, 22)
CASES: list[dict[str, Any]] = yaml.safe_load(
    Path(__file__).with_suffix(".yaml").with_stem("staff_needs").read_text("utf-8")
)
STAFF = Conversation(audience=Audience.STAFF)


@pytest.fixture(scope="module")
def staff(shipped: KnowledgeBase) -> StaffUnderstanding:
    return StaffUnderstanding(Catalogue(shipped.search).products)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["say"])
def test_what_staff_say_is_understood(staff: StaffUnderstanding, case: dict[str, Any]) -> None:
    assert _told(staff.understand(case["say"], STAFF, DAY)) == {
        key: case[key] for key in case if key not in ("say", "new")
    }


def _told(found: GuideSale | CompareProducts | CheckSale | None) -> dict[str, Any]:
    if found is None:
        return {}
    need, facts = found.need, found.need.facts
    form = {GuideSale: "guide", CompareProducts: "compare", CheckSale: "check"}[type(found)]
    told: dict[str, Any] = {"ages": facts.ages, "level": facts.level, "amount": facts.amount, "spare": facts.spare_days}
    told |= {"levels": need.levels, "minimum": need.most_minimum, "fee": need.most_fee, "like": need.like}
    told |= {"expired": facts.expired or None, "order": need.order and need.order.value}
    told |= {"term": need.term, "kinds": need.kinds, "not_kinds": need.not_kinds}
    if isinstance(found, CompareProducts):
        told = {"products": found.compared}
    if isinstance(found, CheckSale):
        told["products"] = found.checked
    plain = {
        key: [str(one) if isinstance(one, Kind) else one for one in value] if isinstance(value, tuple) else value
        for key, value in told.items()
    }
    return {"form": form} | {key: value for key, value in plain.items() if value not in (None, [])}


SPOKEN = Conversation(
    audience=Audience.STAFF,
    guided="recommend",
    need=SalesNeed(CustomerFacts((45, 45), 2, amount=200_000, spare_days=365)),
)


@pytest.mark.parametrize(
    ("say", "changes"),
    [
        ("那70岁呢", {"ages": [70, 70]}),
        ("那换个40岁的呢", {"ages": [40, 40]}),
        ("要是他测评过期了呢", {"expired": True}),
        ("换成C3", {"level": 3}),
        ("如果是平衡型呢", {"level": 3}),
        ("只要存款", {"kinds": ["deposit", "certificate"]}),
        ("50万呢", {"amount": 500_000}),
        ("半年后要用呢", {"spare": 180}),
        ("随时要取的呢", {"spare": 0}),
        ("不要基金", {"not_kinds": ["fund"]}),
        ("期限短一点的", {"order": "term"}),
        ("为什么没有基金", {"kinds": ["fund"]}),
        ("what about 70 years old", {"ages": [70, 70]}),
        ("那七十歲呢", {"ages": [70, 70]}),
    ],
)
def test_one_fact_changed_carries_the_rest(staff: StaffUnderstanding, say: str, changes: dict[str, Any]) -> None:
    before = {"form": "guide", "ages": [45, 45], "level": 2, "amount": 200_000, "spare": 365}
    assert _told(staff.understand(say, SPOKEN, DAY)) == before | changes


def test_why_not_is_asked_of_the_customer_spoken_of(staff: StaffUnderstanding) -> None:
    found = staff.understand("为什么没有权益精选", SPOKEN, DAY)
    assert isinstance(found, CheckSale)
    assert (found.checked, found.need.facts.level) == (("云杉·进取权益精选",), 2)


def test_a_fact_told_after_a_check_is_said_of_the_product_checked(staff: StaffUnderstanding) -> None:
    checked = replace(SPOKEN, guided="check", compared=("云杉·进取权益精选",))
    found = staff.understand("如果是C4呢", checked, DAY)
    assert isinstance(found, CheckSale)
    assert (found.checked, found.need.facts.level) == (("云杉·进取权益精选",), 4)


def test_it_is_the_first_that_was_offered(staff: StaffUnderstanding) -> None:
    found = staff.understand("稳盈90天和它比呢", replace(SPOKEN, compared=("云杉·安享1年封闭",)), DAY)
    assert isinstance(found, CompareProducts)
    assert found.compared == ("云杉·安享1年封闭", "云杉·稳盈90天")


def test_an_assessment_of_last_year_is_not_taken_for_a_valid_one(staff: StaffUnderstanding) -> None:
    found = staff.understand("客户去年10月份做的测评C3，今天要买固收增强18个月，能办吗", STAFF, DAY)
    assert isinstance(found, CheckSale)
    assert found.need.facts == CustomerFacts(None, 3, date(2025, 10, 1))


def test_another_customer_begins_anew(staff: StaffUnderstanding) -> None:
    found = staff.understand("另一个客户，30岁，C4，推荐什么", SPOKEN, DAY)
    assert isinstance(found, GuideSale)
    assert found.need.facts == CustomerFacts((30, 30), 4)


@pytest.mark.parametrize("say", ["好的谢谢", "网点几点关门", "双录要录多久", "转人工"])
def test_what_is_said_beside_the_sale_is_left_alone(staff: StaffUnderstanding, say: str) -> None:
    assert staff.understand(say, SPOKEN, DAY) is None


@pytest.mark.parametrize("say", ["说错了，不是合格投资者", "他算不上合格投资者", "认定没通过", "不是合格投资者"])
def test_who_was_taken_for_a_qualified_investor_is_so_no_more(staff: StaffUnderstanding, say: str) -> None:
    before = replace(SPOKEN, need=SalesNeed(CustomerFacts((50, 50), 5, qualified=True, amount=3_000_000)))
    found = staff.understand(say, before, DAY)
    assert isinstance(found, GuideSale)
    assert found.need.facts == CustomerFacts((50, 50), 5, qualified=False, amount=3_000_000)


@pytest.mark.parametrize(
    ("say", "level", "expired"),
    [
        ("客户是C3", 3, True),
        ("不是C4，是C3", 3, True),
        ("他说自己是C4但测评是C3", 3, True),
        ("重新测评了，是C3", 3, False),
        ("刚做了测评，C3", 3, False),
    ],
)
def test_an_expired_assessment_stays_so_until_a_new_one(
    staff: StaffUnderstanding, say: str, level: int, expired: bool
) -> None:
    before = replace(SPOKEN, need=SalesNeed(CustomerFacts((45, 45), 4, expired=True, amount=200_000)))
    found = staff.understand(say, before, DAY)
    assert isinstance(found, GuideSale)
    assert found.need.facts == CustomerFacts((45, 45), level, expired=expired, amount=200_000)
