"""`teller doctor` on language models: what is found at the server, and what to do."""

from __future__ import annotations

import socket
from typing import Any

from assistant.settings import Settings
from evals import model_server
from evals.model_behaviour import Act, Behaviour
from tests.models import KEY
from ui.doctor import Finding, examine


def examined(url: str, model: str = "large", **more: Any) -> list[Finding]:
    named = {"llm_base_url": url, "llm_model": model, "llm_api_key": KEY, **more}
    findings = examine(Settings.model_validate(named))
    assert not any(KEY in f"{finding}" for finding in findings)
    return [finding for finding in findings if finding.what.startswith("language model")]


def test_none_is_well() -> None:
    (found,) = [finding for finding in examine(Settings()) if finding.what == "language model"]
    assert found.ok and found.state.startswith("none")


def test_models_that_are_there_are_well() -> None:
    with model_server.running(models=("large", "small:latest")) as server:
        (found,) = examined(server.url, llm_small_model="small")
        assert found.ok and "large and small" in found.state
        assert not server.requests


def test_a_model_that_is_not_listed_is_tried() -> None:
    with model_server.running(models=("other",)) as server:
        (found,) = examined(server.url)
        assert found.ok and server.requests[0].body["max_tokens"] == 1
        server.behaviour = Behaviour(Act.UNKNOWN_MODEL)
        (found,) = examined(server.url)
        assert not found.ok and "has no model large; it has other" in found.state
        assert found.remedy and "TELLER_LLM_MODEL" in found.remedy


def test_each_server_is_looked_at() -> None:
    with model_server.running() as well, model_server.running(Behaviour(Act.WRONG_KEY)) as closed:
        first, second = examined(well.url, llm_fallbacks=[{"base_url": closed.url, "model": "m", "api_key": KEY}])
        assert first.ok and not second.ok
        assert "refuses our key" in second.state and second.remedy and "TELLER_LLM_API_KEY" in second.remedy


def test_a_server_that_does_not_answer_is_told() -> None:
    with socket.create_server(("127.0.0.1", 0)) as door:
        gone = f"http://127.0.0.1:{door.getsockname()[1]}/v1"
    (found,) = examined(gone)
    assert not found.ok and "does not answer" in found.state
    assert found.remedy and "TELLER_LLM_BASE_URL" in found.remedy
    with model_server.running(Behaviour(Act.HANG)) as server:
        (found,) = examined(server.url)
        assert not found.ok and "within 3 seconds" in found.state
