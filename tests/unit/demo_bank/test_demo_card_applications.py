from __future__ import annotations

import pytest

from assistant.demo_bank import query
from assistant.demo_bank.database.tables import application_drafts, applications
from assistant.demo_bank.outcome import Answer
from tests.unit.demo_bank.conftest import Bank

FORM = {
    "card": "platinum",
    "employer": "杭州云帆科技有限公司",
    "occupation": "public",
    "annual_income": "260000.00",
    "delivery_address": "杭州市西湖区文三路100号",
}


def ask(bank: Bank, name: str, customer: str, **inputs: str) -> Answer:
    return query.ask(bank.store, bank.rules, name, customer, inputs, "zh-CN")


class TestDrafts:
    def test_what_was_prepared_is_kept_for_thirty_days(self, bank: Bank) -> None:
        bank.operations.prepare("apply_credit_card", "c1001", FORM, "zh-CN")
        bank.clock.move(days=30)
        assert ask(bank, "application_draft", "c1001").values["draft_card"] == "云杉白金信用卡"
        form = ask(bank, "application_form", "c1001", card="platinum").values
        assert form["employer"] == FORM["employer"]
        assert form["occupation"] == "public"
        bank.clock.move(days=1)
        assert ask(bank, "application_draft", "c1001").outcome == "none"

    def test_there_is_none_once_it_is_submitted(self, bank: Bank) -> None:
        form = FORM | {"card": "youth", "annual_income": "58000.00"}
        bank.operations.prepare("apply_credit_card", "c1012", form, "zh-CN")
        prepared = bank.operations.prepare("apply_credit_card", "c1012", form, "zh-CN")
        assert bank.operations.commit(prepared.id or "", "key").outcome == "done"
        assert ask(bank, "application_draft", "c1012").outcome == "none"
        assert bank.rows(application_drafts, "c1012") == []
        assert bank.rows(applications, "c1012")[-1]["status"] == "submitted"


def test_the_last_day_to_confirm_is_still_in_time(bank: Bank) -> None:
    inputs = {"application": "c1001-p1", "delivery_address": "杭州市西湖区青禾路18号"}
    bank.clock.move(days=12)
    assert bank.operations.prepare("confirm_card_application", "c1001", inputs, "zh-CN").outcome == "ready"
    bank.clock.move(days=1)
    assert bank.operations.prepare("confirm_card_application", "c1001", inputs, "zh-CN").outcome == "expired"


def test_two_applications_for_one_card_are_not_made(bank: Bank) -> None:
    first, second = (bank.operations.prepare("apply_credit_card", "c1001", FORM, "zh-CN") for _ in range(2))
    assert bank.operations.commit(first.id or "", "first").outcome == "done"
    assert bank.operations.commit(second.id or "", "second").outcome == "not_done"
    assert len(bank.rows(applications, "c1001")) == 2


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("青禾软件", ["杭州青禾软件有限公司", "keep"]),
        ("云帆", ["杭州云帆科技有限公司", "杭州云帆网络技术有限公司", "深圳云帆信息科技有限公司", "keep"]),
        ("云帆科技公司", ["杭州云帆科技有限公司", "深圳云帆信息科技有限公司", "keep"]),
    ],
)
def test_employers_are_completed(bank: Bank, typed: str, found: list[str]) -> None:
    employers = ask(bank, "suggest_employers", "c1001", employer=typed).values["employers"]
    assert [one["id"] for one in employers if isinstance(one, dict)] == found
