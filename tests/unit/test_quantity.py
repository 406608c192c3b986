from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.grounding import Grounding
from assistant.quantity import Quantity, plain, read, same
from assistant.reply import Citation
from knowledge_base.lexicon import Lexicon

HAN = "零一二三四五六七八九"


def only(text: str) -> Quantity:
    (one,) = read(plain(text))
    return one


class TestForms:
    @pytest.mark.parametrize(
        "forms",
        [
            ["2.5万元", "25,000元", "25000元", "两万五千元", "二万五元", "¥25,000", "２５０００元", "25000 yuan", "人民币2.5万元"],
            ["百分之三", "3%", "3.00%", "3 percent", "三%"],
            ["千分之一", "0.1%", "1‰", "百分之零点一"],
            ["万分之五", "0.05%", "0.5‰"],
            ["0.45个百分点", "45BP", "45个基点"],
            ["2026年11月22日", "2026-11-22", "2026/11/22", "November 22, 2026", "二〇二六年十一月二十二日", "22 Nov 2026"],
            ["9:30", "09:30", "上午9点半", "早上九点半", "9:30 am", "9点30分"],
            ["17:00", "下午5点", "17时", "5 pm", "5:00 p.m."],
            ["3个月", "三个月", "3 months"],
            ["一年", "1年", "12个月", "one year"],
            ["半年", "6个月"],
            ["400-000-9528", "4000009528", "400 000 9528"],
            ["Ⅱ类", "二类", "II类", "2类"],
            ["15天", "15日", "十五天", "15 days"],
        ],
    )  # fmt: skip
    def test_one_figure_has_many_forms(self, forms: list[str]) -> None:
        first = only(forms[0])
        assert all(same(only(form), first) for form in forms), [only(form) for form in forms]

    @pytest.mark.parametrize(
        ("one", "other"),
        [
            ("3%", "3元"), ("3%", "3个百分点"), ("100元", "100美元"), ("300元", "300天"), ("3天", "3个工作日"), ("R2", "C2"), ("5万元", "5亿元"),
            ("9点", "9个"), ("3月", "3个月"), ("2026年11月22日", "11月22日"), ("1至3天", "1至3年"), ("24小时", "24天"), ("1.5倍", "1.5元"),
        ],
    )  # fmt: skip
    def test_what_looks_alike_is_told_apart(self, one: str, other: str) -> None:
        assert not same(read(plain(one))[-1], read(plain(other))[-1])

    @pytest.mark.parametrize(
        "text",
        ["一下", "一些", "一起", "同一", "统一", "第一步", "任何一家", "一张卡", "一次性", "十分方便", "1. 打开", "2、点击", "https://a.example/1/2", "一定", "之一", "万一", "二维码", "零存整取", "陆家嘴", "One of them", "百姓", "周末", "多少"],
    )  # fmt: skip
    def test_idioms_and_numbering_are_no_figures(self, text: str) -> None:
        assert read(plain(text)) == ()

    @pytest.mark.parametrize(
        "text",
        ["每季度一张", "每月一张", "每卡一份", "赠一张", "送一套", "限一张", "每个月一名", "最多一家", "可领一张"],
    )
    def test_one_of_what_is_given_is_a_figure(self, text: str) -> None:
        assert [one.value for one in read(plain(text))][-1:] == [Decimal(1)]

    @pytest.mark.parametrize(
        "text", ["几百元", "数万元", "100多元", "1 0 0元", "1OO元", "三五千", "1千5", "减半", "half"]
    )
    def test_what_leaves_its_value_open_is_compared_to_the_letter(self, text: str) -> None:
        assert any(isinstance(one.value, str) for one in read(plain(text)))

    def test_a_row_and_a_range_share_a_unit(self) -> None:
        assert [(one.kind, one.value) for one in read("3、6、9个月")] == [("month", Decimal(n)) for n in (3, 6, 9)]
        assert [(one.kind, one.value) for one in read("2至5万元")] == [("CNY", Decimal(n)) for n in (20_000, 50_000)]
        assert [one.parts for one in read("11月1日至30日")] == [(0, 11, 1), (0, 11, 30)]

    @given(st.text(st.sampled_from("0123456789.,一二两十百千万亿半点元天年月日%至、 个R第"), max_size=24))
    def test_no_digit_goes_unread(self, text: str) -> None:
        folded = plain(text)
        found = read(folded)
        covered = {place for one in found for place in range(one.start, one.end)}
        ordinals = set()
        for place, letter in enumerate(folded):
            if letter == "第":
                ordinals |= set(range(place, place + 6))
        numbering = set(range(4))
        assert all(
            place in covered or place in ordinals or place in numbering
            for place, letter in enumerate(folded)
            if letter.isdigit() and letter.isascii()
        )


AMOUNTS = st.integers(1, 99_999)


def grounded(*texts: str) -> Grounding:
    cited = [Citation(number, "d", "说明", "", None, text, "/d") for number, text in enumerate(texts, 1)]
    return Grounding("挂失费多少？", cited, Lexicon())


def han(value: int) -> str:
    """A number below 100,000 in Chinese, every unit said."""
    units, text, digits = "万千百十", "", f"{value:05d}"
    for digit, unit in zip(digits, [*units, ""], strict=True):
        text += HAN[int(digit)] + unit if digit != "0" else "零"
    while "零零" in text:
        text = text.replace("零零", "零")
    return text.strip("零")


class TestGrounded:
    @given(AMOUNTS, AMOUNTS, st.sampled_from(["元", "天", "%", "次", "美元", "个工作日"]))
    def test_a_figure_that_no_passage_has_never_passes(self, known: int, told: int, unit: str) -> None:
        grounding = grounded(f"挂失费为{known}元，补卡费为{known + 1}元。")
        for form in (str(told), f"{told:,}", han(told), f"{told}.0"):
            checked = grounding.check(f"挂失费为{form}{unit}[1]。")
            assert (checked.text is not None) == (told == known and unit == "元"), checked

    @given(AMOUNTS.filter(lambda value: value > 9))
    def test_the_same_figure_passes_in_every_form(self, value: int) -> None:
        grounding = grounded(f"挂失费为{value}元，补卡免费。")
        forms = (f"{value:,}元", f"{han(value)}元", f"{value}.00元", f"¥{value}", f"{value}块钱", f"**{value}**元")
        for form in forms:
            assert grounding.check(f"挂失费为{form}。").text, form
