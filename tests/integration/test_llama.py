"""The wire to a real model: llama.cpp's server, which knows nothing of what it is tested with."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import closing
from enum import StrEnum
from typing import Any

import pytest
from pydantic import BaseModel

from assistant import bootstrap
from assistant.llm import LLM, Failure, ModelFailed
from assistant.settings import Settings
from tests import llama
from tests.llama import Llama
from tests.models import allow, ask

GOES_ON = "one two three four five six one two three four five six one two three"

EXAMPLE = 'Fill {"wish": "task", "doubt": {"sure": false, "other": null}}'


class Wish(StrEnum):
    ASK = "ask"
    TASK = "task"


class Doubt(BaseModel):
    sure: bool
    other: Wish | None


class Understood(BaseModel):
    wish: Wish
    doubt: Doubt


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Llama]:
    with llama.running(tmp_path_factory.mktemp("llama")) as running:
        yield running


@pytest.fixture
def body() -> dict[str, Any]:
    return {"max_tokens": 40, "stop": ["\n"]}


@pytest.fixture
def llm(server: Llama, body: dict[str, Any]) -> Iterator[LLM]:
    with closing(connected(server, llm_body=body)) as connected_to:
        yield connected_to


def connected(server: Llama, **more: Any) -> LLM:
    named = {"llm_base_url": server.url, "llm_model": llama.MODEL, "llm_api_key": llama.KEY}
    llm = bootstrap.build_llm(Settings.model_validate({"llm_silence_seconds": 30, **named, **more}))
    assert llm
    return llm


def test_words_come_piece_by_piece_and_are_counted(llm: LLM) -> None:
    allowance, pieces = allow(60), []
    try:
        for piece in llm.stream(ask(GOES_ON), allowance):
            pieces.append(piece)  # noqa: PERF402 - what came before the end counts
    except ModelFailed as failed:
        # It seldom knows an end.
        assert failed.failure is Failure.OVERLONG
    assert len(pieces) > 5 and "four" in "".join(pieces)
    (kept,) = allowance.asked
    assert 15 < kept.input_tokens < 60 and len(pieces) <= kept.output_tokens <= 41
    assert kept.first_ms is not None and kept.first_ms < kept.total_ms


@pytest.mark.parametrize("body", [{"ignore_eos": True}])
def test_closing_frees_the_place(server: Llama, llm: LLM) -> None:
    pieces = llm.stream(ask(GOES_ON), allow(60))
    next(pieces)
    assert server.is_working()
    pieces.close()
    assert freed(server)


@pytest.mark.parametrize("body", [{"ignore_eos": True}])
def test_the_time_ends_it(server: Llama, llm: LLM) -> None:
    began = time.monotonic()
    with pytest.raises(ModelFailed) as raised:
        for _ in llm.stream(ask(GOES_ON), allow(2)):
            pass
    assert raised.value.failure is Failure.OUT_OF_TIME
    assert time.monotonic() - began < 3
    assert freed(server)


def test_silence_ends_it(server: Llama) -> None:
    with closing(connected(server, llm_silence_seconds=0.05)) as llm, pytest.raises(ModelFailed) as raised:
        next(llm.stream(ask(" ".join(map(str, range(60)))), allow(60)))
    assert raised.value.failure is Failure.SLOW
    assert freed(server)


@pytest.mark.parametrize("body", [{"max_tokens": 150}])
def test_a_shape_is_kept_to(llm: LLM) -> None:
    allowance = allow(120)
    understood = llm.fill(ask(EXAMPLE), Understood, allowance)
    assert understood.wish in Wish
    assert allowance.asked[0].failure is None and allowance.asked[0].output_tokens > 5


def test_what_it_refuses_is_understood(server: Llama, llm: LLM) -> None:
    with pytest.raises(ModelFailed) as raised:
        next(llm.stream(ask("one two " * 3000), allow(60)))
    assert raised.value.failure is Failure.TOO_LONG
    with closing(connected(server, llm_api_key="another")) as stranger, pytest.raises(ModelFailed) as raised:
        next(stranger.stream(ask(), allow(60)))
    assert raised.value.failure is Failure.WRONG_KEY


def freed(server: Llama) -> bool:
    """Whether its place is free soon; what it had been asked would keep it busy for long."""
    for _ in range(200):
        if not server.is_working():
            return True
        time.sleep(0.1)
    return False
