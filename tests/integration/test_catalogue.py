"""The catalogue over the documents that ship: what it says stands in a cell, and nothing is chosen where two disagree."""

from __future__ import annotations

from datetime import date

import pytest

from assistant.catalogue import Catalogue, Products
from assistant.product import Kind
from knowledge_base.passage import Audience
from tests.conftest import KnowledgeBase, Open

DAY = date(2026, 11, 22)


@pytest.fixture(scope="module")
def products(shipped: KnowledgeBase) -> Products:
    return Catalogue(shipped.search).products(Audience.STAFF, DAY)


def test_every_statement_is_a_cell_of_the_passage_that_it_cites(products: Products) -> None:
    for product in products:
        for field in product.fields.values():
            for said in field.statements:
                assert said.text in said.source.passage.text, (product.name, said.text)


@pytest.mark.parametrize(
    ("name", "kind", "level", "minimum", "lock"),
    [
        ("云杉·日日盈现金管理1号", Kind.WEALTH, 1, 1, 0),
        ("云杉·稳盈90天", Kind.WEALTH, 2, 1_000, 90),
        ("云杉·安享1年封闭", Kind.WEALTH, 2, 10_000, 365),
        ("云杉·均衡配置混合", Kind.WEALTH, 3, 10_000, 90),
        ("云杉·全球多资产衍生策略", Kind.WEALTH, 5, 100_000, 730),
        ("松岭货币市场基金A", Kind.FUND, 1, 1, 0),
        ("松岭养老目标2045三年持有FOF Y份额", Kind.PENSION, 3, 10, 1095),
        ("定期存款（整存整取）1年", Kind.DEPOSIT, None, 50, 365),
        ("通知存款7天", Kind.DEPOSIT, None, 50_000, 7),
        ("大额存单3年", Kind.CERTIFICATE, None, 200_000, 1095),
        ("云杉·添杉结构性存款", Kind.STRUCTURED, 1, 10_000, 91),
        ("储蓄国债（电子式）3年", Kind.BOND, None, 100, 1095),
        ("云杉积存金", Kind.GOLD, 3, None, None),
        ("云杉私享·臻选固收1号（私募）", Kind.PRIVATE, 3, 300_000, 540),
        ("松岭远航私募证券投资基金（代销）", Kind.PRIVATE, 5, 1_000_000, 360),
        ("林海颐年终身寿险（增额）", Kind.INSURANCE, None, 5_000, None),
    ],
)
def test_products_are_read_as_their_tables_tell(
    products: Products, name: str, kind: Kind, level: int | None, minimum: int | None, lock: int | None
) -> None:
    product = products.named(name)
    assert product
    assert (product.kind, product.level, product.minimum, product.lock) == (kind, level, minimum, lock)


def test_the_rates_in_force_are_told_and_not_those_before(products: Products, shipped: KnowledgeBase) -> None:
    before = Catalogue(shipped.search).products(Audience.STAFF, date(2026, 5, 31))
    name = "定期存款（整存整取）1年"
    assert [(one.named(name) or one[0]).text("rate") for one in (products, before)] == ["0.95%", "1.15%"]


def test_ages_periods_and_maturity_are_read(products: Products) -> None:
    closed, gold, cover = (products.named(name) for name in ("云杉·安享1年封闭", "云杉积存金", "青松出行意外险"))
    assert closed
    assert gold
    assert cover
    assert closed.offered_between == (date(2026, 11, 16), date(2026, 11, 25))
    assert closed.matures == date(2026, 11, 27 - 1).replace(year=2027)
    assert (gold.ages, cover.ages) == ((18, 70), (18, 65))


def test_an_explicit_value_counts_before_a_dash(products: Products) -> None:
    cash = products.named("云杉·日日盈现金管理1号")
    assert cash
    assert cash.text("published") == "2026-11-20"


def test_documents_that_ship_disagree_in_nothing(products: Products) -> None:
    found = {(one.name, name) for one in products for name, field in one.fields.items() if field.disagrees}
    assert not found


def test_customers_are_told_of_no_private_product(shipped: KnowledgeBase) -> None:
    catalogue = Catalogue(shipped.search)
    assert not [one.name for one in catalogue.products(Audience.CUSTOMER, DAY) if one.is_private]
    assert len([one for one in catalogue.products(Audience.STAFF, DAY) if one.is_private]) == 2


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("日日盈和稳盈90哪个期限短", ["云杉·日日盈现金管理1号", "云杉·稳盈90天"]),
        ("為什麼沒有權益精選", ["云杉·进取权益精选"]),
        ("定期1年和大额存单1年", ["定期存款（整存整取）1年", "大额存单1年"]),
        ("一年不用", []),
        ("白金卡和尊享白金卡", ["云杉白金信用卡", "云杉尊享白金信用卡"]),
    ],
)
def test_products_are_known_by_what_staff_call_them(products: Products, text: str, names: list[str]) -> None:
    assert [mention.products[0].name for mention in products.mentions(text)] == names


TABLE = """---
title: {title}
---

| 产品名称 | 风险等级 | 期限 | 起购金额 | 申购费 |
|---|---|---|---|---|
| 青山·理财一号 | {level} | 90天 | {minimum} | {fee} |
"""


def test_two_documents_that_disagree_are_both_told_and_the_stricter_rules(open_knowledge: Open) -> None:
    knowledge = open_knowledge()
    knowledge.write("wealth/a.md", TABLE.format(title="清单", level="R2", minimum="1万元", fee="免费"))
    knowledge.write("wealth/b.md", TABLE.format(title="说明", level="R3", minimum="10,000元", fee="0元"))
    knowledge.ingest()
    catalogue = Catalogue(knowledge.search)
    product = catalogue.products(Audience.STAFF, DAY)[0]
    assert [said.text for said in product.fields["level"].statements] == ["R2", "R3"]
    assert product.level == 3
    assert not product.fields["minimum"].disagrees
    assert not product.fields["subscription_fee"].disagrees


def test_a_changed_table_is_read_at_once(open_knowledge: Open) -> None:
    knowledge = open_knowledge()
    knowledge.write("wealth/a.md", TABLE.format(title="清单", level="R2", minimum="1万元", fee="免费"))
    knowledge.ingest()
    catalogue = Catalogue(knowledge.search)
    assert catalogue.products(Audience.STAFF, DAY)[0].level == 2
    knowledge.write("wealth/a.md", TABLE.format(title="清单", level="R4", minimum="1万元", fee="免费"))
    knowledge.ingest()
    assert catalogue.products(Audience.STAFF, DAY)[0].level == 4
