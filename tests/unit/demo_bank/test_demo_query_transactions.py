from __future__ import annotations

import pytest

from assistant.demo_bank import query
from assistant.demo_bank.database.tables import transactions
from assistant.demo_bank.outcome import Answer
from tests.unit.demo_bank.conftest import Bank

OCTOBER = "2026-10-01/2026-10-31"


def ask(bank: Bank, **inputs: str) -> Answer:
    return query.ask(bank.store, bank.rules, "query_transactions", "c1001", {"period": OCTOBER, **inputs}, "zh-CN")


def money(fen: int) -> str:
    return f"{abs(fen) / 100:,.2f}".removesuffix(".00") + "元"


class TestQueryTransactions:
    def test_counts_what_went_in_and_out_and_not_what_only_moved(self, bank: Bank) -> None:
        rows = [row for row in bank.rows(transactions, "c1001") if row["at"].startswith("2026-10")]
        counted = [row["amount_fen"] for row in rows if row["kind"] not in ("repayment", "investment")]
        told = ask(bank).values
        assert told["count"] == str(len(rows))
        assert told["spent"] == money(sum(fen for fen in counted if fen < 0))
        assert told["received"] == money(sum(fen for fen in counted if fen > 0))
        assert "信用卡还款" in told["apart"]

    def test_tells_ten_lines_at_most_the_largest_among_them(self, bank: Bank) -> None:
        lines = ask(bank).values["lines"]
        assert len(lines) == 10
        assert any(isinstance(line, dict) and line["category"] == "工资" for line in lines)

    def test_wealth_products_count_where_they_are_asked_for(self, bank: Bank) -> None:
        told = ask(bank, category="wealth").values
        assert told["apart"] == ""
        assert told["spent"] != "0元" or told["received"] != "0元"

    @pytest.mark.parametrize(("start", "outcome"), [("2023-11-22", "many"), ("2023-11-21", "too_early")])
    def test_looks_three_years_back(self, bank: Bank, start: str, outcome: str) -> None:
        assert ask(bank, period=f"{start}/2023-12-31").outcome == outcome
