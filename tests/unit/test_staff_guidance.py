"""What counts as offering a product, and that the suite of staff's questions is whole."""

from __future__ import annotations

import pytest
import yaml

from assistant.event import SaleGuided
from assistant.sales_need import SalesNeed
from evals import staff_guidance
from evals.staff_guidance import Suite, offered

TABLE = """**可以谈的**

| 产品 | 风险等级 |
| --- | --- |
| 云杉·稳盈90天 [1] | R2 |

也符合：云杉·稳盈180天。

**没有列出的**

- 高于客户的风险等级：云杉·固收增强18个月（R3）
"""


@pytest.mark.parametrize(
    ("name", "expected"), [("稳盈90天", True), ("稳盈180天", True), ("固收增强18个月", False), ("安享1年封闭", False)]
)
def test_a_product_is_offered_where_it_stands_among_what_fits(name: str, expected: bool) -> None:
    assert offered(TABLE, name, None, "推荐什么") is expected


def test_a_line_that_leaves_out_offers_nothing() -> None:
    assert not offered("金秋分期礼已结束，不再接受参与。", "金秋分期礼", None, "有什么活动")
    assert offered("陆家嘴跨境服务月：首笔境外汇款手续费减免。", "陆家嘴跨境服务月", None, "有什么活动")


def test_who_names_a_product_is_only_offered_it_by_a_yes() -> None:
    asked = "固收增强18个月能卖吗"
    assert not offered("云杉·固收增强18个月风险等级为R3。", "固收增强18个月", None, asked)
    assert offered("云杉·固收增强18个月可以卖给这位客户。", "固收增强18个月", None, asked)


def test_a_check_says_itself_what_may_be_sold() -> None:
    told = SaleGuided(SalesNeed(), "check", ("云杉·固收增强18个月",), (), ())
    assert offered("按已知条件可以", "固收增强18个月", told, "固收增强18个月能卖吗")
    refused = SaleGuided(SalesNeed(), "check", (), (), ())
    assert not offered("云杉·固收增强18个月：可以卖的只有C3", "固收增强18个月", refused, "固收增强18个月能卖吗")


def test_there_are_forty_questions_ten_of_them_for_tuning() -> None:
    suite = Suite.model_validate(yaml.safe_load(staff_guidance.SUITE.read_text(encoding="utf-8")))
    assert len({case.id for case in suite.cases}) == len(suite.cases) == 40
    assert sum(case.split == "tune" for case in suite.cases) == 10
    assert not any(name in case.not_products for case in suite.cases for group in case.products for name in group)
