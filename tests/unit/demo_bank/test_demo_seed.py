from __future__ import annotations

import re
from collections import Counter
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import OperationalError

from assistant.demo_bank.database.store import Store
from assistant.demo_bank.database.tables import (
    accounts,
    applications,
    branches,
    cards,
    customers,
    metadata,
    recordings,
    transactions,
    visits,
)
from assistant.demo_bank.seed.seed import fill
from tests.unit.demo_bank.conftest import NOON, Bank

CATEGORIES = {"餐饮", "交通", "购物", "生活缴费", "医疗", "教育", "转账", "工资", "理财", "其他"}


def dump(store: Store) -> dict[str, list[tuple[object, ...]]]:
    with store.reading() as connection:
        return {
            table.name: [tuple(row) for row in connection.execute(select(table))] for table in metadata.sorted_tables
        }


def everyone(bank: Bank) -> list[dict[str, object]]:
    with bank.store.reading() as connection:
        return [dict(row) for row in connection.execute(select(customers)).mappings()]


class TestFill:
    def test_is_the_same_each_time(self, bank: Bank, tmp_path: Path) -> None:
        other = Store(tmp_path / "other.sqlite3")
        with other.writing() as connection:
            fill(connection, NOON)
        assert dump(other) == dump(bank.store)
        other.close()

    def test_leaves_a_bank_alone_that_has_customers(self, bank: Bank) -> None:
        before = dump(bank.store)
        with bank.store.writing() as connection:
            fill(connection, NOON + timedelta(days=400))
        assert dump(bank.store) == before

    @pytest.mark.parametrize("days", range(7))
    def test_books_nobody_when_the_branch_is_closed(self, tmp_path: Path, days: int) -> None:
        store = Store(tmp_path / "other.sqlite3")
        with store.writing() as connection:
            fill(connection, NOON + timedelta(days=days))
        with store.reading() as connection:
            for table in (visits, recordings):
                booked = select(table.c.day, branches.c.open_days).join(branches, branches.c.name == table.c.branch)
                for day, open_days in connection.execute(booked):
                    assert str(date.fromisoformat(day).isoweekday()) in open_days
        store.close()

    @pytest.mark.parametrize("days", [0, 1, 10, 38, 98, 190, 464])
    def test_holds_on_any_day(self, tmp_path: Path, days: int) -> None:
        store, now = Store(tmp_path / "other.sqlite3"), NOON + timedelta(days=days)
        with store.writing() as connection:
            fill(connection, now)
        with store.reading() as connection:
            worst = connection.scalar(select(func.min(transactions.c.balance_fen)))
            last = str(connection.scalar(select(func.max(transactions.c.at))))
        store.close()
        assert worst is not None and worst >= 0
        assert last[:10] < now.date().isoformat()

    def test_readers_cannot_write(self, bank: Bank) -> None:
        with pytest.raises(OperationalError, match="readonly"), bank.store.reading() as connection:
            connection.execute(customers.update().values(name="nobody"))


class TestCustomers:
    def test_numbers_are_valid_in_form(self, bank: Bank) -> None:
        for row in everyone(bank):
            assert re.fullmatch(r"161\d{8}", str(row["phone"]))
            number = str(row["resident_id"])
            weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
            total = sum(int(digit) * weight for digit, weight in zip(number, weights, strict=False))
            assert number[17] == "10X98765432"[total % 11]
            assert number[6:14] == str(row["birth_date"]).replace("-", "")
            assert int(number[16]) % 2 == (row["gender"] == "男")

    def test_accounts_and_cards_have_luhn_numbers(self, bank: Bank) -> None:
        with bank.store.reading() as connection:
            numbers = [*connection.scalars(select(accounts.c.number)), *connection.scalars(select(cards.c.number))]
            kinds = {row.number: row.kind for row in connection.execute(select(cards.c.number, cards.c.kind))}
        for number in numbers:
            digits = [int(digit) for digit in reversed(number)]
            assert number.startswith("62")
            assert len(number) == (16 if kinds.get(number) == "credit" else 19)
            assert sum(digits[0::2] + [sum(divmod(2 * digit, 10)) for digit in digits[1::2]]) % 10 == 0

    def test_all_stories_are_told_twice(self, bank: Bank) -> None:
        for row in everyone(bank):
            assert len(str(row["story_zh"])) < 80
            assert str(row["story_en"]).isascii()

    def test_holds_at_most_one_class_one_account(self, bank: Bank) -> None:
        with bank.store.reading() as connection:
            owners = connection.scalars(select(accounts.c.customer).where(accounts.c.account_class == "I"))
            assert max(Counter(owners).values()) == 1

    def test_everyone_is_there_who_is_needed(self, bank: Bank) -> None:
        assert len(everyone(bank)) >= 14
        assert bank.rows(applications, "c1001")[0]["status"] == "awaiting_confirmation"
        assert bank.rows(customers, "c1003")[0]["guardian"] == "c1004"
        assert not bank.rows(cards, "c1014")
        with bank.store.reading() as connection:
            assert connection.scalar(select(func.count()).select_from(branches)) == 10


class TestTransactions:
    def test_balances_add_up_to_the_account(self, bank: Bank) -> None:
        for customer in ("c1001", "c1002", "c1004", "c1005", "c1013", "c1016"):
            lines = sorted(bank.rows(transactions, customer), key=lambda line: str(line["id"]))
            assert [line["at"] for line in lines] == sorted(str(line["at"]) for line in lines)
            own = [line for line in lines if line["account"]]
            for before, after in pairwise(own):
                assert before["balance_fen"] + after["amount_fen"] == after["balance_fen"]
            assert own[-1]["balance_fen"] == bank.rows(accounts, customer)[0]["balance_fen"]
            assert len(lines) > 900

    def test_have_known_categories(self, bank: Bank) -> None:
        with bank.store.reading() as connection:
            found = set(connection.scalars(select(transactions.c.category)))
        assert found == CATEGORIES
