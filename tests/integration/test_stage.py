"""The stage that cases are played on: its clock, its bank, and what breaks a case off."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from assistant.settings import Settings, load
from evals import stage
from evals.case import Case
from evals.outcome import judged
from evals.record import Record
from evals.stage import Stage
from evals.suite import Suite


@pytest.fixture(scope="module")
def on(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    root = tmp_path_factory.mktemp("stage")
    folder = root / "documents"
    folder.mkdir()
    (folder / "云盾收费.md").write_text(
        "---\naudience: customer\n---\n\n# 云盾收费\n\n云盾工本费为40元/个。", encoding="utf-8"
    )
    settings: Settings = load().model_copy(update={"data_dir": root / "data", "knowledge_dir": folder})
    with stage.opened(settings) as opened:
        yield opened


def _played(on: Stage, at: str, **case: object) -> tuple[Case, Record]:
    one = Case.model_validate({"id": "c", **case})
    return one, on.play(Suite(name="s", at=datetime.fromisoformat(f"{at}T10:00:00+08:00"), cases=(one,)), one)


@pytest.mark.parametrize(("today", "until"), [("2027-05-03", "2027-05-15"), ("2026-02-01", "2026-02-13")])
def test_the_bank_is_dated_from_the_day_of_the_case(on: Stage, today: str, until: str) -> None:
    case, record = _played(
        on,
        today,
        customer="c1001",
        turns=["信用卡申请进度"],
        bank={"applications[0].needs_confirmation_until": until},
    )
    assert judged(case, [record]).faults == ()


def test_a_code_that_was_never_sent_fails_the_case_alone(on: Stage) -> None:
    case, record = _played(on, "2026-11-23", customer="c1001", turns=["你好", {"code": "right"}], status="done")
    assert record.failed == "no code was sent that could be given"
    assert any(fault.startswith("played to its end") for fault in judged(case, [record]).faults)


def test_what_storage_seals_is_not_found_open(on: Stage) -> None:
    case, record = _played(
        on,
        "2026-11-23",
        customer="c1001",
        turns=["换手机号", {"code": "right"}, "16100009155"],
        not_kept=["16100009155"],
    )
    assert "sealed:" in record.stored
    assert judged(case, [record]).faults == ()


def test_what_is_forbidden_is_told_apart_from_what_is_missing(on: Stage) -> None:
    case, record = _played(
        on,
        "2026-11-23",
        question="云盾工本费是多少",
        must_say=[["60元"]],
        must_not_say=["40元"],
        document=["云盾收费.md"],
    )
    assert set(judged(case, [record]).faults) == {"words: does not say 60元", "nothing wrong said: says 40元"}


def test_a_stage_leaves_nothing_behind(on: Stage) -> None:
    before = set(Path(on.scratch).iterdir())
    _played(on, "2026-11-23", customer="c1007", turns=["我要挂失"], flow="report_lost_card")
    assert {path.name for path in set(Path(on.scratch).iterdir()) - before} <= {"bank 2026-11-23"}
