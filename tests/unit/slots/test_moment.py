"""Times that are offered: by day and hour, by a part of the day, by place in the list."""

from __future__ import annotations

import pytest

from assistant.slot import Filled, Option, Rejected
from tests.unit.slots.asking import find

# 2026-11-22 is a Sunday.
OFFERED = (
    Option("2026-11-22T16:30:00+08:00", "今天 16:30"),
    Option("2026-11-22T17:30:00+08:00", "今天 17:30"),
    Option("2026-11-23T09:00:00+08:00", "明天（周一）09:00"),
    Option("2026-11-23T14:00:00+08:00", "明天（周一）14:00"),
    Option("2026-11-24T09:00:00+08:00", "11月24日（周二）09:00"),
)


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("今天下午四点半", 1), ("16:30", 1), ("4点半", 1), ("下午5点半", 2), ("17:30吧", 2), ("明天上午9点", 3), ("明早九点", 3),
        ("周一九点", 3), ("明天下午", 4), ("明天下午两点", 4), ("11月24日", 5), ("周二", 5), ("后天上午", 5), ("后天9点", 5),
        ("第二个", 2), ("3", 3), ("最后一个", 5), ("明天（周一）09:00", 3), ("tomorrow at 9 am", 3), ("4:30 pm", 1),
        ("the second one", 2), ("tomorrow afternoon", 4),
    ],
)  # fmt: skip
def test_one_is_meant(text: str, place: int) -> None:
    found = find("moment", text, options=OFFERED)
    assert isinstance(found, Filled), found
    assert (found.value, found.shown) == (OFFERED[place - 1].id, OFFERED[place - 1].label)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("9点", "ambiguous"), ("今天", "ambiguous"), ("明天", "ambiguous"), ("上午9点", "ambiguous"),
        ("下午三点", "no_such_option"), ("明天16:30", "no_such_option"), ("凌晨三点", "no_such_option"), ("第9个", "no_such_option"),
        ("12月1日", "no_such_option"), ("今天晚上", "no_such_option"),
    ],
)  # fmt: skip
def test_several_fit_or_none(text: str, reason: str) -> None:
    assert find("moment", text, options=OFFERED) == Rejected(reason)


@pytest.mark.parametrize("text", ["不要16:30", "16:30可以吗", "你好", "都行", "年费多少"])
def test_nothing_is_told(text: str) -> None:
    assert not isinstance(find("moment", text, options=OFFERED), Filled)


def test_unasked_only_with_its_hour() -> None:
    found = find("moment", "改成明天下午两点", open=False, options=OFFERED)
    assert isinstance(found, Filled) and found.value == OFFERED[3].id
    for text in ("第二个", "明天", "下午", "周二"):
        assert find("moment", text, open=False, options=OFFERED) is None
    assert find("moment", "16:30") is None
