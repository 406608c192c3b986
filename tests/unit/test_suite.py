"""Files of cases: what they may hold, and what is said of one that cannot be read."""

from __future__ import annotations

from pathlib import Path

import pytest
from openpyxl import Workbook

from evals import gates, suite
from evals.suite import WrongSuite


def write(folder: Path, text: str) -> Path:
    path = folder / "mine.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def sheet(folder: Path, *rows: tuple[str | int | None, ...]) -> Path:
    book = Workbook()
    page = book.create_sheet(index=0)
    for row in rows:
        page.append(list(row))
    path = folder / "branch.xlsx"
    book.save(path)
    return path


def test_a_file_is_a_suite_by_its_name(tmp_path: Path) -> None:
    path = write(tmp_path, "cases: [{id: a, question: 白金卡年费, must_say: [[580元]]}]")
    read = suite.load(path)
    assert (read.name, read.cases[0].asked, read.cases[0].split) == ("mine", "白金卡年费", "test")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("cases: [{id: a, question: 年费}]", "case a: say what must be true"),
        ("cases: [{id: a, must_say: [[580元]]}]", "give one of question, turns and goal"),
        ("cases: [{id: a, question: 年费, turns: [年费], abstain: true}]", "give one of question, turns and goal"),
        ("cases: [{id: a, question: 年费, must_sya: [[580元]]}]", "case a, must_sya"),
        ("cases: [{id: a, question: x, abstain: true}, {id: a, question: y, abstain: true}]", "the id a stands twice"),
        ("- id: a", "no keys name and cases"),
        ("cases: [", "mine.yaml"),
    ],
)
def test_what_is_wrong_is_told_with_file_and_case(tmp_path: Path, text: str, told: str) -> None:
    path = write(tmp_path, text)
    with pytest.raises(WrongSuite) as raised:
        suite.load(path)
    assert told in str(raised.value)
    assert str(path) in str(raised.value)


def test_a_spreadsheet_is_a_suite(tmp_path: Path) -> None:
    path = sheet(
        tmp_path,
        ("编号", "问题", "文件", "应说", "不应说", "应拒答", "多轮"),
        (
            "x1",
            "白金卡年费多少",
            "信用卡FAQ.csv\n信用卡收费与利率标准.pdf",
            "580元 / 五百八十元\n主卡",
            "480元",
            None,
            None,
        ),
        (2, "今天金价多少", None, None, None, "是", None),
        (None, None, None, None, None, None, None),
        ("x3", None, None, "5年", None, None, "云盾多少钱\n那能用几年"),
    )
    first, second, third = suite.load(path).cases
    assert first.document == ("信用卡FAQ.csv", "信用卡收费与利率标准.pdf")
    assert first.must_say == (("580元", "五百八十元"), ("主卡",))
    assert first.must_not_say == ("480元",)
    assert (second.id, second.abstain) == ("2", True)
    assert [move.say for move in third.moves] == ["云盾多少钱", "那能用几年"]


@pytest.mark.parametrize(
    ("row", "told"),
    [(("x", "年费", "也许"), "row 2: 也许 is neither 是 nor 否"), (("x", "年费", None), "case x")],
)
def test_a_wrong_row_is_named(tmp_path: Path, row: tuple[str | None, ...], told: str) -> None:
    path = sheet(tmp_path, ("编号", "问题", "应拒答"), row)
    with pytest.raises(WrongSuite, match=told):
        suite.load(path)


def test_an_unknown_column_is_named_with_those_there_are(tmp_path: Path) -> None:
    with pytest.raises(WrongSuite, match="no such column: 答案; the columns are 编号"):
        suite.load(sheet(tmp_path, ("编号", "问题", "答案"), ("x", "年费", "580元")))


def test_the_banks_file_takes_the_place_of_one_that_ships(tmp_path: Path) -> None:
    (tmp_path / "knowledge.yaml").write_text("cases: []", encoding="utf-8")
    found = suite.found([suite.SHIPPED, tmp_path])
    assert found["knowledge"] == tmp_path / "knowledge.yaml"
    assert found["understanding"] == suite.SHIPPED / "understanding.yaml"


def test_the_banks_gates_take_the_place_of_ours_suite_by_suite(tmp_path: Path) -> None:
    path = tmp_path / "gates.yaml"
    path.write_text("knowledge: {right: {at_least: 0.99}}", encoding="utf-8")
    assert suite.found([tmp_path]) == {}
    held = gates.limits(path)
    assert held["knowledge"] == {"right": {"at_least": 0.99}}
    assert held["understanding"] == gates.limits()["understanding"]


@pytest.mark.parametrize("text", ["knowledge: 0.9", "knowledge: {right: {better_than: 0.9}}", "["])
def test_gates_that_cannot_be_read_stop_the_run(tmp_path: Path, text: str) -> None:
    path = tmp_path / "gates.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(WrongSuite, match="not gates"):
        gates.limits(path)
