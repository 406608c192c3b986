"""The model's server dies under load and comes back: customers are answered all along, and by the model again in the end."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from evals import model_outage
from evals.model_outage import Outage
from evals.model_process import model_process
from tests.service import QUESTION, RunningService, write_documents

MARK = "主卡年费是每年3600元。"
TALKERS = 12
TIME_OUT = 8.0


@pytest.fixture(scope="module")
def outage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Outage]:
    root: Path = tmp_path_factory.mktemp("killed")
    write_documents(root)
    text = "云杉白金信用卡主卡年费是每年3600元[1]。消费满18万元免次年年费[1]。"
    with model_process({"text": text, "pause": 0.05, "pace": 0.02}) as model:
        service = RunningService(
            root,
            TELLER_LLM_BASE_URL=model.url,
            TELLER_LLM_MODEL="large",
            TELLER_TURNS_PER_CONVERSATION="1000000",
            TELLER_CALLS_PER_ADDRESS="1000000",
            TELLER_CALLS_PER_KEY="1000000",
            TELLER_LLM_TIMEOUT_SECONDS=str(TIME_OUT),
        )
        try:
            service.wait()
            yield model_outage.play(service.address, model, QUESTION, MARK, TALKERS, (2, 4, 14))
            check_metrics(service.http.get("/metrics").text, model.url)
        finally:
            service.end()


def check_metrics(told: str, url: str) -> None:
    """What an engineer sees of it: failures, both kinds of answers, and a server that is asked again."""
    server = url.removeprefix("http://").removesuffix("/v1")
    assert f'teller_model_resting{{server="{server}"}} 0.0' in told
    outcomes = set(re.findall(r'teller_model_calls_total{model="large",outcome="([a-z_]+)",use="answer"}', told))
    assert {"ok", "resting"} < outcomes
    for who in ("model", "documents"):
        assert re.search(f'teller_answers_total{{worded_by="{who}"}} [1-9]', told)
    assert re.search('teller_model_tokens_total{direction="out",model="large"} [1-9]', told)


def test_the_model_worded_answers_before_it_died(outage: Outage) -> None:
    assert [one for one in outage.answers if one.by_model and one.sent < outage.killed_at]


def test_every_turn_is_answered_without_it(outage: Outage) -> None:
    assert outage.without_model >= TALKERS
    assert outage.unanswered == 0
    assert {answer.outcome for answer in outage.answers} == {"answered"}


def test_no_turn_is_lost_or_stored_twice(outage: Outage) -> None:
    assert outage.miscounted == 0
    assert all(talker.stored > 2 for talker in outage.talkers)


def test_nobody_waits_longer_than_models_may_take(outage: Outage) -> None:
    assert outage.slowest < TIME_OUT + 4  # the machine may be busy; how busy is measured in evals/


def test_answers_are_worded_by_the_model_again_by_themselves(outage: Outage) -> None:
    assert outage.recovered_after is not None
