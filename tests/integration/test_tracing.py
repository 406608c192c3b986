"""The spans of a running service, as a real collector receives them: what is in them, and that nobody's words are."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import grpc
import pytest
from opentelemetry.proto.collector.trace.v1 import trace_service_pb2, trace_service_pb2_grpc
from opentelemetry.proto.trace.v1.trace_pb2 import Span

from evals import model_server
from evals.model_behaviour import Act, Behaviour
from tests.service import QUESTION, RunningService, write_documents

PHONE, MARKER, SAYING = "13812345678", "紫色长颈鹿", "主卡年费为每年3600元"
LONGEST_WAIT = 30
KEYS = {
    "teller.audience", "teller.outcome", "error.type", "server.address", "server.port",
    "gen_ai.operation.name", "gen_ai.provider.name", "gen_ai.request.model", "gen_ai.response.model",
    "gen_ai.usage.input_tokens", "gen_ai.usage.output_tokens", "gen_ai.prompt.name",
    "gen_ai.response.time_to_first_chunk",
}  # fmt: skip


class Collector(trace_service_pb2_grpc.TraceServiceServicer):
    """An OpenTelemetry collector that keeps what it is sent."""

    def __init__(self) -> None:
        self._received = threading.Condition()
        self.raw = b""
        self.spans: list[Span] = []

    def Export(self, request: Any, context: object) -> Any:  # noqa: N802
        with self._received:
            self.raw += request.SerializeToString()
            for resource in request.resource_spans:
                self.spans += [span for scope in resource.scope_spans for span in scope.spans]
            self._received.notify_all()
        return trace_service_pb2.ExportTraceServiceResponse()

    def wait_for(self, name: str, count: int = 1) -> list[Span]:
        """The spans of this name, once there are so many."""
        with self._received:
            assert self._received.wait_for(lambda: len(self.named(name)) >= count, LONGEST_WAIT), self.spans
            return self.named(name)

    def named(self, name: str) -> list[Span]:
        return [span for span in self.spans if span.name == name]


def values(span: Span) -> dict[str, Any]:
    """The attributes of a span."""
    return {one.key: getattr(one.value, one.value.WhichOneof("value")) for one in span.attributes}


@pytest.fixture(scope="module")
def collector() -> Iterator[tuple[Collector, str]]:
    kept = Collector()
    server = grpc.server(ThreadPoolExecutor(2))
    trace_service_pb2_grpc.add_TraceServiceServicer_to_server(kept, server)  # type: ignore[no-untyped-call]
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    yield kept, f"http://127.0.0.1:{port}"
    server.stop(None).wait()


@pytest.fixture(scope="module")
def scripted() -> Iterator[model_server.ModelServer]:
    with model_server.running(Behaviour(text=f"云杉白金信用卡{SAYING}[1]。"), ("large",)) as server:
        yield server


@pytest.fixture(scope="module")
def told(
    collector: tuple[Collector, str], scripted: model_server.ModelServer, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Collector]:
    """What the collector has after some conversations: answered, refused, abstained, with a model that fails."""
    kept, address = collector
    root = tmp_path_factory.mktemp("traced")
    write_documents(root)
    service = RunningService(
        root, TELLER_OTLP_ENDPOINT=address, TELLER_LLM_BASE_URL=scripted.url, TELLER_LLM_MODEL="large"
    )
    try:
        service.wait()
        started = service.http.post("/v1/conversations", json={}).json()
        path, headers = f"/v1/conversations/{started['id']}/turns", {"Authorization": f"Bearer {started['token']}"}
        for text in (f"我叫{MARKER}，手机{PHONE}，{QUESTION}", f"{MARKER}的一天有多长", "转人工", "长" * 5_000):
            service.http.post(path, json={"text": text}, headers=headers)
        scripted.behaviour = Behaviour(Act.SERVER_ERROR)
        service.http.post(path, json={"text": QUESTION}, headers=headers)
        kept.wait_for("teller.turn", 5)
        yield kept
    finally:
        service.end()


def test_a_turn_is_told_with_its_outcome(told: Collector) -> None:
    turns = [values(span) for span in told.named("teller.turn")]
    assert {one["teller.audience"] for one in turns} == {"customer"}
    assert {"answered", "abstained", "handed_off"} <= {one.get("teller.outcome") for one in turns}
    assert [one["error.type"] for one in turns if "teller.outcome" not in one] == ["MessageRefused"]


def test_search_stands_within_its_turn(told: Collector) -> None:
    turns = {span.span_id for span in told.named("teller.turn")}
    assert {span.parent_span_id for span in told.named("teller.search")} <= turns
    assert told.named("teller.search")


def test_a_call_of_a_model_is_told_by_the_conventions(told: Collector) -> None:
    calls = told.named("chat large")
    answered = next(values(span) for span in calls if "error.type" not in values(span))
    assert answered["gen_ai.operation.name"] == "chat"
    assert (answered["gen_ai.request.model"], answered["gen_ai.response.model"]) == ("large", "large")
    assert answered["gen_ai.usage.input_tokens"] > 0
    assert answered["gen_ai.usage.output_tokens"] > 0
    assert answered["server.address"] == "127.0.0.1"
    assert "server_error" in {values(span).get("error.type") for span in calls}
    within = {span.span_id for span in told.named("teller.turn")}
    assert {span.parent_span_id for span in calls} <= within
    assert all(0 < span.start_time_unix_nano <= span.end_time_unix_nano <= time.time_ns() for span in calls)


def test_nothing_that_anybody_said_is_in_any_span(told: Collector) -> None:
    for word in (PHONE, MARKER, SAYING, "年费", "白金", "3600", "转人工", "长长"):
        assert word.encode() not in told.raw, word
    for span in told.spans:
        assert set(values(span)) <= KEYS, span
        assert not span.events
        assert span.status.message == ""
        assert re.fullmatch(r"[A-Za-z0-9_. -]+", span.name)
        for value in values(span).values():
            assert re.fullmatch(r"[A-Za-z0-9_.@-]+", str(value)), span


def test_without_an_endpoint_no_span_is_made(tmp_path: Path) -> None:
    from opentelemetry import trace

    from assistant import tracing

    with tracing.span("teller.turn", audience="customer") as span:
        assert not span.is_recording()
        assert not trace.get_current_span().is_recording()
