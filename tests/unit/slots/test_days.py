from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.slot import Asked, Filled, kinds
from tests.unit.slots.asking import TODAY, find, value


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-12-01", "2026-12-01"), ("2026/12/1", "2026-12-01"), ("2026.12.1", "2026-12-01"), ("2026年12月1日", "2026-12-01"), ("12月1号", "2026-12-01"),
        ("２０２６年１２月１日", "2026-12-01"), ("二〇二六年十二月一日", "2026-12-01"), ("十二月二十五号", "2026-12-25"), ("12月1日去", "2026-12-01"),
        ("明天", "2026-11-23"), ("后天", "2026-11-24"), ("後天", "2026-11-24"), ("大后天", "2026-11-25"), ("昨天丢的", "2026-11-21"), ("大前天", "2026-11-19"),
        ("下周三", "2026-11-25"), ("下週三", "2026-11-25"), ("下个星期三", "2026-11-25"), ("下礼拜三", "2026-11-25"), ("这周五", "2026-11-20"), ("本周五", "2026-11-20"),
        ("周五", "2026-11-27"), ("星期五", "2026-11-27"), ("禮拜五", "2026-11-27"), ("周日", "2026-11-29"), ("周天", "2026-11-29"), ("上周五", "2026-11-13"),
        ("下下周一", "2026-11-30"), ("月底", "2026-11-30"), ("本月底", "2026-11-30"), ("下个月底", "2026-12-31"), ("12月底", "2026-12-31"),
        ("下个月3号", "2026-12-03"), ("下月三号", "2026-12-03"), ("这个月28号", "2026-11-28"), ("上个月3号", "2026-10-03"),
        ("三天后", "2026-11-25"), ("两周后", "2026-12-06"), ("1个月后", "2026-12-22"), ("过三天", "2026-11-25"), ("3天前", "2026-11-19"),
        ("9月5号", "2026-09-05"), ("1月5号", "2027-01-05"), ("明年3月1日", "2027-03-01"), ("去年3月1日", "2025-03-01"), ("2028年2月29日", "2028-02-29"),
        ("我今天想预约下周三去", "2026-11-25"), ("预约下周三上午十点", "2026-11-25"), ("我想3号去", "2026-12-03"), ("下周三三点", "2026-11-25"),
        ("tomorrow", "2026-11-23"), ("the day after tomorrow", "2026-11-24"), ("next Wednesday", "2026-11-25"), ("Friday", "2026-11-27"),
        ("Dec 1", "2026-12-01"), ("1st of December", "2026-12-01"), ("December 1st, 2026", "2026-12-01"), ("in 3 days", "2026-11-25"), ("two weeks ago", "2026-11-08"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("open", [True, False])
def test_a_day_is_found(text: str, day: str, open: bool) -> None:
    assert value(find("date", text, open=open)) == day


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("3号", "2026-12-03"), ("22号", "2026-11-22"), ("31号", "2026-12-31"), ("20261201", "2026-12-01"), ("12.1", "2026-12-01"), ("12/1", "2026-12-01"),
        ("2月30日", "(no_such_day)"), ("二月三十号", "(no_such_day)"), ("2026年13月1日", "(no_such_day)"), ("2026-11-31", "(no_such_day)"),
        ("2027年2月29日", "(no_such_day)"), ("下个月32号", "(no_such_day)"),
        ("下周", "(unclear)"), ("过几天", "(unclear)"), ("月初", "(unclear)"), ("周末", "(unclear)"), ("年底", "(unclear)"), ("周一到周五", "(unclear)"),
        ("9月1日到9月5日", "(unclear)"), ("周三或周四", "(unclear)"), ("next week", "(unclear)"), ("改天吧", "(unclear)"),
    ],
)  # fmt: skip
def test_more_is_taken_and_judged_when_a_day_was_asked_for(text: str, found: str) -> None:
    assert value(find("date", text)) == found
    assert find("date", text, open=False) is None


@pytest.mark.parametrize(
    "text",
    [
        "每周三",
        "尾号1234",
        "3号楼",
        "2号线",
        "第3号窗口",
        "选3号",
        "3.5万",
        "12.50元",
        "13812345678",
        "330102199001011234",
        "一周三次",
        "你好",
        "3个月",
        "may i ask",
        "15:30",
    ],
)
@pytest.mark.parametrize("open", [True, False])
def test_other_things_are_no_day(text: str, open: bool) -> None:
    assert find("date", text, open=open) is None


def test_a_day_is_shown_with_its_weekday() -> None:
    assert find("date", "2026-12-02") == Filled("2026-12-02", "2026年12月2日（周三）")
    assert find("date", "2026-12-02", locale="en") == Filled("2026-12-02", "Wed, 2 Dec 2026")


def test_a_weekday_alone_is_the_next_one_and_this_week_may_be_past() -> None:
    wednesday = Asked(True, date(2026, 11, 25))
    found = {
        text: value(kinds()["date"].find(text, wednesday))
        for text in ("周三", "周四", "这周三", "这周一", "下周三", "下周一", "周日")
    }
    assert found == {
        "周三": "2026-12-02", "周四": "2026-11-26", "这周三": "2026-11-25", "这周一": "2026-11-23", "下周三": "2026-12-02", "下周一": "2026-11-30",
        "周日": "2026-11-29",
    }  # fmt: skip


@given(st.dates(min_value=date(2000, 1, 1), max_value=date(2099, 12, 31)))
def test_any_day_survives_its_spellings(day: date) -> None:
    for text in (
        f"{day}",
        f"{day:%Y/%m/%d}",
        f"{day.year}年{day.month}月{day.day}日",
        f"{day.day} {day:%B} {day.year}",
        f"{day:%b} {day.day}, {day.year}",
    ):
        assert value(find("date", text, open=False)) == f"{day}"


@pytest.mark.parametrize(
    ("text", "time"),
    [
        ("上午十点", "10:00"), ("下午3点半", "15:30"), ("15:30", "15:30"), ("10am", "10:00"), ("三点一刻", "15:15"), ("下午两点四十五分", "14:45"), ("中午十二点", "12:00"),
        ("下午2:30", "14:30"), ("下午２：３０", "14:30"), ("08:30", "08:30"), ("明天十点", "10:00"), ("两点四十", "14:40"), ("晚上八点", "20:00"), ("早上9点", "09:00"),
        ("下午三點", "15:00"), ("三点半", "15:30"), ("十点钟", "10:00"), ("下周三三点去", "15:00"), ("中午1点", "13:00"), ("十六点三十分", "16:30"),
        ("half past two", "14:30"), ("10:30 am", "10:30"), ("quarter to 3 pm", "14:45"), ("3 o'clock", "15:00"), ("noon", "12:00"), ("2 pm", "14:00"), ("3:30", "15:30"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("open", [True, False])
def test_a_time_is_found(text: str, time: str, open: bool) -> None:
    assert find("time", text, open=open) == Filled(time, time)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("三点", "15:00"), ("9点", "09:00"), ("10", "10:00"), ("3", "15:00"), ("上午", "(unclear)"), ("随时", "(unclear)"), ("九点到十点", "(unclear)"), ("9点-11点", "(unclear)"),
        ("25:00", "(unclear)"), ("24点", "(unclear)"), ("10:75", "(unclear)"), ("早一点", "(unclear)"), ("三点或四点", "(unclear)"), ("下午三四点", "(unclear)"), ("晚上十二点", "(unclear)"), ("10点以后", "(unclear)"), ("in the morning", "(unclear)"),
    ],
)  # fmt: skip
def test_a_bare_time_is_taken_when_it_was_asked_for(text: str, found: str) -> None:
    assert value(find("time", text)) == found
    assert find("time", text, open=False) is None


@pytest.mark.parametrize(
    "text",
    [
        "便宜一点",
        "三点五万",
        "3.5万",
        "2026-12-01",
        "13812345678",
        "尾号1234",
        "有一点问题",
        "你好",
        "两点五万元",
        "5分钟",
    ],
)
@pytest.mark.parametrize("open", [True, False])
def test_other_things_are_no_time(text: str, open: bool) -> None:
    assert find("time", text, open=open) is None


@given(st.integers(7, 18), st.integers(0, 59))
def test_any_time_survives_its_spellings(hour: int, minute: int) -> None:
    part, twelve = ("上午", hour) if hour < 12 else ("下午", hour - 12 or 12)
    spellings = [
        f"{hour:02}:{minute:02}",
        f"{hour}点{minute:02}分",
        f"{part}{twelve}:{minute:02}",
        f"{twelve}:{minute:02} {'am' if hour < 12 else 'pm'}",
    ]
    for text in spellings:
        assert value(find("time", text, open=False)) == f"{hour:02}:{minute:02}", text


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("上个月", "2026-10-01", "2026-10-31"), ("上個月", "2026-10-01", "2026-10-31"), ("上上个月", "2026-09-01", "2026-09-30"), ("本月", "2026-11-01", "2026-11-22"),
        ("这个月", "2026-11-01", "2026-11-22"), ("最近三个月", "2026-08-23", "2026-11-22"), ("近一周", "2026-11-16", "2026-11-22"), ("近30天", "2026-10-24", "2026-11-22"),
        ("近半年", "2026-05-23", "2026-11-22"), ("最近一年", "2025-11-23", "2026-11-22"), ("去年", "2025-01-01", "2025-12-31"), ("今年3月", "2026-03-01", "2026-03-31"),
        ("去年12月份", "2025-12-01", "2025-12-31"), ("2025年", "2025-01-01", "2025-12-31"), ("二〇二五年", "2025-01-01", "2025-12-31"), ("上半年", "2026-01-01", "2026-06-30"),
        ("去年下半年", "2025-07-01", "2025-12-31"), ("下半年", "2026-07-01", "2026-11-22"), ("三季度", "2026-07-01", "2026-09-30"), ("去年第三季度", "2025-07-01", "2025-09-30"),
        ("上季度", "2026-07-01", "2026-09-30"), ("9月到10月", "2026-09-01", "2026-10-31"), ("1-3月", "2026-01-01", "2026-03-31"), ("12月到1月", "2025-12-01", "2026-01-31"),
        ("2026-09-01至2026-09-30", "2026-09-01", "2026-09-30"), ("2026.9.1-2026.9.30", "2026-09-01", "2026-09-30"), ("2026年9月1日到30日", "2026-09-01", "2026-09-30"),
        ("11月1日-11月15日", "2026-11-01", "2026-11-15"), ("9月1号至今", "2026-09-01", "2026-11-22"), ("今年以来", "2026-01-01", "2026-11-22"), ("3月到昨天", "2026-03-01", "2026-11-21"),
        ("去年十二月到今年二月", "2025-12-01", "2026-02-28"), ("上周", "2026-11-09", "2026-11-15"), ("2026-10", "2026-10-01", "2026-10-31"), ("12月", "2025-12-01", "2025-12-31"),
        ("打印去年的流水", "2025-01-01", "2025-12-31"), ("我要9月的流水", "2026-09-01", "2026-09-30"), ("查一下三季度的账单", "2026-07-01", "2026-09-30"),
        ("last month", "2026-10-01", "2026-10-31"), ("past 30 days", "2026-10-24", "2026-11-22"), ("last 3 months", "2026-08-23", "2026-11-22"),
        ("October 2025", "2025-10-01", "2025-10-31"), ("last year", "2025-01-01", "2025-12-31"), ("from 2026-09-01 to 2026-09-30", "2026-09-01", "2026-09-30"),
        ("past three months", "2026-08-23", "2026-11-22"), ("q3", "2026-07-01", "2026-09-30"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("open", [True, False])
def test_a_period_is_found(text: str, first: str, last: str, open: bool) -> None:
    assert value(find("period", text, open=open)) == f"{first}/{last}"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("今天", "2026-11-22/2026-11-22"), ("昨天", "2026-11-21/2026-11-21"), ("三个月", "2026-08-23/2026-11-22"), ("半年", "2026-05-23/2026-11-22"), ("2025", "2025-01-01/2025-12-31"),
        ("9月5号", "2026-09-05/2026-09-05"), ("明年", "(future)"), ("下个月", "(future)"), ("2026年12月", "(future)"), ("今年12月", "(future)"),
        ("9月30日到9月1日", "(reversed)"), ("2026-09-30至2026-09-01", "(reversed)"), ("最近", "(unclear)"), ("前段时间", "(unclear)"), ("几个月", "(unclear)"),
        ("上个月和去年", "(unclear)"), ("2026年13月", "(unclear)"), ("我去年开的卡", "2025-01-01/2025-12-31"), ("12月去办", "2025-12-01/2025-12-31"),
        ("上个月我换了手机号", "2026-10-01/2026-10-31"),
    ],
)  # fmt: skip
def test_more_is_taken_and_judged_when_a_period_was_asked_for(text: str, found: str) -> None:
    assert value(find("period", text)) == found
    assert find("period", text, open=False) is None


@pytest.mark.parametrize(
    "text", ["你好", "13812345678", "尾号1234", "may i ask", "3份", "两万五", "分12期", "330102199001011234", "半"]
)
@pytest.mark.parametrize("open", [True, False])
def test_other_things_are_no_period(text: str, open: bool) -> None:
    assert find("period", text, open=open) is None


@pytest.mark.parametrize(
    ("text", "chinese", "english"),
    [
        ("上个月", "2026年10月1日至10月31日", "1–31 Oct 2026"), ("9月到10月", "2026年9月1日至10月31日", "1 Sep – 31 Oct 2026"), ("昨天", "2026年11月21日", "21 Nov 2026"),
        ("去年12月到今年1月", "2025年12月1日至2026年1月31日", "1 Dec 2025 – 31 Jan 2026"),
    ],
)  # fmt: skip
def test_a_period_is_shown_without_what_both_ends_share(text: str, chinese: str, english: str) -> None:
    found = find("period", text), find("period", text, locale="en")
    assert [one.shown for one in found if isinstance(one, Filled)] == [chinese, english]


@given(st.dates(min_value=date(2020, 1, 1), max_value=TODAY), st.integers(0, 500))
def test_any_period_survives_its_spellings_and_never_ends_after_today(first: date, days: int) -> None:
    last = first + timedelta(days=days)
    for text in (
        f"{first}至{last}",
        f"{first:%Y/%m/%d}-{last:%Y/%m/%d}",
        f"{first:%Y年%m月%d日}到{last:%Y年%m月%d日}",
        f"{first} to {last}",
    ):
        assert value(find("period", text, open=False)) == f"{first}/{min(last, TODAY)}", text
