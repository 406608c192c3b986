"""The demo bank does what the actions declare, and agrees with the documents."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from sqlalchemy import select

from assistant.action import Operation, Query, actions
from assistant.banks.none import NoBank
from assistant.banks.with_desk import BankWithDesk
from assistant.demo_bank import members, query, shown
from assistant.demo_bank.database.store import Store
from assistant.demo_bank.database.tables import branches, cards, customers, phone_changes, products, quick_pay
from assistant.demo_bank.operation import Operations
from assistant.demo_bank.rules import ZONE, Rules
from assistant.demo_bank.seed.seed import fill
from assistant.desk_rules import load
from assistant.settings import Settings
from assistant.slot import Asked, Filled
from assistant.slots import bank_card, mobile, resident_id

Call = Mapping[str, Any]
ROOT = Path(__file__).parents[1]
CALLS = ROOT / "unit" / "demo_bank" / "calls"
NOW = datetime(2026, 11, 23, 10, 0, tzinfo=ZONE)
DESKS = set(BankWithDesk(NoBank(), load(Settings().desk_file)).own)
BANKS = {name: action for name, action in actions().items() if name not in DESKS}
LOCALES = ("zh-CN", "en")


def calls(name: str) -> list[Call]:
    """Calls of an action that between them end in every way it declares."""
    path = CALLS / f"{name}.yaml"
    assert path.exists(), f"write calls of {name} that end in each of its outcomes: {path}"
    found: list[Call] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return found


def every_call() -> list[Any]:
    return [pytest.param(name, call, id=f"{name}-{number}") for name in actions() if (CALLS / f"{name}.yaml").exists()
            for number, call in enumerate(calls(name), 1)]  # fmt: skip


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("bank") / "bank.sqlite3"
    store = Store(path)
    with store.writing() as connection:
        fill(connection, NOW)
    store.close()
    return path


@pytest.fixture
def store(filled: Path, tmp_path: Path) -> Iterator[Store]:
    shutil.copy(filled, tmp_path / "bank.sqlite3")
    store = Store(tmp_path / "bank.sqlite3")
    yield store
    store.close()


class TestActions:
    def test_each_has_its_module_in_the_bank(self) -> None:
        declared = {Operation: set(members.operations()), Query: set(members.queries())}
        for kind, modules in declared.items():
            assert {name for name, action in BANKS.items() if isinstance(action, kind)} == modules

    @pytest.mark.parametrize("name", sorted(BANKS))
    def test_each_outcome_is_called(self, name: str) -> None:
        action = actions()[name]
        declared = action.prepare.outcomes if isinstance(action, Operation) else action.outcomes
        assert {call["outcome"] for call in calls(name)} == set(declared)

    @pytest.mark.parametrize("locale", LOCALES)
    @pytest.mark.parametrize(("name", "call"), every_call())
    def test_each_call_ends_as_declared(self, store: Store, name: str, call: Call, locale: str) -> None:
        action, rules = actions()[name], Rules(now=lambda: NOW)
        desk = Operations(store, rules)
        for number, before in enumerate(call.get("after", ())):
            do(desk, before["name"], before, f"before-{number}", locale)
        assert set(call["inputs"]) <= set(action.inputs)
        if isinstance(action, Operation):
            state = desk.prepare(name, call["customer"], call["inputs"], locale)
            declared, outcome, values = action.prepare.outcomes, state.outcome, state.values
        else:
            answer = query.ask(store, rules, name, call["customer"], call["inputs"], locale)
            declared, outcome, values = action.outcomes, answer.outcome, answer.values
        assert outcome == call["outcome"]
        assert set(values) == set(declared[outcome])
        check_values(store, call["customer"], values)

    @pytest.mark.parametrize("locale", LOCALES)
    @pytest.mark.parametrize(("name", "call"), every_call())
    def test_what_is_ready_can_be_done(self, store: Store, name: str, call: Call, locale: str) -> None:
        action = actions()[name]
        if not isinstance(action, Operation) or call["outcome"] != "ready":
            return
        desk = Operations(store, Rules(now=lambda: NOW))
        for number, before in enumerate(call.get("after", ())):
            do(desk, before["name"], before, f"before-{number}", locale)
        values = do(desk, name, call, "key", locale)
        assert set(values) == set(action.commit.outcomes["done"])
        check_values(store, call["customer"], values)


def do(desk: Operations, name: str, call: Call, key: str, locale: str) -> Mapping[str, Any]:
    """What the commit of an operation gives."""
    prepared = desk.prepare(name, call["customer"], call["inputs"], locale)
    assert prepared.outcome == "ready" and prepared.id
    committed = desk.commit(prepared.id, key)
    assert committed.outcome == "done"
    return committed.values


def check_values(store: Store, customer: str, values: Mapping[str, Any]) -> None:
    """Texts, or items with an id and a label; no personal data uncovered."""
    with store.reading() as connection:
        row = connection.execute(select(customers).where(customers.c.id == customer)).mappings().one()
        numbers = connection.scalars(select(cards.c.number).where(cards.c.customer == customer)).all()
    for value in values.values():
        items = value if isinstance(value, list) else [{"id": "", "label": value}]
        for item in items:
            assert item.keys() >= {"id", "label"}
            assert all(isinstance(text, str) for text in item.values())
            shown = " ".join(item.values())
            assert not any(number in shown for number in (row["phone"], row["resident_id"], *numbers))


@pytest.fixture(scope="module")
def facts() -> dict[str, dict[str, Any]]:
    """The register of what the documents say, by subject."""
    entries = yaml.safe_load((ROOT / "contract" / "bank_facts.yaml").read_text(encoding="utf-8"))
    return {entry["subject"]: entry["facts"] for entry in entries}


def rows(store: Store, table: Any) -> list[dict[str, Any]]:
    with store.reading() as connection:
        return [dict(row) for row in connection.execute(select(table)).mappings()]


def fen(text: str) -> int:
    """1,234元, 5万元"""
    number, myriads = re.fullmatch(r"([\d,]+)(万?)元.*", text).groups()  # type: ignore[union-attr]
    return int(number.replace(",", "")) * (10_000 if myriads else 1) * 100


class TestSlots:
    def test_take_what_customers_have(self, store: Store) -> None:
        asked = Asked(open=True, today=NOW.date())
        for row in rows(store, customers):
            assert mobile.find(row["phone"], asked) == Filled(row["phone"], shown.phone(row["phone"]))
            assert isinstance(resident_id.find(row["resident_id"], asked), Filled)
        for row in rows(store, cards):
            assert bank_card.find(row["number"], asked) == Filled(row["number"], shown.card(row["number"], "zh-CN"))


class TestDocuments:
    def test_branches(self, store: Store, facts: dict[str, dict[str, Any]]) -> None:
        names = {"city": "城市", "address": "地址", "hours": "营业时间", "phone": "电话", "services": "服务"}
        for row in rows(store, branches):
            known = facts[row["name"]]
            assert {column: row[column] for column in names} == {c: known[n]["value"] for c, n in names.items()}
            assert row["weekend"] == known["周末营业"]["value"]
            assert row["accessibility"] == known["无障碍"]["value"]
            assert row["safe_boxes"] == (known["保管箱"]["value"] == "有")
            assert row["private_banking"] == ("私人银行中心" in row["services"])
            assert f"{row['opens']}—{row['closes']}".replace("09", "9") in row["hours"]
            last = {"周一至周日": "1234567", "周一至周六": "123456", "周一至周五": "12345"}[row["hours"][:5]]
            assert row["open_days"] == last

    def test_products(self, store: Store, facts: dict[str, dict[str, Any]]) -> None:
        for row in rows(store, products):
            known = facts[row["name"]]
            assert row["code"] == known["产品代码"]["value"]
            assert row["risk_level"] == known["风险等级"]["value"]
            assert row["minimum_fen"] == fen(known["起购金额"]["value"])
            assert row["channels"] == known["渠道"]["value"]
            assert row["branch_only"] == (row["channels"] == "仅限网点")

    def test_credit_limits(self, store: Store, facts: dict[str, dict[str, Any]]) -> None:
        for row in rows(store, cards):
            if row["kind"] == "credit":
                least, most = facts[row["product"]]["额度范围"]["value"].split("至")
                assert fen(least) <= row["limit_fen"] <= fen(most)

    def test_quick_pay_limits(self, store: Store, facts: dict[str, dict[str, Any]]) -> None:
        known = facts["快捷支付"]
        for row in rows(store, quick_pay):
            assert row["single_limit_fen"] <= fen(known["单笔限额"]["value"])
            assert row["day_limit_fen"] <= fen(known["日累计限额"]["value"])
            assert row["month_limit_fen"] <= fen(known["月累计限额"]["value"])

    def test_a_changed_number_limits_transfers_for_a_day(self, store: Store, facts: dict[str, dict[str, Any]]) -> None:
        assert "24小时内" in facts["手机号变更"]["变更后限制"]["value"]
        call = {"customer": "c1001", "inputs": {"new_phone": "16100002001"}}
        do(Operations(store, Rules(now=lambda: NOW)), "change_phone", call, "key", "zh-CN")
        assert rows(store, phone_changes)[0]["limited_until"].startswith((NOW + timedelta(days=1)).date().isoformat())
