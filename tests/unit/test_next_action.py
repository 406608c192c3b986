from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import pytest

from assistant.campaign import Campaign, Conditions, Status
from assistant.customer_card import CustomerCard
from assistant.next_action import NextActions
from tests.conftest import KnowledgeBase, Open

DAY = date(2026, 11, 22)
CARD = CustomerCard(
    "林*雯", 34, "女", "金卡", "C3", "云杉银行深圳福田支行", "", "", ("云杉借记卡 尾号6484（正常）",), ()
)
CAMPAIGN = Campaign(
    id="c", host="", status=Status.APPROVED, version=1, made_by="", made_at="", authors=(), name="岁末绿色支付季",
    starts=DAY, ends=DAY, audience="绑定快捷支付的客户", reward="随机立减", conditions=Conditions(holds=("借记卡",)),
)  # fmt: skip
RULE = "---\naudience: staff\n---\n# 适当性操作规程\n\n风险评估有效期为12个月，到期后须重新评估方可购买。\n"


def running(_branch: str, _day: date) -> Sequence[Campaign]:
    return [CAMPAIGN]


@pytest.fixture
def actions(knowledge: KnowledgeBase) -> NextActions:
    knowledge.write("staff/适当性操作规程.md", RULE)
    knowledge.ingest()
    return NextActions(knowledge.search, running)


def done(actions: NextActions, card: CustomerCard, *, trouble: bool = False, task: str | None = None) -> list[str]:
    return [one.do for one in actions.of(card, DAY, "zh", task=task, trouble=trouble)]


def test_of_an_ordinary_customer_the_campaign_that_applies_is_next(actions: NextActions) -> None:
    assert done(actions, CARD) == ["客户符合条件的，可以告知活动“岁末绿色支付季”：随机立减。"]
    assert done(actions, replace(CARD, products=())) == []


@pytest.mark.parametrize(
    ("changes", "first"),
    [
        ({"risk_level": "C3（评估已过期）"}, "客户有投资需要的，先在网点重新评估"),
        ({"open_matters": ("云杉金信用卡申请：已批准，待客户确认",)}, "提醒客户确认已批准的信用卡额度"),
        ({"open_matters": ("身份证件将于2027年1月6日到期",)}, "提醒更新身份证件"),
        ({"open_matters": ("云杉青年信用卡申请未提交，保留至2026年12月18日",)}, "问客户是否继续"),
        ({"age": 72}, "用大字版材料逐项讲解，建议家人陪同"),
        ({"products": ("Ⅰ类户 尾号9193（长期不动户）",)}, "提醒客户持身份证到网点激活"),
    ],
)
def test_each_rule_tells_what_to_do(actions: NextActions, changes: dict[str, object], first: str) -> None:
    assert done(actions, replace(CARD, **changes))[0].startswith(first)  # type: ignore[arg-type]


def test_the_reason_is_cited_where_the_documents_give_it(actions: NextActions) -> None:
    found = actions.of(replace(CARD, risk_level="未评估"), DAY, "zh")
    assert found[0].citation
    assert "风险评估有效期为12个月" in found[0].citation.text
    assert found[0].why == "风险评估已过期或没有做过。"


@pytest.mark.parametrize(
    ("changes", "trouble"),
    [
        ({}, True),
        ({"open_matters": ("投诉 TS00001006（网点服务），2026年11月29日前答复",)}, False),
        ({"age": 15}, False),
        ({"age": None}, False),
    ],
)
def test_nothing_is_sold_in_trouble_to_a_child_or_at_an_unknown_age(
    actions: NextActions, changes: dict[str, object], trouble: bool
) -> None:
    card = replace(CARD, risk_level="未评估", **changes)  # type: ignore[arg-type]
    assert done(actions, card, trouble=trouble) == []


def test_the_open_task_comes_first_and_the_list_stays_short(actions: NextActions) -> None:
    matters = ("云杉金信用卡申请：已批准，待客户确认", "身份证件将于2027年1月6日到期", "卡已挂失")
    many = replace(CARD, age=70, risk_level="未评估", open_matters=matters)
    assert done(actions, CARD, task="变更手机号")[0] == "先帮客户办完“变更手机号”。"
    assert len(done(actions, many)) == 4


def test_in_english(open_knowledge: Open) -> None:
    actions = NextActions(open_knowledge().search, running)
    found = actions.of(replace(CARD, age=72), DAY, "en")
    assert found[0].do.startswith("Use large-print material")
    assert found[0].citation is None
