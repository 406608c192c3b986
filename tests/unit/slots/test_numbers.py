from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum import luhn
from stdnum.cn import ric

from assistant.slot import Filled
from tests.unit.slots.asking import find, value

ID = "330102199001011234"
CARD = "6222021234567890128"
CARD_18 = "622202199001011235"


@pytest.mark.parametrize(
    "text",
    [
        "13812345678", "138 1234 5678", "138-1234-5678", "138 12345678", "+8613812345678", "+86 138 1234 5678", "0086-138-1234-5678",
        "8613812345678", "一三八一二三四五六七八", "幺三八一二三四五六七八", "１３８１２３４５６７８", "我的手机号是13812345678，谢谢",
        "打13812345678", "电话：13812345678。", f"身份证{ID}，手机13812345678", "my number is 13812345678",
    ],
)  # fmt: skip
@pytest.mark.parametrize("open", [True, False])
def test_a_mobile_number_is_found(text: str, open: bool) -> None:
    assert find("mobile", text, open=open) == Filled("13812345678", "138****5678")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("1381234567", "(length)"), ("138123456789", "(length)"), ("12345", "(length)"), ("手机1381234567", "(length)"),
        ("12345678901", "(not_mobile)"), ("12312345678", "(not_mobile)"), ("0571-88888888", "(not_mobile)"), ("010 6655 4433", "(not_mobile)"),
        ("4008001234", "(not_mobile)"), ("+14155552671", "(foreign)"), ("+852 9123 4567", "(foreign)"), ("0085291234567", "(foreign)"),
        ("13812345678和13912345678", "(several)"), ("138 1234 567", "(length)"),
        ("138", None), ("2026-12-01", None), ("50000元", None), ("1500000元", None), (ID, None), (CARD, None), ("你好", None), ("3号", None),
    ],
)  # fmt: skip
def test_an_attempt_at_a_mobile_number_is_judged(text: str, reason: str | None) -> None:
    assert value(find("mobile", text)) == reason
    assert find("mobile", text, open=False) is None


@pytest.mark.parametrize(
    "text",
    [
        f"卡号{CARD}",
        "6222 1381 2345 6789",
        "a13812345678",
        "13812345678a",
        "13812345678@qq.com",
        "订单20261381234567801",
    ],
)
def test_digits_of_something_else_are_no_mobile_number(text: str) -> None:
    assert find("mobile", text, open=False) is None


@pytest.mark.parametrize(
    "text",
    [
        ID,
        "330102 19900101 1234",
        "330102-19900101-1234",
        f"身份证号{ID}",
        f"手机13812345678，身份证{ID}",
        "３３０１０２１９９００１０１１２３４",
    ],
)
@pytest.mark.parametrize("open", [True, False])
def test_a_resident_id_is_found(text: str, open: bool) -> None:
    assert find("resident_id", text, open=open) == Filled(ID, "3301**********1234")


@pytest.mark.parametrize(
    "text", ["11010519491231002X", "11010519491231002x", "11010519491231002Ｘ", "110105 19491231 002X"]
)
def test_the_check_character_may_be_x(text: str) -> None:
    assert value(find("resident_id", text)) == "11010519491231002X"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (ID[:-1], "(length)"), (ID[:-1] + "5", "(checksum)"), ("330102199013011234", "(date)"), ("330102199002301234", "(date)"),
        ("330102209001011234", "(date)"), ("330102900101123", "(length)"), (f"{ID}和11010519491231002X", "(several)"), ("33010219", "(length)"),
        (CARD, None), ("13812345678和你好", None), ("没有", None),
    ],
)  # fmt: skip
def test_an_attempt_at_a_resident_id_is_judged(text: str, reason: str | None) -> None:
    assert value(find("resident_id", text)) == reason
    assert find("resident_id", text, open=False) is None


@pytest.mark.parametrize(
    "text",
    [CARD, "6222 0212 3456 7890 128", "6222-0212-3456-7890-128", f"卡号是{CARD}", f"转到{CARD}，电话13812345678"],
)
@pytest.mark.parametrize("open", [True, False])
def test_a_bank_card_is_found(text: str, open: bool) -> None:
    assert find("bank_card", text, open=open) == Filled(CARD, "尾号0128")
    assert find("bank_card", text, open=open, locale="en") == Filled(CARD, "ending 0128")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (CARD[:-1] + "9", "(checksum)"), ("62220212345", "(length)"), ("6222021234567", "(length)"), ("622202123456789012345", "(length)"),
        (f"{CARD}，{CARD_18}", "(several)"), (ID, None), ("11010519491231002X", None), ("13812345678", None), ("尾号1234", None),
    ],
)  # fmt: skip
def test_an_attempt_at_a_bank_card_is_judged(text: str, reason: str | None) -> None:
    assert value(find("bank_card", text)) == reason
    assert find("bank_card", text, open=False) is None


def test_a_card_of_eighteen_digits_is_no_resident_id() -> None:
    assert value(find("bank_card", CARD_18, open=False)) == CARD_18
    assert find("resident_id", CARD_18, open=False) is None


@pytest.mark.parametrize(
    "text",
    [
        "尾号1234",
        "尾号是1234的那张",
        "后四位 1234",
        "后四位是一二三四",
        "末四位：1234",
        "尾號1234",
        "尾号１２３４",
        "last four digits are 1234",
        "ending in 1234",
        "1234那张",
    ],
)
@pytest.mark.parametrize("open", [True, False])
def test_the_last_four_digits_are_found(text: str, open: bool) -> None:
    assert find("last_four", text, open=open) == Filled("1234", "尾号1234")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("1234", "1234"), ("一二三四", "1234"), ("是1234", "1234"), (CARD, "0128"), ("123", "(length)"), ("12345", "(length)"),
        ("尾号1234和尾号5678", "(several)"), ("1234元", None), ("2026年", None), ("2026-12-01", None), ("不记得了", None), ("1,234.50", None),
    ],
)  # fmt: skip
def test_bare_digits_are_the_last_four_when_asked_for(text: str, found: str | None) -> None:
    assert value(find("last_four", text)) == found
    assert find("last_four", text, open=False) is None


@pytest.mark.parametrize(
    "text",
    [
        "123456",
        "验证码是123456",
        "12 34 56",
        "123 456",
        "一二三四五六",
        "１２３４５６",
        "验证码123456，60秒内有效",
        "code: 123456",
    ],
)
def test_a_secret_is_found_and_never_shown(text: str) -> None:
    found = find("secret", text)
    assert isinstance(found, Filled)
    assert found == Filled("123456", "******")
    assert "123456" not in repr(found)
    assert f"{found.value}" == "123456"
    assert find("secret", text, open=False) is None


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("12345", "(length)"),
        ("1234567", "(length)"),
        ("123456 654321", "(length)"),
        ("没收到", None),
        ("60秒了", None),
        ("13812345678", None),
    ],
)
def test_other_lengths_are_no_secret(text: str, reason: str | None) -> None:
    assert value(find("secret", text)) == reason


@given(
    st.from_regex("1(38|59|77|86|99)[0-9]{8}", fullmatch=True),
    st.sampled_from(["{}", "+86{}", "电话{}。", "0086 {}"]),
    st.booleans(),
)
def test_any_mobile_number_survives_its_spellings(number: str, form: str, open: bool) -> None:
    spelled = number.translate(str.maketrans("0123456789", "零一二三四五六七八九"))
    for written in (number, f"{number[:3]} {number[3:7]} {number[7:]}", f"{number[:3]}-{number[3:7]}-{number[7:]}"):
        assert value(find("mobile", form.format(written), open=open)) == number
    assert value(find("mobile", spelled, open=open)) == number


@given(st.from_regex("[3-6][0-9]{14,17}", fullmatch=True))
def test_any_card_survives_its_spellings(digits: str) -> None:
    number = digits + luhn.calc_check_digit(digits)
    grouped = " ".join(number[start : start + 4] for start in range(0, len(number), 4))
    if value(find("resident_id", number)) != number:
        assert value(find("bank_card", number, open=False)) == value(find("bank_card", grouped, open=False)) == number


@given(st.dates(min_value=date(1930, 1, 1), max_value=date(2020, 1, 1)), st.integers(100, 999))
def test_any_resident_id_is_nothing_else(born: date, order: int) -> None:
    stem = f"330102{born:%Y%m%d}{order}"
    number = stem + ric.calc_check_digit(stem + "0")
    assert value(find("resident_id", f"身份证{number}", open=False)) == number
    for kind in ("bank_card", "amount", "count", "date", "time", "period", "mobile", "last_four"):
        assert find(kind, f"身份证{number}", open=False) is None
