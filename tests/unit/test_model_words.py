"""The words in a server's bytes, however the network cuts them; thoughts left out; shapes found; tokens estimated."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from itertools import pairwise
from typing import TypeVar

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.cloak import Cloak
from assistant.llm import Failure, ModelFailed
from assistant.llms import in_json
from assistant.llms.call import tokens
from assistant.llms.events import events
from assistant.llms.refusal import refused
from assistant.llms.thinking import Thinking
from tests.models import Slip

Cut = TypeVar("Cut", str, bytes)


def cut(data: Cut, places: list[int]) -> list[Cut]:
    ends = sorted({place % (len(data) + 1) for place in places} | {0, len(data)})
    return [data[start:end] for start, end in pairwise(ends)]


@given(st.lists(st.text(min_size=1), max_size=6), st.lists(st.integers(0)), st.sampled_from(["\n\n", "\r\n\r\n"]))
def test_words_are_the_same_however_they_are_cut(said: list[str], places: list[int], end: str) -> None:
    lines = [json.dumps({"choices": [{"delta": {"content": words}}]}, ensure_ascii=False) for words in said]
    data = f": hello{end}" + "".join(f"data: {line}{end}" for line in lines) + f"data:[DONE]{end}"
    read = list(events(cut(data.encode("utf-8", "surrogatepass"), places)))
    assert [event.words for event in read if event.words] == said
    assert [event.is_last for event in read if event.is_last] == [True]


@pytest.mark.parametrize(
    "data", ["{", "[1]", "7", '"x"', "null", '{"choices": [7]}', '{"choices": [{"delta": null}]}',
             '{"choices": [{"delta": {"content": 7}}]}', '{"choices": [], "usage": {"prompt_tokens": "x"}}',
             "[" * 100_000],
)  # fmt: skip
def test_what_is_no_answer_cannot_be_read(data: str) -> None:
    with pytest.raises(ModelFailed) as raised:
        list(events([f"data: {data}\n\n".encode()]))
    assert raised.value.failure is Failure.UNREADABLE


def test_a_failure_told_midway_is_what_it_says() -> None:
    told = '{"error": {"code": 429, "message": "slow down, 王小明"}}'
    with pytest.raises(ModelFailed) as raised:
        list(events([f"data: {told}\n\n".encode()]))
    assert raised.value.failure is Failure.RATE_LIMITED
    assert "王小明" not in str(raised.value)


@given(st.text("<think/>年 \n"), st.text("年费<\n/", min_size=1), st.lists(st.integers(0)))
def test_thoughts_are_left_out_however_they_are_cut(thought: str, answer: str, places: list[int]) -> None:
    inner, bare = thought.replace("</think>", ""), answer.strip()
    for text in (f"\n<think>{inner}</think>\n{answer}", answer):
        thinking = Thinking()
        said = "".join(thinking.answer_in(piece) for piece in cut(text, places)) + thinking.rest()
        assert said.strip() == bare


@pytest.mark.parametrize(
    ("status", "body", "failure"),
    [
        (400, {"error": {"code": "context_length_exceeded", "message": ""}}, Failure.TOO_LONG),
        (400, {"object": "error", "message": "This model's maximum context length is 4096 tokens."}, Failure.TOO_LONG),
        (400, {"error": {"code": 400, "message": "exceeds the available context size"}}, Failure.TOO_LONG),
        (400, {"error": {"message": "Model Not Exist", "code": "invalid_request_error"}}, Failure.UNKNOWN_MODEL),
        (400, "bad request", Failure.REFUSED),
        (422, [{"msg": "extra fields"}], Failure.REFUSED),
        (402, {"error": {"message": "Insufficient Balance"}}, Failure.RATE_LIMITED),
        (403, None, Failure.WRONG_KEY),
        (503, "<html>", Failure.SERVER_ERROR),
    ],
)
def test_refusals_of_many_servers_are_understood(status: int, body: object, failure: Failure) -> None:
    assert refused(status, body, {}).failure is failure


def test_the_time_to_come_back_is_read() -> None:
    later = format_datetime(datetime.now(UTC) + timedelta(seconds=30), usegmt=True)
    seconds = refused(429, None, {"retry-after": later}).retry_after
    assert seconds and 28 < seconds <= 30
    assert refused(429, None, {"retry-after": "1.5"}).retry_after == 1.5
    for odd in ("nan", "-1", "soon", "1e9", ""):
        assert refused(429, None, {"retry-after": odd}).retry_after is None


@pytest.mark.parametrize("text", ['{"kind": "task"}', '好的 {x} ```json\n{"kind": "task"}\n```{"kind": "question"}'])
def test_the_first_object_is_found(text: str) -> None:
    assert in_json.read(text, Slip, Cloak()) == Slip(kind="task")


def test_tokens_are_estimated() -> None:
    assert tokens("") == 0
    assert tokens("年费是多少？") == 5
    assert tokens("annual fee") == 3
