from __future__ import annotations

from itertools import repeat

import pytest

from assistant.llm import Failure, ModelFailed
from assistant.llms.events import events


def test_a_line_without_an_end_is_not_kept() -> None:
    with pytest.raises(ModelFailed) as failed:
        list(events(repeat(b"x" * 65_536, 100)))
    assert failed.value.failure is Failure.UNREADABLE


def test_a_long_line_that_ends_is_read() -> None:
    assert [
        one.words for one in events([b'data: {"choices": [{"delta": {"content": "', b"x" * 500_000, b'"}}]}\n'])
    ] == ["x" * 500_000]


def test_a_server_that_does_not_stream_is_read_as_well() -> None:
    whole = b'{"choices": [{"message": {"content": "3600"}, "finish_reason": "stop"}], "usage": {"prompt_tokens": 7, "completion_tokens": 2}}'
    (event,) = events([whole[:20], whole[20:]])
    assert (event.words, event.finish, event.usage) == ("3600", "stop", (7, 2))


@pytest.mark.parametrize("garbage", [b"{not json}\n", b'{"choices": [{}]}\n', b'data: {"choices": [{"delta": 3}]}\n'])
def test_garbage_is_told(garbage: bytes) -> None:
    with pytest.raises(ModelFailed) as failed:
        list(events([garbage]))
    assert failed.value.failure is Failure.UNREADABLE
