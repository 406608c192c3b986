"""Reading-comprehension sets: what is read of them, and that nothing is learnt from what is measured on."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from opencc import OpenCC

from training import asked
from training.pairs import Maker
from training.reading_sets import Item, WrongSet, kept_out, load, stretches

RIVER = "清江发源于利川市的齐岳山，流经恩施与长阳，全长四百二十三公里。清江在宜都市汇入长江。"
TOWER = "望海塔建于1931年，位于东港码头的北端，塔高三十六米。望海塔由工程师陈大成设计。"


def row(question: str, answer: str, context: str | None, title: str, of: int | None = None) -> dict[str, Any]:
    return {"title": title, "context": context, "context_of": of, "question": question, "answers": [answer]}


ROWS = [
    row("清江发源于哪里？", "齐岳山", RIVER, "清江"),
    row("清江在哪里汇入长江？", "宜都市", None, "清江", 0),
    row("望海塔建于哪一年？", "1931年", TOWER, "望海塔"),
    row("谁设计了望海塔？", "陈大成", None, "望海塔", 2),
]


def write(folder: Path, rows: list[dict[str, Any]], name: str = "set.jsonl") -> Path:
    folder.mkdir(exist_ok=True)
    text = "".join(json.dumps(one, ensure_ascii=False) + "\n" for one in rows)
    (folder / name).write_text(text, encoding="utf-8")
    return folder


def questions(items: list[Item]) -> list[str]:
    return [item.question.replace("?", "？") for item in items]


def test_a_row_without_a_context_has_that_of_the_row_it_names(tmp_path: Path) -> None:
    items = load(write(tmp_path / "data", ROWS))
    assert [(item.title, item.answer) for item in items] == [
        ("清江", "齐岳山"),
        ("清江", "宜都市"),
        ("望海塔", "1931年"),
        ("望海塔", "陈大成"),
    ]
    assert all(item.answer in item.paragraph for item in items)
    assert items[1].paragraph == items[0].paragraph != items[3].paragraph == items[2].paragraph


def test_a_row_without_a_title_or_whose_answer_is_not_in_its_paragraph_is_left_out(tmp_path: Path) -> None:
    rows = [row("发源于哪里？", "齐岳山", RIVER, ""), row("塔高多少？", "四十米", TOWER, "望海塔"), *ROWS[:1]]
    assert questions(load(write(tmp_path / "data", rows))) == ["清江发源于哪里？"]


@pytest.mark.parametrize("script", ["s2t", "t2s"])
def test_what_shares_a_paragraph_with_what_is_measured_is_left_out_in_either_script(
    tmp_path: Path, script: str
) -> None:
    data = write(tmp_path / "data", ROWS)
    measured = tmp_path / "measured.jsonl"
    text = "前言。" + str(OpenCC(script).convert(RIVER[:32])).replace("，", " , ") + "（下略）"
    measured.write_text(json.dumps({"deep": [{"text": text}]}, ensure_ascii=False), encoding="utf-8")
    assert questions(load(data, kept_out([measured]))) == ["望海塔建于哪一年？", "谁设计了望海塔？"]


@pytest.mark.parametrize("name", ["cases/suite.yaml", "cases/deep/suite.json", "cases/set.jsonl"])
def test_a_question_that_is_measured_is_left_out_alone(tmp_path: Path, name: str) -> None:
    asked_before = "请问谁设计了东港码头的望海塔？"
    data = write(tmp_path / "data", [*ROWS, row(asked_before, "陈大成", TOWER, "望海塔")])
    file = tmp_path / name
    file.parent.mkdir(parents=True)
    cases = {"cases": [{"says": [asked_before]}]}
    file.write_text(yaml.safe_dump(cases) if name.endswith("yaml") else json.dumps(cases), encoding="utf-8")
    (file.parent / "photo.png").write_bytes(b"\x89PNG")
    assert questions(load(data, kept_out([tmp_path / "cases"]))) == questions(load(data))[:4]


def test_less_than_a_stretch_in_common_leaves_nothing_out(tmp_path: Path) -> None:
    data = write(tmp_path / "data", ROWS)
    measured = tmp_path / "measured.json"
    measured.write_text(json.dumps([RIVER[:23] + "与此无关的另外一些文字", "清江"]), encoding="utf-8")
    assert len(load(data, kept_out([measured]))) == 4
    assert not stretches(RIVER) & stretches(TOWER)


def test_the_sets_themselves_are_not_kept_out_with_the_folder_they_stand_in(tmp_path: Path) -> None:
    data = write(tmp_path / "data", ROWS)
    assert kept_out([tmp_path])
    assert kept_out([tmp_path], besides=data) == frozenset()


def test_what_cannot_be_read_is_told_with_its_place(tmp_path: Path) -> None:
    with pytest.raises(WrongSet, match="nowhere"):
        kept_out([tmp_path / "nowhere"])
    with pytest.raises(WrongSet, match=r"set\.jsonl, row 2"):
        load(write(tmp_path / "data", [ROWS[0], {"title": "清江"}]))
    (tmp_path / "broken.json").write_text("{", encoding="utf-8")
    with pytest.raises(WrongSet, match=r"broken\.json"):
        kept_out([tmp_path / "broken.json"])


def test_what_was_asked_is_looked_up_by_the_real_search(tmp_path: Path) -> None:
    items = load(write(tmp_path / "data", [*ROWS, row("塔在哪里？", "东港码头", TOWER, "")]))
    found = asked.looked_up(items, seed=1)
    assert [one.question for one in found] == [item.question for item in items]
    for one in found:
        assert one.gold.heading == one.title
        assert one.answer in one.gold.body
        assert one.answer not in one.rest.body
        assert all(one.answer not in other.body for other in one.others)
    assert {other.heading for other in found[0].others} == {"望海塔"}
    assert found == asked.looked_up(items, seed=1)
    assert {pair.made for pair in Maker(found, 1).pairs()} >= {"positive", "found by search"}
