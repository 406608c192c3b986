"""What counts as offering a product, and that the suite of staff's questions is whole."""

from __future__ import annotations

import pytest

from evals import suite
from evals.evaluators.product import offered
from evals.record import PlayedTurn

TABLE = """**可以谈的**

| 产品 | 风险等级 |
| --- | --- |
| 云杉·稳盈90天 [1] | R2 |

也符合：云杉·稳盈180天。

**没有列出的**

- 高于客户的风险等级：云杉·固收增强18个月（R3）
"""


def replied(text: str) -> PlayedTurn:
    return PlayedTurn(said="", reply=text)


@pytest.mark.parametrize(
    ("name", "expected"), [("稳盈90天", True), ("稳盈180天", True), ("固收增强18个月", False), ("安享1年封闭", False)]
)
def test_a_product_is_offered_where_it_stands_among_what_fits(name: str, expected: bool) -> None:
    assert offered(replied(TABLE), name, "推荐什么") is expected


def test_a_line_that_leaves_out_offers_nothing() -> None:
    assert not offered(replied("金秋分期礼已结束，不再接受参与。"), "金秋分期礼", "有什么活动")
    assert offered(replied("陆家嘴跨境服务月：首笔境外汇款手续费减免。"), "陆家嘴跨境服务月", "有什么活动")


def test_who_names_a_product_is_only_offered_it_by_a_yes() -> None:
    asked = "固收增强18个月能卖吗"
    assert not offered(replied("云杉·固收增强18个月风险等级为R3。"), "固收增强18个月", asked)
    assert offered(replied("云杉·固收增强18个月可以卖给这位客户。"), "固收增强18个月", asked)


def test_a_check_says_itself_what_may_be_sold() -> None:
    asked = "固收增强18个月能卖吗"
    checked = {"guided": "check", "offered": ("云杉·固收增强18个月",)}
    assert offered(PlayedTurn(said=asked, reply="按已知条件可以", **checked), "固收增强18个月", asked)
    open_still = PlayedTurn(said=asked, reply="云杉·固收增强18个月：在售，能不能卖要看风险等级", **checked)
    assert not offered(open_still, "固收增强18个月", asked)
    refused = PlayedTurn(said=asked, reply="云杉·固收增强18个月：可以卖的只有C3", guided="check", offered=())
    assert not offered(refused, "固收增强18个月", asked)


def test_there_are_forty_questions_ten_of_them_for_tuning() -> None:
    cases = suite.load(suite.SHIPPED / "staff_guidance.yaml").cases
    assert len(cases) == 40
    assert sum(case.split == "tune" for case in cases) == 10
    assert not any(name in case.not_products for case in cases for group in case.products for name in group)
