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
