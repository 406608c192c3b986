from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from assistant.demo_bank import query
from assistant.demo_bank.database.tables import cards, customers
from tests.unit.demo_bank.conftest import Bank

LOCALES = ("zh-CN", "en")


def card(bank: Bank, customer: str, locale: str = "zh-CN") -> Mapping[str, Any]:
    return query.ask(bank.store, bank.rules, "customer_card", customer, {}, locale).values


def labels(bank: Bank, customer: str, values: str, locale: str = "zh-CN") -> list[str]:
    return [item["label"] for item in card(bank, customer, locale)[values]]


def test_who_the_customer_is(bank: Bank) -> None:
    found = card(bank, "c1001")
    assert {name: text for name, text in found.items() if isinstance(text, str)} == {
        "name": "林*雯", "age": "34", "gender": "女", "level": "金卡", "risk_level": "C3",
        "branch": "云杉银行杭州西溪支行", "phone": "161****1001", "since": "2020年11月3日",
    }  # fmt: skip


def test_in_english_the_level_stays_what_rules_go_by(bank: Bank) -> None:
    found = card(bank, "c1016", "en")
    told = tuple(found[name] for name in ("name", "gender", "level", "branch", "since"))
    assert told == ("O*** G***", "male", "金卡", "Shanghai Lujiazui Branch", "22 January 2023")


@pytest.mark.parametrize(
    ("customer", "chinese", "english"),
    [("c1006", "C3（评估已过期）", "C3 (assessment expired)"), ("c1009", "未评估", "not assessed")],
)
def test_a_risk_level_that_does_not_count_says_so(bank: Bank, customer: str, chinese: str, english: str) -> None:
    assert [card(bank, customer, locale)["risk_level"] for locale in LOCALES] == [chinese, english]


def test_products_by_kind_and_state(bank: Bank) -> None:
    assert labels(bank, "c1010", "products") == [
        "Ⅰ类户 尾号9193（正常）", "云杉借记卡 尾号9193（正常）", "云杉车主信用卡 尾号0988（已冻结）", "云盾 尾号1010（已锁定）",
    ]  # fmt: skip
    assert labels(bank, "c1007", "products", "en")[-1] == "debit card ending 1629 (PIN locked)"
    assert "云杉借记卡 尾号7575（挂失已到期）" in labels(bank, "c1021", "products")


@pytest.mark.parametrize(
    ("customer", "expected"),
    [
        ("c1001", ["云杉金信用卡申请：已批准，待客户确认"]),
        ("c1002", ["预约 YY00001002：2026年11月26日 10:00-11:00 云杉银行南京新街口支行，风险评估"]),
        ("c1005", ["预约 SL00001005：2026年11月24日 14:00-15:00 云杉银行上海陆家嘴支行，双录 云杉·进取权益精选"]),
        ("c1006", ["投诉 TS00001006（网点服务），2026年11月29日前答复"]),
        ("c1007", []),
        ("c1015", ["身份证件将于2027年1月6日到期"]),
        ("c1012", ["云杉青年信用卡申请未提交，保留至2026年12月18日"]),
        (
            "c1021",
            [
                "云杉借记卡 尾号0286 已正式挂失",
                "云杉借记卡 尾号7575 口头挂失已于2026年11月18日到期",
                "云杉她享信用卡 尾号3946 已挂失",
            ],
        ),
    ],
)
def test_what_is_open(bank: Bank, customer: str, expected: list[str]) -> None:
    assert labels(bank, customer, "open_matters") == expected


def test_what_is_asked_and_decided_comes_and_goes(bank: Bank) -> None:
    prepared = bank.operations.prepare("erase_my_data", "c1007", {}, "zh-CN")
    assert prepared.id and bank.operations.commit(prepared.id, "key").outcome == "done"
    assert [label[:6] for label in labels(bank, "c1007", "open_matters")] == ["删除个人信息"]
    assert len(labels(bank, "c1002", "open_matters")) == 1
    bank.clock.move(days=4, hours=-1)
    assert labels(bank, "c1002", "open_matters") == []


@pytest.mark.parametrize("locale", LOCALES)
def test_nobody_is_named_and_no_number_is_whole(bank: Bank, locale: str) -> None:
    for number in (*range(1001, 1018), 1021, 1022, 1031, 1032):
        customer = f"c{number}"
        record = bank.rows(customers, customer)[0]
        told = str(card(bank, customer, locale))
        secrets = [record[name] for name in ("name", "name_en", "phone", "resident_id", "address")]
        assert not [
            secret for secret in [*secrets, *(row["number"] for row in bank.rows(cards, customer))] if secret in told
        ]
