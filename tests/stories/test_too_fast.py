"""A conversation may say so much a minute; what comes too soon is not lost, not stored, and taken when it is sent again."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine

from assistant import bootstrap
from assistant.assistant import Assistant
from assistant.banks.none import NoBank
from assistant.pace import TooFast
from assistant.settings import Settings
from knowledge_base.embedder import Embedder
from knowledge_base.passage import Audience
from knowledge_base.search import Search

A_MINUTE = 3


@pytest.fixture
def assistant(library: Search, embedder: Embedder, tmp_path: Path) -> Iterator[Assistant]:
    settings = Settings(data_dir=tmp_path, turns_per_conversation=A_MINUTE)
    with closing(bootstrap.build_database(settings)) as database:
        storage = bootstrap.build_storage(settings, database)
        yield bootstrap.build_assistant(settings, storage, library, embedder, NoBank())


@pytest.mark.parametrize(("locale", "said", "words"), [("zh-CN", "你好", "秒再发"), ("en", "hello", "seconds")])
def test_what_comes_too_soon_is_taken_later(assistant: Assistant, locale: str, said: str, words: str) -> None:
    with time_machine.travel("2026-11-23T10:00:00+08:00", tick=False) as clock:
        one, _token, _reply = assistant.start(Audience.CUSTOMER, locale)
        other, _token, _reply = assistant.start(Audience.CUSTOMER, locale)
        for _ in range(A_MINUTE):
            assistant.respond(one, said)
        before = assistant.events(one)
        with pytest.raises(TooFast, match=words) as refused:
            assistant.respond(one, said, key="k")
        assert assistant.events(one) == before
        assert assistant.respond(other, said)
        clock.shift(timedelta(seconds=refused.value.seconds))
        assert assistant.respond(one, said, key="k").number == A_MINUTE + 1


def test_a_turn_that_was_made_is_given_again_however_soon(assistant: Assistant) -> None:
    one, _token, _reply = assistant.start(Audience.CUSTOMER, "zh-CN")
    first = assistant.respond(one, "你好", key="k")
    for _ in range(A_MINUTE - 1):
        assistant.respond(one, "你好")
    assert [assistant.respond(one, "你好", key="k") for _ in range(5)] == [first] * 5
