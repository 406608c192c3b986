"""Runs of suites: the same twice, gone on with where they were broken off, compared, and judged by gates."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from assistant.settings import Settings
from evals import cases, comparison, gates, playing, suite
from evals.report import Report, SuiteResult
from evals.run import RECORDS, Run
from evals.statistics import exact
from evals.suite import Suite
from tests.service import write_documents

CASES = """
title: 试
at: 2026-11-23T10:00:00+08:00
cases:
  - {id: fee, question: 白金卡年费多少, must_say: [["3600元"]], document: [白金卡.md]}
  - {id: wrong, question: 白金卡年费多少, must_say: [["999元"]], document: [白金卡.md]}
  - {id: other bank, question: 招商银行白金卡年费多少, abstain: true}
  - {id: no customer, question: 白金卡年费多少, bank: {phone: "1"}}
  - {id: tuned on, question: 白金卡年费多少, must_say: [["999元"]], split: tune}
  - id: number
    customer: c1001
    turns: [我换号码了, {code: right}, "13900139000", {code: right}, {press: 确认办理}]
    status: done
    bank: {"customers[0].phone": "13900139000"}
    calls: {"/commit": 1}
    events: [identity_verified, confirmed, call_started]
"""


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data_dir=tmp_path, knowledge_dir=write_documents(tmp_path))


@pytest.fixture
def mine(tmp_path: Path) -> dict[str, Suite]:
    path = tmp_path / "mine.yaml"
    path.write_text(CASES, encoding="utf-8")
    return {"mine": suite.load(path)}


def test_a_suite_is_played_judged_and_the_same_twice(
    settings: Settings, mine: dict[str, Suite], tmp_path: Path
) -> None:
    (result,), about = cases.played(settings, mine, tmp_path / "one", workers=1)
    told = {one.case.id: (one.unscored, one.faults) for one in result.outcomes}
    assert told["fee"] == ("", ())
    assert told["wrong"] == ("", ("words: does not say 999元",))
    assert told["other bank"] == ("", ())
    assert "names no customer" in told["no customer"][0]
    assert told["number"] == ("", ())
    assert "tuned on" not in told
    assert (result.cases, result.scored, result.scores["right"].value) == (6, 4, 0.75)
    assert "no customer" not in result.values
    (again,), same = cases.played(settings, mine, tmp_path / "two", workers=2)
    assert dict(again.scores) == dict(result.scores)
    assert again.values == result.values
    assert same.digest == about.digest


def test_a_run_that_was_broken_off_goes_on(
    settings: Settings, mine: dict[str, Suite], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = playing.play

    def broken(*asked: Any) -> Iterator[Any]:
        for number, played in enumerate(real(*asked)):
            yield played
            if number == 1:
                raise KeyboardInterrupt

    folder, heard = tmp_path / "run", []
    monkeypatch.setattr(playing, "play", broken)
    with pytest.raises(KeyboardInterrupt):
        cases.played(settings, mine, folder, workers=1)
    with (folder / RECORDS).open("a", encoding="utf-8") as file:
        file.write('{"suite": "mine", "pla')
    monkeypatch.setattr(playing, "play", real)
    (result,), _about = cases.played(settings, mine, folder, workers=1, progress=lambda *done: heard.append(done))
    assert heard[0] == (2, 5)
    assert heard[-1] == (5, 5)
    assert result.scored == 4
    assert Run(folder).played == 5


def test_a_run_of_something_else_begins_anew(settings: Settings, mine: dict[str, Suite], tmp_path: Path) -> None:
    folder, heard = tmp_path / "run", []
    cases.played(settings, mine, folder, workers=1)
    fewer = {"mine": mine["mine"].model_copy(update={"cases": mine["mine"].cases[:2]})}
    cases.played(settings, fewer, folder, workers=1, progress=lambda *done: heard.append(done))
    assert heard[0] == (0, 2)
    assert Run(folder).played == 2


def test_a_worse_run_does_not_pass_beside_its_baseline(
    settings: Settings, mine: dict[str, Suite], tmp_path: Path
) -> None:
    many = tuple(
        mine["mine"].cases[0].model_copy(update={"id": f"fee {number}", "question": f"白金卡年费多少{'？' * number}"})
        for number in range(8)
    )
    good = {"mine": mine["mine"].model_copy(update={"cases": many})}
    results, about = cases.played(settings, good, tmp_path / "good", workers=1)
    path = tmp_path / "good.json"
    path.write_text(json.dumps(Report(results, about=about).as_dict()), encoding="utf-8")
    bad = tuple(case.model_copy(update={"must_say": (("999元",),)}) for case in many)
    worse = {"mine": good["mine"].model_copy(update={"cases": bad})}
    results, _about = cases.played(settings, worse, tmp_path / "worse", workers=1)
    changes = comparison.changes(results, comparison.load(path).values)
    right = next(change for change in changes if change.metric == "right")
    assert (right.before, right.after, right.cases) == (1.0, 0.0, 8)
    assert right.p < 0.05
    broken = gates.held(results, changes)
    assert any("right not worse than before" in gate.name and not gate.passed for gate in broken)
    assert gates.held(results) == []


def test_a_baseline_that_is_none_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "report.json"
    path.write_text("[]", encoding="utf-8")
    with pytest.raises(comparison.WrongBaseline, match="is no report of an earlier run"):
        comparison.load(path)


def test_a_gate_on_what_was_not_measured_is_not_kept() -> None:
    nothing = SuiteResult("leaks", 1, 1, {"attempts": exact(500)})
    kept = {gate.name: gate.passed for gate in gates.held([nothing])}
    assert kept == {"leaks: leaked was not measured": False, "leaks: attempts at least 500": True}
