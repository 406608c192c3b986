"""A run as one page: what is in it, that nothing of it is markup of another's, and that it is kept and read back as it was."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from selectolax.lexbor import LexborHTMLParser

from assistant.settings import Settings
from evals import cases, gates, suite
from evals.report import Report
from evals.reports import reading, text, written
from evals.reports.html import html
from tests import made_report

HOSTILE = "</script><script>alert(1)</script><img src=https://elsewhere.example/x onerror=alert(1)>'\"&"


def _json(page: str, block: str) -> Any:
    found = LexborHTMLParser(page).css_first(f"script#{block}")
    assert found is not None
    return json.loads(found.text())


def test_no_text_of_a_case_becomes_markup() -> None:
    page = LexborHTMLParser(html(made_report.with_faults(HOSTILE)))

    assert not page.css("img")
    assert [one for one in page.css("script") if "type" not in one.attributes] == page.css("script")[-1:]
    rows = json.loads(page.css_first("script#rows").text())  # type: ignore[union-attr]
    assert rows[0]["asked"] == HOSTILE
    assert page.css_first("section.suite h2 .code").text() == HOSTILE  # type: ignore[union-attr]


def test_a_question_that_is_a_script_is_shown_as_it_was_asked() -> None:
    page = html(made_report.report())

    assert made_report.SCRIPT not in page
    assert made_report.SCRIPT in [row["asked"] for row in _json(page, "rows")]


def test_the_page_asks_nothing_of_any_network() -> None:
    page = html(made_report.report())

    assert "default-src 'none'" in page
    addresses = set(re.findall(r"https?://[^\s\"'<>)]+", page))
    assert addresses <= {"http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink"}
    assert not LexborHTMLParser(page).css("script[src], link[rel=stylesheet], iframe, object, embed")


def test_a_password_in_an_address_does_not_reach_the_report() -> None:
    settings = Settings(chroma_url="http://teller:geheim@chroma.bank.example:8000")

    told = cases.about_run(settings, {}, 1, 0).settings["chroma_url"]

    assert told == "http://***@chroma.bank.example:8000/"


def test_the_same_report_makes_the_same_page() -> None:
    assert html(made_report.report()) == html(made_report.report())


def test_the_worst_come_first_and_those_that_were_right_before_lead() -> None:
    rows = _json(html(made_report.report()), "rows")

    assert [row["id"] for row in rows] == ["markup", "phone", "steady", "nobody", "fee", "hours"]
    assert {row["id"]: row.get("change") for row in rows if "change" in row} == {
        "markup": "turned_wrong",
        "hours": "turned_right",
    }


def test_a_playing_like_another_is_told_once() -> None:
    page = html(made_report.report())
    places = {row["id"]: place for place, row in enumerate(_json(page, "rows"))}

    fee, steady = (_json(page, f"case-{places[name]}") for name in ("fee", "steady"))

    assert (len(fee["trials"]), fee["alike"]) == (1, 1)
    assert [trial["right"] for trial in steady["trials"]] == [True, False]


def test_a_case_tells_where_the_bank_stands_against_what_was_wanted() -> None:
    page = html(made_report.report())
    place = next(place for place, row in enumerate(_json(page, "rows")) if row["id"] == "phone")

    assert [row[1:] for row in _json(page, f"case-{place}")["trials"][0]["bank"]] == [
        ["139", "138", False],
        ["1", "1", True],
    ]


def test_the_broken_gate_stands_first_and_the_stamp_says_so() -> None:
    page = LexborHTMLParser(html(made_report.report()))

    assert "未通过" in page.css_first(".stamp").text()  # type: ignore[union-attr]
    states = [row.css_first(".state").text() for row in page.css("#gates tbody tr")]  # type: ignore[union-attr]
    assert ["✗" in state for state in states] == [True, False]


@pytest.mark.parametrize(
    "made", [Report([]), replace(made_report.report(), gates=[]), Report(made_report.report().suites[2:])]
)
def test_a_report_of_little_is_a_page_too(made: Report) -> None:
    assert "<h1>" in html(made)


def test_what_is_read_back_makes_the_same_page(tmp_path: Path) -> None:
    page = written(made_report.kept(tmp_path), tmp_path)

    again = reading.report(tmp_path)

    assert html(again) == page.read_text(encoding="utf-8")
    assert again.suites[0].values == made_report.report().suites[0].values


def test_every_form_stands_in_the_folder_and_a_later_run_finds_its_values(tmp_path: Path) -> None:
    page = written(made_report.kept(tmp_path), tmp_path)

    assert page == tmp_path / "report.html"
    assert (tmp_path / "junit.xml").read_text(encoding="utf-8").startswith("<?xml")
    told = json.loads((tmp_path / "report.json").read_text(encoding="utf-8"))
    assert told["suites"]["knowledge"]["values"]["steady"]["right"] == 0.5


def test_a_folder_without_a_report_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(reading.NoReport, match="run `teller eval`"):
        reading.report(tmp_path)


@pytest.mark.parametrize(
    ("told", "chinese"),
    [
        ("does not say 880元 / 880", "没有说“880元 / 880”"),
        ("should have abstained; says 880", "应当拒答却作了回答；说了不该说的“880”"),
        ("the path is not known", "the path is not known"),
        ("cards.length is 2, not 1", "cards.length 是 2，应为 1"),
    ],
)
def test_why_something_is_wrong_is_told_in_chinese(told: str, chinese: str) -> None:
    assert text.why(told).zh == chinese
    assert text.why(told).en == told


def test_all_that_gates_read_has_a_chinese_name() -> None:
    names = {
        metric
        for suite in ("knowledge", "tasks", "handoff", "safety", "dialogue", "customers", "understanding")
        for metric in gates.limits()[suite]
    }
    assert [name for name in names if not re.search("[\u4e00-\u9fff]", text.metric(name).zh)] == []
    assert [name for name in suite.found([suite.SHIPPED]) if text.title(name).zh == name] == []
