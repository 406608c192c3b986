"""Everybody may come so many times a minute, and is told when to come again."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import time_machine

from assistant.pace import Pace

NOW = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)


def test_so_many_a_minute_and_not_one_more() -> None:
    with time_machine.travel(NOW, tick=False):
        pace = Pace(3)
        assert [pace.wait("a") for _ in range(3)] == [0, 0, 0]
        assert 1 <= pace.wait("a") <= 61
        assert pace.wait("b") == 0


def test_after_as_many_seconds_as_told_it_goes_on() -> None:
    with time_machine.travel(NOW, tick=False) as clock:
        pace = Pace(2)
        assert [pace.wait("a") for _ in range(2)] == [0, 0]
        clock.shift(timedelta(seconds=pace.wait("a")))
        assert pace.wait("a") == 0


def test_threads_together_come_no_oftener_than_one() -> None:
    with time_machine.travel(NOW, tick=False):
        pace = Pace(50)
        with ThreadPoolExecutor(8) as pool:
            waits = list(pool.map(lambda _: pace.wait("a"), range(200)))
    assert waits.count(0) == 50
