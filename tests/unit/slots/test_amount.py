from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.numeral import read
from assistant.slot import Filled
from tests.unit.slots.asking import find, value


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("三", 3), ("十", 10), ("十二", 12), ("二十", 20), ("一百二", 120), ("一百零二", 102), ("一百二十", 120), ("两千三", 2300),
        ("一千零五", 1005), ("一千零五十", 1050), ("两万五", 25000), ("两万零五", 20005), ("2万5", 25000), ("2万五千", 25000), ("2万5000", 25000),
        ("一万半", 15000), ("3.5万", 35000), ("三点五万", 35000), ("十万零五百", 100500), ("一亿二", 120000000), ("一千二百万", 12000000),
        ("贰万伍仟", 25000), ("5k", 5000), ("20w", 200000), ("1,000.50", 1000.5), ("2万500", 20500),
    ],
)  # fmt: skip
def test_numerals_are_read(text: str, number: float) -> None:
    assert read(text) == number


@pytest.mark.parametrize(
    "text",
    ["万", "百", "万一", "三五千", "一二百", "2万50", "十十", "一万万万", "", "几万", "3点", "十" * 3000, "1,00"],
)
def test_what_is_no_numeral_is_not_read(text: str) -> None:
    assert read(text) is None


@pytest.mark.parametrize(
    ("text", "amount", "shown"),
    [
        ("两万五", "25000.00", "25,000元"), ("3.5万", "35000.00", "35,000元"), ("2万五千", "25000.00", "25,000元"), ("5k", "5000.00", "5,000元"),
        ("1,000.50元", "1000.50", "1,000.50元"), ("五十块", "50.00", "50元"), ("20W", "200000.00", "200,000元"), ("¥500", "500.00", "500元"),
        ("3块5", "3.50", "3.50元"), ("十块五毛", "10.50", "10.50元"), ("五十元五角二分", "50.52", "50.52元"), ("贰万伍仟元整", "25000.00", "25,000元"),
        ("两萬五", "25000.00", "25,000元"), ("２００００元", "20000.00", "20,000元"), ("一块钱", "1.00", "1元"), ("十万块钱", "100000.00", "100,000元"),
        ("转5000元给张三", "5000.00", "5,000元"), ("不是1万，是2万", "20000.00", "20,000元"), ("三点五万", "35000.00", "35,000元"),
        ("转500元给13812345678", "500.00", "500元"), ("明天转两千块", "2000.00", "2,000元"), ("给尾号1234转三百元", "300.00", "300元"),
        ("3号之前还500元", "500.00", "500元"), ("five hundred yuan", "500.00", "500元"), ("CNY 25,000.00", "25000.00", "25,000元"),
        ("2000.50元", "2000.50", "2,000.50元"),
        ("20 thousand yuan", "20000.00", "20,000元"), ("分12期还6000元", "6000.00", "6,000元"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("open", [True, False])
def test_an_amount_with_its_unit_is_found(text: str, amount: str, shown: str, open: bool) -> None:
    assert find("amount", text, open=open) == Filled(amount, shown)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("25000", "25000.00"), ("转5000吧", "5000.00"), ("一百二", "120.00"), ("50.5", "50.50"), ("二百", "200.00"), ("一块", "1.00"), ("five hundred", "500.00"),
        ("0", "(zero)"), ("0元", "(zero)"), ("-500", "(negative)"), ("负五百元", "(negative)"), ("100.005元", "(too_precise)"),
        ("几万", "(unclear)"), ("一两万", "(unclear)"), ("三五千块", "(unclear)"), ("1万到2万", "(unclear)"), ("1000-2000元", "(unclear)"),
        ("5000左右", "(unclear)"), ("200多", "(unclear)"), ("2万50", "(unclear)"), ("1000元以上", "(unclear)"), ("1万或2万", "(unclear)"), ("5000，不对，6000", "(unclear)"), ("500，300", "(unclear)"), ("500 000元", "(unclear)"), ("500 300元", "(unclear)"), ("转账给李四500", "(unclear)"),
        ("100美元", "(currency)"), ("$100", "(currency)"), ("100 dollars", "(currency)"), ("100欧元", "(currency)"),
    ],
)  # fmt: skip
def test_more_is_taken_and_judged_when_it_was_asked_for(text: str, found: str) -> None:
    assert value(find("amount", text)) == found
    assert find("amount", text, open=False) is None


@pytest.mark.parametrize(
    "text",
    [
        "3号", "5年", "12期", "30%", "2026-12-01", "2026年12月1日", "15:30", "三点", "25岁", "尾号1234", "卡号1234", "13812345678", "330102199001011234",
        "6222021234567890128", "6222 0212 3456 7890 128", "一块去", "我们一块去吧", "万一不行", "便宜一点", "十分感谢", "2万人", "第3个", "3份", "工号1024",
        "你好", "千万别", "余额剩多少", "一下", "3楼", "100积分",
    ],
)  # fmt: skip
@pytest.mark.parametrize("open", [True, False])
def test_other_numbers_are_no_amount(text: str, open: bool) -> None:
    assert find("amount", text, open=open) is None


def test_an_amount_is_shown_in_the_customers_language() -> None:
    assert find("amount", "25000.5元", locale="en-US") == Filled("25000.50", "CNY 25,000.50")


@given(st.integers(1, 99_999_999))
def test_any_amount_survives_its_spellings(number: int) -> None:
    spellings = [
        f"{number}元",
        f"{number:,}元",
        f"¥{number:,}",
        f"{number} yuan",
        f"{_han(number)}元",
        f"{number}.00元",
    ]
    if number % 1000 == 0:
        spellings += [f"{number / 10000:g}万元" if number < 10**6 else f"{number}块", f"{number // 1000}k"]
    for text in spellings:
        assert value(find("amount", text, open=False)) == f"{number}.00", text


def _han(number: int) -> str:
    if number >= 10_000:
        high, low = divmod(number, 10_000)
        gap = "零" if 0 < low < 1000 else ""
        return f"{_han(high)}万{gap}{_han(low) if low else ''}"
    text, missing = "", False
    for size, unit in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit, number = divmod(number, size)
        if digit:
            text += ("零" if missing and text else "") + "零一二三四五六七八九"[digit] + unit
        missing = not digit
    return text


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("3份", "3"),
        ("两份", "2"),
        ("三份流水", "3"),
        ("十二期", "12"),
        ("分12期", "12"),
        ("three copies", "3"),
        ("３份", "3"),
        ("兩份", "2"),
    ],
)
@pytest.mark.parametrize("open", [True, False])
def test_a_count_with_its_unit_is_found(text: str, found: str, open: bool) -> None:
    assert find("count", text, open=open) == Filled(found, found)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("3", "3"), ("三", "3"), ("两个", "2"), ("12个月", "12"), ("three", "3"), ("来两张", "2"), ("0", "(zero)"), ("零份", "(zero)"), ("几份", "(unclear)"),
        ("2.5", "(unclear)"), ("-1", "(unclear)"), ("3-5份", "(unclear)"), ("两三份", "(unclear)"), ("半份", "(unclear)"), ("3份5份", "(unclear)"),
        ("三千元", None), ("第3期", None), ("13812345678", None), ("3号", None), ("2026-12-01", None), ("你好", None), ("15:30", None),
    ],
)  # fmt: skip
def test_a_bare_count_is_taken_when_it_was_asked_for(text: str, found: str | None) -> None:
    assert value(find("count", text)) == found
    assert find("count", text, open=False) is None
