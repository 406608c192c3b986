"""Simulated customers at the whole assistant: they reach the end, do the same again, give up, and are put in words by a model."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest

from assistant.settings import Settings
from evals import manner, runner, stage, suite
from evals.case import Case
from evals.customer_model import invented
from evals.model_behaviour import Act, Behaviour, Sent
from evals.model_server import running
from evals.outcome import judged
from evals.record import Record
from evals.simulation import LONGEST
from evals.stage import Stage
from evals.suite import SHIPPED, Suite
from tests.service import write_documents

CUSTOMERS = suite.load(SHIPPED / "customers.yaml")
BY_ID = {case.id: case for case in CUSTOMERS.cases}
FLOWS = list(dict.fromkeys(case.goal.flow for case in CUSTOMERS.cases if case.goal))
CHINESE = [name for name in manner.names() if name != "english"]

Play = Callable[..., Record]
Played = Callable[[str], Record]


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Settings over a small folder of documents."""
    root = tmp_path_factory.mktemp("customers")
    return Settings(data_dir=root, knowledge_dir=write_documents(root))


@pytest.fixture(scope="module")
def set_stage(small: Settings) -> Iterator[Stage]:
    with stage.opened(small) as opened:
        yield opened


@pytest.fixture
def play(set_stage: Stage) -> Play:
    def once(case: Case, trial: int = 0) -> Record:
        return set_stage.play(CUSTOMERS, case, trial)

    return once


def changed(id: str, **goal: Any) -> Case:
    """A case of the suite with another goal."""
    case = BY_ID[id]
    assert case.goal
    return case.model_copy(update={"goal": case.goal.model_copy(update=goal)})


def said(record: Record) -> list[str]:
    return [turn.said for turn in record.turns]


@pytest.mark.parametrize("flow", FLOWS)
def test_who_talks_plainly_gets_what_is_wanted(flow: str, play: Play) -> None:
    case = BY_ID[f"{flow}-plain"]
    outcome = judged(case, [play(case)])
    assert outcome.trials == (True,), outcome.faults


@pytest.mark.parametrize(("flow", "name"), [(flow, CHINESE[at % len(CHINESE)]) for at, flow in enumerate(FLOWS)])
def test_every_conversation_ends_and_holds_no_figure_that_is_no_fact(flow: str, name: str, play: Play) -> None:
    case = changed(f"{flow}-plain", manner=name)
    record = play(case)
    shown = {choice for turn in record.turns for choice in turn.choices} | {case.goal.sign_in if case.goal else None}
    assert case.goal
    assert record.failed is None
    assert not any("had enough" in note for note in record.notes)
    assert record.last.status in ("done", "cancelled") or record.last.outcome == "handed_off"
    assert [text for text in said(record) if text not in shown and invented(text, case.goal)] == []


def test_the_same_trial_is_the_same_and_another_is_not(play: Play) -> None:
    case = BY_ID["change_phone-wavering"]
    assert said(play(case, 1)) == said(play(case, 1))
    assert len({tuple(said(play(case, trial))) for trial in range(3)}) > 1


def test_who_wavers_leaves_says_no_and_wants_it_after_all(play: Play) -> None:
    record = play(BY_ID["change_phone-wavering"])
    ends = [turn.status for turn in record.turns if turn.flow == "change_phone" and turn.status != "open"]
    assert ends == ["cancelled", "done"]
    assert any(turn.flow == "query_transactions" or turn.outcome in ("answered", "abstained") for turn in record.turns)


@pytest.mark.parametrize("trial", range(3))
def test_who_corrects_says_the_wrong_value_first(trial: int, play: Play) -> None:
    case = BY_ID["change_phone-correcting"]
    record = play(case, trial)
    text = " ".join(said(record)).replace("139 0013 9000", "13900139000")
    assert 0 < text.index("13900139004") < text.index("13900139000")
    assert judged(case, [record]).trials == (True,)


@pytest.mark.parametrize("trial", range(3))
def test_who_gives_up_has_nothing_done(trial: int, play: Play) -> None:
    record = play(BY_ID["change_phone-impatient-gives_up"], trial)
    assert record.last.status == "cancelled"
    assert not any("/commit" in call for call in record.calls)


def test_a_fact_that_is_missing_is_told(play: Play) -> None:
    record = play(changed("change_phone-plain", facts={}))
    assert record.failed
    assert "asked for new_phone" in record.failed


def test_a_bound_of_turns_holds_whatever_is_said(play: Play) -> None:
    record = play(changed("change_phone-plain", facts={"new_phone": ("不知道",)}))
    assert len(record.turns) < LONGEST
    assert record.last.status == "open"


class TestModel:
    """With a model that plays the customer."""

    @pytest.fixture
    def played(self, set_stage: Stage) -> Played:
        def once(url: str) -> Record:
            named = {"eval_llm_base_url": url, "eval_llm_model": "large"}
            settings = Settings.model_validate({**set_stage.settings.model_dump(), **named})
            case = changed("change_phone-plain", played_by="model")
            return replace(set_stage, settings=settings).play(CUSTOMERS, case, 4)

        return once

    def test_its_words_are_said_and_it_is_told_what_it_must_know(self, played: Played) -> None:
        def text(sent: Sent) -> str:
            last = sent.user.rpartition("数字员工：")[2]
            if "新的手机号" in last:
                return '{"message": "<PHONE_1>，这是我的新号", "done": false}'
            return '{"message": "' + ("确认" if "确认办理" in last else "换绑手机号") + '", "done": false}'

        with running(Behaviour(text=text)) as server:
            record = played(server.url)
            assert "确认" in said(record)
            assert any("这是我的新号" in one for one in said(record))
            assert record.last.status == "done"
            assert record.notes == ()
            assert "请告诉我新的手机号" in server.requests[-1].user
            assert len({sent.body["seed"] for sent in server.requests}) == 1
            assert "13900139000" not in server.requests[0].user

    def test_a_figure_that_it_makes_up_is_not_said(self, played: Played) -> None:
        with running(Behaviour(text='{"message": "改成13812345678", "done": false}')) as server:
            record = played(server.url)
        assert not any("13812345678" in one for one in said(record))
        assert record.last.status == "done"
        assert "makes up 13812345678" in record.notes[0]

    def test_it_may_take_its_leave(self, played: Played) -> None:
        with running(Behaviour(text='{"message": "", "done": true}')) as server:
            record = played(server.url)
        assert record.turns == ()
        assert "takes its leave" in record.notes[0]

    def test_what_it_keeps_saying_ends_too(self, played: Played) -> None:
        with running(Behaviour(text='{"message": "你们周末开门吗", "done": false}')) as server:
            record = played(server.url)
        assert len(record.turns) <= LONGEST

    def test_where_it_fails_the_script_goes_on_and_the_record_says_so(self, played: Played) -> None:
        with running(Behaviour(act=Act.SERVER_ERROR)) as server:
            record = played(server.url)
        assert record.last.status == "done"
        assert [note for note in record.notes if "from here on the script plays" in note]

    def test_without_one_the_script_plays_and_the_record_says_so(self, play: Play) -> None:
        record = play(changed("change_phone-plain", played_by="model"))
        assert record.last.status == "done"
        assert record.notes == ("no model is configured to play customers; the script plays",)


def test_a_run_played_by_a_model_is_refused_where_none_is_configured(small: Settings) -> None:
    with pytest.raises(runner.NoModel, match="TELLER_EVAL_LLM_MODEL"):
        runner.run(["customers"], small, customers="model")


def test_who_plays_is_chosen_for_a_whole_suite() -> None:
    chosen: Suite = suite.played_by(CUSTOMERS, "model")
    assert {case.goal.played_by for case in chosen.cases if case.goal} == {"model"}
    assert {case.goal.played_by for case in CUSTOMERS.cases if case.goal} == {"script"}
