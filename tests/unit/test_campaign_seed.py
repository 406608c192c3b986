from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from assistant import campaign_check, campaign_seed
from assistant.campaign import Plan
from ingest.reader import Row
from ingest.reading import read

DOCUMENTS = Path(__file__).parents[2] / "knowledge_base" / "documents"
ANNOUNCED = DOCUMENTS / "campaigns" / "总行活动_2026四季度.md"
BRANCHES = DOCUMENTS / "campaigns" / "分行网点活动一览.csv"
LEDGER = DOCUMENTS / "staff" / "compliance" / "营销活动审批规范与台账.xlsx"
SEED = campaign_seed.plans()


def rows(path: Path, header: str = "活动名称") -> dict[str, dict[str, str]]:
    found = (block for block in read(path) if isinstance(block, Row) and header in block.headers)
    tables = (dict(zip(row.headers, row.cells, strict=True)) for row in found)
    return {row[header]: row for row in tables}


def days(plan: Plan) -> Iterator[str]:
    for day in (plan.starts, plan.ends):
        assert day
        yield f"{day.year}年{day.month}月{day.day}日"


def named(name: str) -> Plan:
    return next(plan for _host, plan in SEED if plan.name == name)


def test_the_seed_holds_every_campaign_of_the_documents_and_no_other() -> None:
    told = [*rows(ANNOUNCED), *rows(BRANCHES)]
    assert [plan.name for _host, plan in SEED] == told
    assert set(told) == set(rows(LEDGER))


@pytest.mark.parametrize("name", rows(ANNOUNCED))
def test_a_campaign_of_the_head_office_is_as_it_was_announced(name: str) -> None:
    plan, row, text = named(name), rows(ANNOUNCED)[name], ANNOUNCED.read_text(encoding="utf-8")
    assert row["活动时间"] == "至".join(days(plan))
    assert (row["参与对象"], row["奖励"], row["名额"]) == (plan.audience, plan.reward, plan.quota)
    section = text.partition(f"## {name}：参与对象与奖励")[2].partition("\n## ")[0]
    assert f"审批文号为{plan.approval_number}。" in section
    assert f"由{plan.organiser}主办" in text.partition(f"## {name}：时间与状态")[2].partition("\n## ")[0]
    rules = text.partition("## 活动通用规则")[2]
    assert all(part in rules for part in plan.rules.split("；"))
    assert plan.phone in rules


@pytest.mark.parametrize("name", rows(BRANCHES))
def test_a_campaign_of_a_branch_is_as_the_table_has_it(name: str) -> None:
    host, plan = next(one for one in SEED if one[1].name == name)
    row = rows(BRANCHES)[name]
    assert row["主办网点"] == host == plan.organiser
    assert row["活动时间"] == "至".join(days(plan))
    told = (plan.audience, plan.reward, plan.quota, plan.approval_number, plan.phone, plan.rules)
    columns = ("参与对象", "奖励", "名额", "审批文号", "咨询电话", "参与规则")
    assert told == tuple(row[column] for column in columns)


@pytest.mark.parametrize("name", rows(LEDGER))
def test_the_ledger_of_the_staff_says_the_same(name: str) -> None:
    plan, row = named(name), rows(LEDGER)[name]
    told = (plan.organiser, plan.approval_number, f"{plan.starts}至{plan.ends}", plan.quota, plan.reward)
    assert told == (row["主办"], row["审批文号"], row["活动时间"], row["名额"], row["奖励"])


@pytest.mark.parametrize(("host", "plan"), SEED)
def test_its_places_are_the_number_in_the_words(host: str, plan: Plan) -> None:
    number = re.search("[0-9,]+", plan.quota)
    assert number
    assert plan.places == int(number.group().replace(",", ""))
    assert plan.daily is plan.quota.startswith("每日")


@pytest.mark.parametrize(("host", "plan"), SEED)
def test_it_could_be_submitted(host: str, plan: Plan) -> None:
    assert campaign_check.problems(plan, date(2026, 10, 1), "zh") == []
