"""The demo bank's ten credit cards and its rules for lost cards are those of bank_facts.yaml."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from assistant.demo_bank import card_eligibility, credit_card, shown
from assistant.demo_bank.credit_card import CreditCard
from assistant.demo_bank.operations import report_lost_card
from assistant.flow import read

Facts = dict[str, dict[str, Any]]
ROOT = Path(__file__).parents[2]
CARDS = pytest.mark.parametrize("card", credit_card.all_cards(), ids=lambda card: card.id)


@pytest.fixture(scope="module")
def facts() -> dict[str, Facts]:
    entries = yaml.safe_load((ROOT / "tests" / "contract" / "bank_facts.yaml").read_text(encoding="utf-8"))
    return {entry["subject"]: entry["facts"] for entry in entries}


def yuan(text: str) -> int:
    """1,800元, 3万元, and nothing for 免费."""
    found = re.search(r"([\d,]+)(万?)元", text)
    return int(found[1].replace(",", "")) * (10_000 if found[2] else 1) if found else 0


def fact(facts: dict[str, Facts], card: CreditCard, name: str) -> str:
    """A card's own fact, or the one that holds for all."""
    return str({**facts["云杉信用卡通用规则"], **facts[card.name]}[name]["value"])


def test_all_ten_are_there(facts: dict[str, Facts]) -> None:
    registered = {name for name in facts if name.startswith("云杉") and name.endswith("信用卡")}
    assert {card.name for card in credit_card.all_cards()} == registered


@CARDS
def test_figures(facts: dict[str, Facts], card: CreditCard) -> None:
    assert card.about["fee"] == yuan(fact(facts, card, "年费"))
    assert card.told("waiver", "zh-CN") == fact(facts, card, "免年费条件")
    assert shown.choose("zh-CN", f"{card.ages[0]}至{card.ages[1]}周岁", "") == fact(facts, card, "申请年龄")
    assert card.income == yuan(fact(facts, card, "收入要求"))
    assert card.lost_fee == yuan(fact(facts, card, "挂失费"))
    assert card.replacement_fee == yuan(fact(facts, card, "补卡费"))


@CARDS
def test_each_can_be_named_and_is_for_a_need_that_is_offered(card: CreditCard) -> None:
    options = read(ROOT / "assistant" / "flows" / "apply_credit_card.yaml").slots["wish"].options
    assert options[card.id].label.zh == card.name
    assert options[card.id].label.en == card.label("en")
    assert options[card.id].quiet
    assert card.about["for"]
    assert set(card.about["for"]) <= {name for name, option in options.items() if not option.quiet}


def test_rules(facts: dict[str, Facts]) -> None:
    general = facts["云杉信用卡通用规则"]
    assert general["申请年龄"]["value"] == f"{card_eligibility.YOUNGEST}至{card_eligibility.OLDEST}周岁"
    assert general["持卡张数上限"]["value"] == f"{card_eligibility.MOST_CARDS}张"
    assert facts["挂失服务"]["口头挂失有效期"]["value"] == f"{report_lost_card.LASTS.days}天"
