"""A message of the greatest length that can be set is read in about as many times the time as it is longer, whatever it is made of."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest

from assistant import alarm, guard
from assistant.wording import language
from knowledge_base.text import clean, fold

LONGEST = 20_000
SHORT = 2_500
MADE_OF = [
    "a",
    "a.",
    "1",
    "1 ",
    "@",
    "a@",
    "-",
    "中",
    "零",
    "一三",
    "密码",
    "护照",
    "A1",
    "「",
    "\u3000a",
    ". ",
    "%",
    "我",
    "1,",
]


def seconds(read: Callable[[str], object], text: str) -> float:
    times = []
    for _ in range(3):
        began = time.perf_counter()
        read(text)
        times.append(time.perf_counter() - began)
    return min(times)


@pytest.mark.parametrize("read", [clean, fold, guard.mask, guard.mask_live, guard.mask_code, language, alarm.find])
@pytest.mark.parametrize("piece", MADE_OF)
def test_no_message_is_read_for_long(read: Callable[[str], object], piece: str) -> None:
    """A square law would take 64 times as long for 8 times the length; 24 leaves room for a noisy machine."""
    short, long = (piece * (length // len(piece)) for length in (SHORT, LONGEST))
    floor = 2e-4
    assert seconds(read, long) < 24 * max(floor, seconds(read, short))
