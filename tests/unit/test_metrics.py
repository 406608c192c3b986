"""What is counted of models, read as Prometheus reads it."""

from __future__ import annotations

from prometheus_client import REGISTRY

from assistant.event import KnowledgeAnswered, SearchFailed
from assistant.model_event import ModelAsked
from ui import metrics


def value(name: str, **labels: str) -> float:
    return REGISTRY.get_sample_value(name, labels) or 0


def test_calls_tokens_cost_and_the_first_word_are_counted() -> None:
    calls = {"model": "qwen-of-the-test", "use": "answer", "outcome": "ok"}
    before = value("teller_model_calls_total", **calls)
    well = ModelAsked("answer@3-1234abcd", "qwen-of-the-test", 700, 90, 0.5, 250.0, 1900.0)
    badly = ModelAsked("answer@3-1234abcd", "qwen-of-the-test", 700, 0, 0.25, None, 6000.0, "slow")
    metrics.hear([well, badly, SearchFailed("", "")])
    assert value("teller_model_calls_total", **calls) == before + 1
    assert value("teller_model_calls_total", **calls | {"outcome": "slow"}) == 1
    assert value("teller_model_tokens_total", model="qwen-of-the-test", direction="in") == 1400
    assert value("teller_model_tokens_total", model="qwen-of-the-test", direction="out") == 90
    assert value("teller_model_cost_total", model="qwen-of-the-test") == 0.75
    assert value("teller_model_first_token_seconds_sum", model="qwen-of-the-test") == 0.25
    assert value("teller_model_first_token_seconds_count", model="qwen-of-the-test") == 1


def test_answers_are_told_apart_by_what_worded_them() -> None:
    before = {who: value("teller_answers_total", worded_by=who) for who in ("model", "documents")}
    metrics.hear([KnowledgeAnswered("q", None, 1.0, ("p",), "answer@3-1234abcd", ("figure", "figure", "promise"))])
    metrics.hear([KnowledgeAnswered("q", None, 1.0, ("p",))])
    assert {who: value("teller_answers_total", worded_by=who) - before[who] for who in before} == {
        "model": 1,
        "documents": 1,
    }
    assert value("teller_sentences_held_back_total", fault="figure") >= 2


def test_what_servers_call_themselves_does_not_fill_the_memory() -> None:
    metrics.hear([ModelAsked("answer@1-0", f"model-{number}", 1, 1, 0, None, 1.0) for number in range(500)])
    models = {
        sample.labels["model"]
        for family in REGISTRY.collect()
        if family.name == "teller_model_calls"
        for sample in family.samples
    }
    assert len(models) <= 51
    assert "other" in models


def test_servers_that_rest_are_shown_as_it_is_when_somebody_looks() -> None:
    state = {"models.bank.example:443": True}
    metrics.watch(lambda: state)
    assert value("teller_model_resting", server="models.bank.example:443") == 1
    state["models.bank.example:443"] = False
    assert value("teller_model_resting", server="models.bank.example:443") == 0
    assert "teller_model_resting" in {family.name for family in REGISTRY.collect()}
    metrics.watch(dict)
