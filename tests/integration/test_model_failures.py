"""However a server of models fails, over real HTTP: the right failure, in time, and nothing of the key or the text in a log."""

from __future__ import annotations

import gc
import logging
import socket
import threading
import time
from collections.abc import Iterator

import pytest

from assistant.cloak import Cloak
from assistant.llm import Allowance, Failure, ModelFailed, Size
from assistant.llms.call import LONGEST
from evals import model_server
from evals.model_behaviour import Act, Behaviour
from evals.model_server import ModelServer
from tests.models import KEY, Slip, allow, ask, built

TEXT = "云杉白金信用卡主卡年费为每年3600元[1]。"


@pytest.fixture
def server() -> Iterator[ModelServer]:
    with model_server.running(Behaviour(text=TEXT)) as running:
        yield running


@pytest.fixture(autouse=True)
def quiet(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """Whatever a test does, the log has nothing of the key, the prompt or the answer."""
    caplog.set_level(logging.DEBUG)
    yield
    for secret in (KEY, "年费", "只依据资料"):
        assert secret not in caplog.text


def said(pieces: Iterator[str]) -> tuple[str, ModelFailed | None]:
    text = ""
    try:
        for piece in pieces:
            text += piece
    except ModelFailed as failed:
        return text, failed
    return text, None


FAILURES = [
    (Behaviour(Act.WRONG_KEY), Failure.WRONG_KEY, 1),
    (Behaviour(Act.UNKNOWN_MODEL), Failure.UNKNOWN_MODEL, 1),
    (Behaviour(Act.TOO_LONG), Failure.TOO_LONG, 1),
    (Behaviour(Act.RATE_LIMITED), Failure.RATE_LIMITED, 3),
    (Behaviour(Act.RATE_LIMITED, retry_after=60), Failure.RATE_LIMITED, 1),
    (Behaviour(Act.SERVER_ERROR), Failure.SERVER_ERROR, 3),
    (Behaviour(Act.HANG), Failure.SLOW, 1),
    (Behaviour(Act.KEEP_ALIVE), Failure.SLOW, 1),
    (Behaviour(pause=1, text=TEXT), Failure.SLOW, 1),
    (Behaviour(reasoning="嗯", pause=1, text=TEXT), Failure.SLOW, 1),
    (Behaviour(text=""), Failure.UNREADABLE, 1),
    (Behaviour(Act.GARBAGE, after=0), Failure.UNREADABLE, 1),
    (Behaviour(Act.CUT, after=0), Failure.BROKEN_OFF, 1),
]
MIDWAY = [
    (Behaviour(Act.STALL, text=TEXT), Failure.STALLED),
    (Behaviour(Act.CUT, text=TEXT), Failure.BROKEN_OFF),
    (Behaviour(Act.GARBAGE, text=TEXT), Failure.UNREADABLE),
]


@pytest.mark.parametrize(("behaviour", "failure", "times"), FAILURES)
def test_fails_before_its_first_word(server: ModelServer, behaviour: Behaviour, failure: Failure, times: int) -> None:
    server.behaviour, allowance = behaviour, allow()
    with built(server.url) as llm:
        began = time.monotonic()
        text, failed = said(llm.stream(ask(), allowance))
        assert (text, failed and failed.failure) == ("", failure)
        assert time.monotonic() - began < 5
        assert [kept.failure for kept in allowance.asked] == [failure.value] * times
        assert len(server.requests) == times
        assert KEY not in repr(failed) + repr(llm) + repr(allowance)


@pytest.mark.parametrize(("behaviour", "failure"), MIDWAY)
def test_fails_midway(server: ModelServer, behaviour: Behaviour, failure: Failure) -> None:
    server.behaviour, allowance = behaviour, allow()
    with built(server.url) as llm:
        text, failed = said(llm.stream(ask(), allowance))
        assert (text, failed and failed.failure) == (TEXT[:6], failure)
        # What was said cannot be taken back, so it is not asked again.
        assert [(kept.failure, kept.first_ms is not None) for kept in allowance.asked] == [(failure.value, True)]


@pytest.mark.parametrize(
    ("behaviour", "failure"), [(each[0], each[1]) for each in FAILURES + MIDWAY if each[1] is not Failure.SLOW]
)
def test_fails_to_fill(server: ModelServer, behaviour: Behaviour, failure: Failure) -> None:
    server.behaviour = behaviour
    with built(server.url) as llm, pytest.raises(ModelFailed) as raised:
        llm.fill(ask(), Slip, allow())
    assert raised.value.failure is failure


def test_nobody_listens() -> None:
    with socket.create_server(("127.0.0.1", 0)) as door:
        url = f"http://127.0.0.1:{door.getsockname()[1]}/v1"
    allowance = allow()
    with built(url) as llm:
        _, failed = said(llm.stream(ask(), allowance))
        assert failed and failed.failure is Failure.UNREACHABLE
        assert [kept.failure for kept in allowance.asked] == ["unreachable"] * 3
        later = allow()
        _, failed = said(llm.stream(ask(), later))
        assert failed and failed.failure is Failure.RESTING
        assert [(kept.failure, kept.input_tokens) for kept in later.asked] == [("resting", 0)]


def test_nobody_takes_the_connection() -> None:
    """A door whose queue is full: packets to it are dropped, as by a firewall."""
    with socket.create_server(("127.0.0.1", 0), backlog=0) as door, socket.socket() as one, socket.socket() as two:
        for filling in (one, two):
            filling.setblocking(False)
            filling.connect_ex(door.getsockname())
        with built(f"http://127.0.0.1:{door.getsockname()[1]}/v1") as llm:
            began = time.monotonic()
            _, failed = said(llm.stream(ask(), allow(1)))
            assert failed and failed.failure is Failure.UNREACHABLE
            assert time.monotonic() - began < 3


def test_is_asked_again_where_that_helps(server: ModelServer) -> None:
    server.then(Behaviour(Act.SERVER_ERROR), Behaviour(Act.RATE_LIMITED, retry_after=0.5))
    allowance = allow()
    with built(server.url) as llm:
        began = time.monotonic()
        assert said(llm.stream(ask(), allowance)) == (TEXT, None)
        assert time.monotonic() - began > 0.5
    assert [kept.failure for kept in allowance.asked] == ["server_error", "rate_limited", None]


def test_a_drip_ends_at_the_end_of_the_time(server: ModelServer) -> None:
    server.behaviour = Behaviour(text="一" * 1000, piece=1, pace=0.35)
    with built(server.url) as llm:
        began = time.monotonic()
        text, failed = said(llm.stream(ask(), allow(0.9)))
        assert failed and failed.failure is Failure.OUT_OF_TIME
        assert 0.8 < time.monotonic() - began < 1.2
        assert 1 <= len(text) <= 3


def test_waiting_for_the_first_word_ends_there_too(server: ModelServer) -> None:
    server.behaviour = Behaviour(Act.HANG)
    with built(server.url) as llm:
        for _ in range(4):
            began = time.monotonic()
            _, failed = said(llm.stream(ask(), allow(0.2)))
            # Whoever gives so little time learns nothing of the server.
            assert failed and failed.failure is Failure.OUT_OF_TIME
            assert time.monotonic() - began < 0.4


def test_time_that_is_up_asks_nothing(server: ModelServer) -> None:
    with built(server.url) as llm:
        assert said(llm.stream(ask(), allow(0)))[1]
        with pytest.raises(ModelFailed):
            llm.fill(ask(), Slip, Allowance(0))
    assert not server.requests


def test_a_listener_who_takes_long_is_not_held_against_the_model(server: ModelServer) -> None:
    with built(server.url) as llm:
        pieces = llm.stream(ask(), allow())
        text = next(pieces)
        time.sleep(0.6)
        assert text + "".join(pieces) == TEXT


def test_what_is_too_long_is_cut_off(server: ModelServer) -> None:
    server.behaviour = Behaviour(Act.OVERLONG, piece=500)
    with built(server.url, silence_seconds=5) as llm:
        text, failed = said(llm.stream(ask(), allow()))
        assert failed and failed.failure is Failure.OVERLONG
        assert LONGEST - 500 <= len(text) <= LONGEST
        _left(server)


@pytest.mark.parametrize("act", [Act.STALL, Act.ANSWER])
def test_closing_ends_the_call_at_the_server(server: ModelServer, act: Act) -> None:
    server.behaviour = Behaviour(act, text=TEXT * 50, pace=0.02)
    allowance = allow()
    with built(server.url, silence_seconds=5) as llm:
        pieces = llm.stream(ask(), allowance)
        next(pieces)
        pieces.close()
        _left(server)
        assert [kept.failure for kept in allowance.asked] == [None]
        server.behaviour = Behaviour(text=TEXT)
        assert said(llm.stream(ask(), allow())) == (TEXT, None)


def test_a_server_that_is_back_is_used_again(server: ModelServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("assistant.llms.circuit.FIRST_PAUSE", 0.3)
    server.behaviour = Behaviour(Act.SERVER_ERROR)
    with built(server.url) as llm:
        assert said(llm.stream(ask(), allow()))[1]
        asked = len(server.requests)
        for _ in range(5):
            _, failed = said(llm.stream(ask(), allow()))
            assert failed and failed.failure is Failure.RESTING
        assert len(server.requests) == asked
        server.behaviour = Behaviour(text=TEXT)
        time.sleep(0.5)
        assert said(llm.stream(ask(), allow())) == (TEXT, None)


def test_requests_of_their_own_fault_do_not_rest_the_server(server: ModelServer) -> None:
    server.behaviour = Behaviour(Act.TOO_LONG)
    with built(server.url) as llm:
        for _ in range(6):
            _, failed = said(llm.stream(ask(), allow()))
            assert failed and failed.failure is Failure.TOO_LONG


def test_the_next_in_order_is_asked(server: ModelServer) -> None:
    server.behaviour = Behaviour(Act.HANG)
    with model_server.running(Behaviour(text="另一个[1]。")) as other, built(server.url, other.url) as llm:
        allowance = allow()
        assert said(llm.stream(ask(), allowance)) == ("另一个[1]。", None)
        assert [kept.failure for kept in allowance.asked] == ["slow", None]
        other.behaviour = Behaviour(text='{"kind": "task"}')
        assert llm.fill(ask(), Slip, allow()).kind == "task"
        server.behaviour = Behaviour(Act.CUT, text=TEXT)
        text, failed = said(llm.stream(ask(), allow()))
        # A model that has begun is not followed by another that says something else.
        assert (text, failed and failed.failure) == (TEXT[:6], Failure.BROKEN_OFF)


def test_a_full_house_is_busy(server: ModelServer) -> None:
    server.behaviour = Behaviour(text=TEXT, pace=0.2)
    with built(server.url, concurrency=2) as llm:
        held = [llm.stream(ask(), allow()) for _ in range(2)]
        for pieces in held:
            next(pieces)
        allowance = allow()
        _, failed = said(llm.stream(ask(), allowance))
        assert failed and failed.failure is Failure.BUSY
        assert [kept.failure for kept in allowance.asked] == ["busy"]
        held[0].close()
        assert said(llm.stream(ask(), allow())) == (TEXT, None)
        held[1].close()


def test_two_hundred_at_once(server: ModelServer) -> None:
    server.behaviour = Behaviour(text=TEXT * 3, pace=0.05)
    heard: list[tuple[str, ModelFailed | None]] = []
    with built(server.url, silence_seconds=20) as llm:
        threads = [
            threading.Thread(target=lambda: heard.append(said(llm.stream(ask(), allow(60))))) for _ in range(200)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert heard == [(TEXT * 3, None)] * 200
    assert server.at_once > 150


def test_connections_are_used_again(server: ModelServer) -> None:
    with built(server.url) as llm:
        for _ in range(5):
            assert said(llm.stream(ask(), allow())) == (TEXT, None)
    assert server.connections == 1


def test_options_that_a_server_refuses_are_left_out_from_then_on(server: ModelServer) -> None:
    server.behaviour = Behaviour(text=TEXT, stream_options=False)
    with built(server.url) as llm:
        for _ in range(2):
            allowance = allow()
            assert said(llm.stream(ask(), allowance)) == (TEXT, None)
            assert allowance.asked[0].input_tokens > 5 and allowance.asked[0].output_tokens > 10
    assert ["stream_options" in sent.body for sent in server.requests] == [True, False, False]


def test_a_shape_is_asked_for_in_words_where_schemas_are_refused(server: ModelServer) -> None:
    answer = '好的：\n```json\n{"kind": "question", "name": "<NAME_1>", "lines": [{"text": "见<NAME_1>"}]}\n```'
    server.behaviour = Behaviour(text=answer, structured=False)
    cloak = Cloak(["王小明"])
    cloak.cover("我是王小明")
    with built(server.url) as llm:
        for _ in range(2):
            slip = llm.fill(ask("我叫<NAME_1>", cloak), Slip, allow())
            assert (slip.kind, slip.name, slip.lines[0].text) == ("question", "王小明", "见王小明")
    first, second, third = server.requests
    assert first.shape and not second.shape and not third.shape
    assert "JSON Schema" in second.body["messages"][0]["content"]
    assert second.user == "我叫<NAME_1>"


def test_a_strict_schema_is_sent_and_the_size_chooses_the_model(server: ModelServer) -> None:
    server.behaviour = Behaviour()
    with built(server.url, body={"enable_thinking": False}) as llm:
        assert llm.fill(ask(size=Size.SMALL), Slip, allow()) == Slip(kind="question")
    sent = server.requests[0]
    assert (sent.body["model"], sent.body["enable_thinking"]) == ("small", False)
    assert sent.headers["authorization"] == f"Bearer {KEY}"
    assert sent.shape and sent.shape["required"] == ["kind", "name", "lines", "day"]
    assert sent.shape["additionalProperties"] is sent.shape["$defs"]["Line"]["additionalProperties"] is False


@pytest.mark.parametrize("key", [None, KEY])
def test_nothing_of_the_environment_is_sent(
    server: ModelServer, monkeypatch: pytest.MonkeyPatch, key: str | None
) -> None:
    for name in ("API_KEY", "ADMIN_KEY", "ORG_ID", "PROJECT_ID", "BASE_URL"):
        monkeypatch.setenv(f"OPENAI_{name}", "of-the-environment")
    with built(server.url, api_key=key) as llm:
        assert said(llm.stream(ask(), allow())) == (TEXT, None)
    headers = server.requests[0].headers
    assert headers.get("authorization") == (f"Bearer {key}" if key else None)
    assert "of-the-environment" not in str(headers)


def test_another_shape_is_told_as_that(server: ModelServer) -> None:
    with built(server.url) as llm:
        for text in ("我不知道。", '{"kind": "dance"}', '{"kind": '):
            server.behaviour, allowance = Behaviour(text=text), allow()
            with pytest.raises(ModelFailed) as raised:
                llm.fill(ask(), Slip, allowance)
            assert raised.value.failure is Failure.OTHER_SHAPE
            assert [kept.failure for kept in allowance.asked] == ["other_shape"]


def test_an_object_that_is_followed_by_blanks_without_end_is_read(server: ModelServer) -> None:
    server.behaviour = Behaviour(text='{"kind": "task"}' + " " * 10_000, piece=100)
    with built(server.url) as llm:
        allowance = allow()
        assert llm.fill(ask(), Slip, allowance).kind == "task"
        assert [kept.failure for kept in allowance.asked] == [None]


def test_thoughts_are_left_out(server: ModelServer) -> None:
    server.behaviour = Behaviour(text=f"<think>\n年费？3600元吧\n</think>\n\n{TEXT}", reasoning="嗯", piece=3)
    with built(server.url) as llm:
        assert said(llm.stream(ask(), allow())) == (TEXT, None)


def test_what_it_cost_is_kept(server: ModelServer) -> None:
    with built(server.url, prices={"large": (2, 8)}) as llm:
        allowance = allow()
        said(llm.stream(ask(), allowance))
        (kept,) = allowance.asked
        assert (kept.prompt, kept.model, kept.input_tokens, kept.output_tokens) == (
            "answer@1-00000000", "large", 13, len(TEXT),
        )  # fmt: skip
        assert kept.cost == pytest.approx((13 * 2 + len(TEXT) * 8) / 1e6)
        assert kept.first_ms is not None and 0 < kept.first_ms <= kept.total_ms
        server.behaviour = Behaviour(text=TEXT, usage=False)
        said(llm.stream(ask(), allowance))
        assert 8 < allowance.asked[1].input_tokens < 13 and 10 < allowance.asked[1].output_tokens < len(TEXT)


def test_a_mistake_of_the_settings_is_told_once(server: ModelServer, caplog: pytest.LogCaptureFixture) -> None:
    server.behaviour = Behaviour(Act.UNKNOWN_MODEL)
    with built(server.url) as llm:
        for _ in range(3):
            said(llm.stream(ask(), allow()))
    told = [record.getMessage() for record in caplog.records if record.levelno >= logging.WARNING]
    assert len(told) == 1 and "TELLER_LLM_MODEL" in told[0]


def test_what_is_forgotten_gives_its_place_back(server: ModelServer) -> None:
    server.behaviour = Behaviour(Act.STALL, text=TEXT)
    with built(server.url, concurrency=1, silence_seconds=5) as llm:
        next(llm.stream(ask(), allow()))
        gc.collect()
        _left(server)
        server.behaviour = Behaviour(text=TEXT)
        assert said(llm.stream(ask(), allow())) == (TEXT, None)


def _left(server: ModelServer) -> None:
    for _ in range(300):
        if server.hung_up:
            return
        time.sleep(0.01)
    raise AssertionError("the server was not left")
