"""The scripted model server does what it is told, or what is tested with it says nothing."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import httpx
import pytest

from evals import model_server
from evals.model_behaviour import Act, Behaviour

ASK: dict[str, Any] = {"model": "large", "messages": [{"role": "user", "content": "年费多少？"}]}
USAGE = {"stream": True, "stream_options": {"include_usage": True}}
SCHEMA = {
    "type": "object",
    "properties": {"kind": {"$ref": "#/$defs/Kind"}, "words": {"type": "array", "items": {"type": "string"}}},
    "$defs": {"Kind": {"enum": ["ask", "task"], "type": "string"}},
}


def post(server: model_server.ModelServer, **more: Any) -> httpx.Response:
    return httpx.post(f"{server.url}/chat/completions", json=ASK | more, timeout=5, trust_env=False)


def deltas(response: httpx.Response) -> list[dict[str, Any]]:
    lines = [line.removeprefix("data: ") for line in response.text.splitlines() if line]
    assert lines[-1] == "[DONE]"
    return [json.loads(line) for line in lines[:-1]]


def test_it_answers_whole_and_piece_by_piece() -> None:
    with model_server.running(Behaviour(text=lambda sent: f"{sent.user}三千元。")) as server:
        whole = post(server).json()
        parts = deltas(post(server, **USAGE))
        assert whole["choices"][0]["message"]["content"] == "年费多少？三千元。"
        said = [part["choices"][0]["delta"].get("content", "") for part in parts if part["choices"]]
        assert "".join(said) == "年费多少？三千元。" and len(said) > 3
        assert whole["usage"] == parts[-1]["usage"] == {"prompt_tokens": 5, "completion_tokens": 9, "total_tokens": 14}
        assert [sent.body["model"] for sent in server.requests] == ["large", "large"]


def test_it_fills_the_schema_that_it_is_given() -> None:
    shape = {"type": "json_schema", "json_schema": {"name": "shape", "schema": SCHEMA, "strict": True}}
    with model_server.running() as server:
        content = post(server, response_format=shape).json()["choices"][0]["message"]["content"]
        assert json.loads(content) == {"kind": "ask", "words": []}
        server.behaviour = Behaviour(structured=False)
        assert post(server, response_format=shape).status_code == 400


@pytest.mark.parametrize(
    ("act", "status"),
    [
        (Act.WRONG_KEY, 401),
        (Act.UNKNOWN_MODEL, 404),
        (Act.RATE_LIMITED, 429),
        (Act.SERVER_ERROR, 500),
        (Act.TOO_LONG, 400),
    ],
)
def test_it_refuses(act: Act, status: int) -> None:
    with model_server.running() as server:
        server.then(Behaviour(act, retry_after=2))
        refused = post(server)
        assert (refused.status_code, refused.headers["retry-after"]) == (status, "2")
        assert post(server).status_code == 200


@pytest.mark.parametrize("act", [Act.HANG, Act.STALL, Act.KEEP_ALIVE])
def test_it_keeps_one_waiting_and_sees_one_leave(act: Act) -> None:
    with model_server.running(Behaviour(act, text="一二三四五六七八九十")) as server:
        address = f"{server.url}/chat/completions"
        with (
            pytest.raises((httpx.ReadTimeout, TimeoutError)),
            httpx.stream("POST", address, json=ASK | USAGE, timeout=0.2, trust_env=False) as answer,
        ):
            for count, _ in enumerate(answer.iter_lines()):
                if count > 20:
                    raise TimeoutError
        while not server.hung_up:
            time.sleep(0.01)
        assert server.hung_up == 1


def test_it_cuts_the_connection() -> None:
    with model_server.running(Behaviour(Act.CUT)) as server, pytest.raises(httpx.RemoteProtocolError):
        post(server, stream=True)


def test_it_is_a_process_too() -> None:
    command = [sys.executable, "-m", "evals.model_server", "--behaviour", '{"text": "甲"}', "--models", "one"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, cwd=Path(__file__).parents[2]) as process:
        assert process.stdout
        url = json.loads(process.stdout.readline())["url"]
        try:
            assert httpx.get(f"{url}/models", trust_env=False).json() == {"data": [{"id": "one"}]}
            change = url.removesuffix("/v1") + "/behaviour"
            httpx.put(change, json={"act": "server_error"}, trust_env=False).raise_for_status()
            assert httpx.post(f"{url}/chat/completions", json=ASK, trust_env=False).status_code == 500
        finally:
            process.terminate()
