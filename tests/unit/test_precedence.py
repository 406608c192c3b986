from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.precedence import rank

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
LARGEST = 1_080
STARTS = st.integers(0, LARGEST)
LATER = st.integers(0, 86_400_000).map(lambda milliseconds: timedelta(milliseconds=milliseconds))


def test_it_is_seconds_since_1970_less_the_head_start() -> None:
    assert rank(datetime(1970, 1, 1, 0, 10, tzinfo=UTC), 180) == 420


def test_the_time_zone_does_not_matter() -> None:
    assert rank(NOW.astimezone(timezone(timedelta(hours=8))), 60) == rank(NOW, 60)


def test_a_time_without_its_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        rank(NOW.replace(tzinfo=None), 0)


@given(STARTS, STARTS)
def test_of_two_who_ask_together_the_larger_head_start_goes_first(one: int, other: int) -> None:
    assert (rank(NOW, one) < rank(NOW, other)) == (one > other)


@given(STARTS, STARTS, LATER)
def test_nobody_is_overtaken_by_one_who_asked_later_by_more_than_the_largest_head_start(
    early: int, late: int, later: timedelta
) -> None:
    if rank(NOW + later, late) < rank(NOW, early):
        assert later < timedelta(seconds=LARGEST)


@given(STARTS, LATER)
def test_with_equal_head_starts_who_asked_first_goes_first(start: int, later: timedelta) -> None:
    assert rank(NOW, start) <= rank(NOW + later, start)
