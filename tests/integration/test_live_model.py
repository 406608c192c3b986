"""A service with a model that takes its time: what is heard of a reply meanwhile, and what becomes of one nobody listens to."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from typing import Any, cast

import httpx
import openai
import pytest

from evals import model_server
from evals.model_behaviour import Behaviour
from evals.model_server import ModelServer
from tests.service import QUESTION, RunningService, write_documents

FIRST, SECOND = "云杉白金信用卡主卡年费是每年3600元[1]。", "消费满18万元免次年年费[1]。"
PACE = 2.0


@pytest.fixture(scope="module")
def model() -> Iterator[ModelServer]:
    with model_server.running(Behaviour(text=FIRST + SECOND, piece=len(FIRST), pace=PACE), ("large",)) as server:
        yield server


@pytest.fixture(scope="module")
def service(model: ModelServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningService]:
    root = tmp_path_factory.mktemp("live")
    write_documents(root)
    running = RunningService(root, TELLER_LLM_BASE_URL=model.url, TELLER_LLM_MODEL="large")
    try:
        running.wait()
        yield running
    finally:
        running.end()


def opened(service: RunningService) -> tuple[str, dict[str, str]]:
    started = service.http.post("/v1/conversations", json={}).json()
    headers = {"Authorization": f"Bearer {started['token']}", "Accept": "text/event-stream"}
    return f"{service.address}/v1/conversations/{started['id']}", headers


def test_a_sentence_is_sent_while_the_next_is_written(service: RunningService) -> None:
    path, headers = opened(service)
    came: list[tuple[float, str]] = []
    turn: dict[str, Any] = {}
    with httpx.stream(
        "POST", f"{path}/turns", json={"text": QUESTION}, headers=headers, trust_env=False, timeout=30
    ) as response:
        for line in response.iter_lines():
            if line.startswith("data: "):
                data = json.loads(line.removeprefix("data: "))
                came.append((time.monotonic(), data.get("text", "")))
                turn = data
    assert came[0][1].startswith("云杉白金信用卡主卡年费是每年3600元。")
    assert came[1][0] - came[0][0] > PACE / 2
    assert "".join(text for _, text in came) == turn["reply"]["text"]
    assert "18万元" in turn["reply"]["text"]


def test_for_nobody_the_model_is_stopped_and_the_turn_is_kept(service: RunningService, model: ModelServer) -> None:
    path, headers = opened(service)
    model.then(Behaviour(text=FIRST * 9, piece=len(FIRST), pace=PACE))
    with httpx.stream(
        "POST", f"{path}/turns", json={"text": QUESTION}, headers=headers, trust_env=False, timeout=30
    ) as response:
        next(line for line in response.iter_lines() if line.startswith("data: "))
    messages: list[dict[str, Any]] = []
    end = time.monotonic() + 20
    while len(messages) < 3 and time.monotonic() < end:
        messages = service.http.get(path, headers=headers).json()["messages"]
        time.sleep(0.05)
    assert messages[2]["text"].startswith("云杉白金信用卡主卡年费是每年3600元。")
    assert "18万元" in messages[2]["text"]  # in the documents' own words
    assert model.hung_up == 1


def test_openai_clients_read_along_over_several_turns(service: RunningService) -> None:
    web = openai.DefaultHttpxClient(trust_env=False)
    messages: list[dict[str, str]] = []
    with openai.OpenAI(base_url=f"{service.address}/v1", api_key="none", max_retries=0, http_client=web) as client:
        for question in (QUESTION, "那年费呢"):
            messages.append({"role": "user", "content": question})
            came: list[tuple[float, str]] = []
            with client.chat.completions.create(model="teller", messages=cast("Any", messages), stream=True) as stream:
                for chunk in stream:
                    came += [(time.monotonic(), text)] if (text := chunk.choices[0].delta.content) else []
                    notes = (chunk.choices[0].delta.model_extra or {}).get("annotations", [])
            text = "".join(part for _, part in came)
            assert came[1][0] - came[0][0] > PACE / 2
            assert "3600元" in came[0][1]
            assert {text[note["url_citation"]["start_index"] :][:3] for note in notes} == {"[1]"}
            messages.append({"role": "assistant", "content": text})
