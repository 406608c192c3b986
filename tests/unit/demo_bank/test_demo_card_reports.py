from __future__ import annotations

from assistant.demo_bank import query
from assistant.demo_bank.database.tables import cards
from tests.unit.demo_bank.conftest import Bank

CARD = {"card": "c1007-k1"}


def report(bank: Bank, key: str) -> str:
    prepared = bank.operations.prepare("report_lost_card", "c1007", CARD, "zh-CN")
    assert prepared.id, prepared.outcome
    return bank.operations.commit(prepared.id, key).outcome


def test_a_report_lapses_after_five_days_and_can_be_made_again(bank: Bank) -> None:
    assert report(bank, "first") == "done"
    bank.clock.move(days=4, hours=23)
    assert bank.operations.prepare("report_lost_card", "c1007", CARD, "zh-CN").outcome == "already_reported"
    bank.clock.move(hours=2)
    assert bank.operations.prepare("lift_lost_report", "c1007", CARD, "zh-CN").outcome == "lapsed"
    assert query.ask(bank.store, bank.rules, "cards_to_block", "c1007", {}, "zh-CN").outcome == "found"
    assert report(bank, "again") == "done"
    assert bank.rows(cards, "c1007")[0]["lost_until"].startswith("2026-12-02")


def test_what_is_reported_meanwhile_is_not_reported_twice(bank: Bank) -> None:
    early = bank.operations.prepare("report_lost_card", "c1007", CARD, "zh-CN")
    assert report(bank, "first") == "done"
    assert bank.operations.commit(early.id or "", "second").outcome == "not_done"


def test_a_card_that_was_never_activated_is_not_so_after_its_report_is_lifted(bank: Bank) -> None:
    card = {"card": "c1013-k2"}
    for name in ("report_lost_card", "lift_lost_report"):
        prepared = bank.operations.prepare(name, "c1013", card, "zh-CN")
        assert bank.operations.commit(prepared.id or "", name).outcome == "done"
    assert bank.rows(cards, "c1013")[1]["status"] == "not_activated"
