"""Pairs of a bank's own tables and questions: what answers tells the cell, and what does not lacks it."""

from __future__ import annotations

from pathlib import Path

import pytest

from training import bank_pairs
from training.pair import Pair

FEES = """---
title: 信用卡收费标准
---
# 年费

| 卡种 | 年费 | 免年费条件 |
| --- | --- | --- |
| 云杉白金信用卡 | 580元 | 当年消费满12笔 |
| 云杉标准信用卡 | 80元 | 当年消费满5笔 |
| 雲杉公益信用卡 | 免費 |  |

# 热线

| 序号 | 电话 |
| --- | --- |
| 3 | 12378 |
| 4 | 12363 |
"""
FAQ = """question,answer,similar_questions
云杉白金信用卡年费多少？,云杉白金信用卡主卡年费为580元/年，首年免年费。,白金卡每年收多少钱
云杉标准信用卡年费多少？,云杉标准信用卡主卡年费为80元/年，首年免年费。,
投诉电话12378怎么打？,直接拨打12378即可，工作时间有人接听。,
境外取现要收手续费吗？,境外取现按取现金额的1%收取，最低10元。,
"""


def folder(root: Path, **files: str) -> Path:
    for name, text in files.items():
        (root / name.replace("_", ".")).write_text(text, encoding="utf-8")
    return root


@pytest.fixture(scope="module")
def pairs(tmp_path_factory: pytest.TempPathFactory) -> list[Pair]:
    return bank_pairs.looked_up(1, folder(tmp_path_factory.mktemp("bank"), 收费_md=FEES, 问答_csv=FAQ))


def of(pairs: list[Pair], kind: str) -> list[Pair]:
    found = [one for one in pairs if one.made == kind]
    assert found, kind
    return found


def test_every_kind_is_made_of_the_folder_that_is_given(pairs: list[Pair]) -> None:
    assert {one.made for one in pairs} == {
        "positive, FAQ", "another FAQ", "another product, FAQ", "positive, row", "answer taken away, row", "another row",
    }  # fmt: skip
    assert {one.article.split()[0] for one in pairs} == {"收费.md", "问答.csv"}


def test_what_answers_holds_the_answer_and_what_does_not_has_none(pairs: list[Pair]) -> None:
    for one in pairs:
        assert one.question
        assert bool(one.answer) == one.made.startswith("positive"), one
        assert one.answer in one.excerpt.body


def test_a_row_less_the_cell_tells_neither_it_nor_its_heading(pairs: list[Pair]) -> None:
    for one in of(pairs, "answer taken away, row"):
        asked = next(header for header in ("免年费条件", "年费", "电话") if header in one.question)
        assert asked not in one.excerpt.body
        assert one.excerpt.heading


def test_another_row_is_that_of_another_name(pairs: list[Pair]) -> None:
    names = ("云杉白金信用卡", "云杉标准信用卡", "云杉公益信用卡")
    for one in of(pairs, "another row"):
        asked = [name for name in names if name in one.question]
        assert not any(name in one.excerpt.body for name in asked)
    for one in of(pairs, "positive, row"):
        named = [name for name in names if name in one.question]
        assert all(name in one.excerpt.body for name in named)


def test_another_wording_stands_before_the_answer_where_there_is_one(pairs: list[Pair]) -> None:
    asked = {one.question: one.excerpt.body for one in of(pairs, "positive, FAQ")}
    assert asked["云杉白金信用卡年费多少?"].startswith("白金卡每年收多少钱 云杉白金信用卡主卡")
    assert asked["云杉标准信用卡年费多少?"].startswith("云杉标准信用卡年费多少? 云杉标准信用卡主卡")


def test_another_product_is_one_of_another_row_and_no_mere_number(pairs: list[Pair]) -> None:
    for one in of(pairs, "another product, FAQ"):
        strange = [name for name in ("云杉白金", "云杉标准", "云杉公益") if name in one.question]
        assert len(strange) == 1, one.question
        assert strange[0] not in one.excerpt.body
    assert not any("12378" in one.excerpt.body for one in of(pairs, "another product, FAQ"))


def test_the_only_product_is_put_for_no_other(tmp_path: Path) -> None:
    alone = "\n".join(line for line in FEES.splitlines() if "标准" not in line and "公益" not in line)
    made = bank_pairs.looked_up(1, folder(tmp_path, 收费_md=alone, 问答_csv=FAQ))
    assert of(made, "positive, FAQ")
    assert "another product, FAQ" not in {one.made for one in made}


def test_the_seed_decides_everything(pairs: list[Pair], tmp_path: Path) -> None:
    where = folder(tmp_path, 收费_md=FEES, 问答_csv=FAQ)
    assert bank_pairs.looked_up(1, where) == pairs
    assert bank_pairs.looked_up(2, where) != pairs
