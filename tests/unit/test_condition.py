from __future__ import annotations

from datetime import date

import pytest

from assistant.condition import begins_after, is_of_another, leaves_out
from knowledge_base.text import fold


def test_a_rule_that_began_later_is_none_of_the_day() -> None:
    text = "短信通知费3元/月，该标准自2026年8月1日起执行。"
    assert begins_after(text, date(2026, 7, 31))
    assert not begins_after(text, date(2026, 8, 1))


@pytest.mark.parametrize(
    "text", ["短信通知费3元/月", "自2026年8月1日起为3元/月，此前为2元/月", "自2026年2月31日起执行", "2026年8月1日开业"]
)
def test_what_tells_of_before_or_has_no_date_holds(text: str) -> None:
    assert not begins_after(text, date(2026, 7, 31))


@pytest.mark.parametrize("question", ["柜面汇3万5收多少", "汇款49999元手续费多少", "电汇2万块收费吗"])
def test_a_charge_from_a_floor_up_is_none_of_a_smaller_amount(question: str) -> None:
    assert leaves_out(fold(question), fold("汇款5万元以上的，手续费为0.03%，最高50元"))


@pytest.mark.parametrize(("amount", "out"), [("1500元", True), ("2000元", False), ("4千块", False), ("5,001元", True)])
def test_a_charge_for_a_range_is_of_the_amounts_in_it(amount: str, out: bool) -> None:
    assert leaves_out(fold(f"汇{amount}多少手续费"), fold("汇款2,000元以上至5,000元（含）的，手续费为5元/笔")) is out


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("汇款8万收多少", "汇款5万元以上的，手续费为0.03%"),
        ("汇款收多少", "汇款5万元以上的，手续费为0.03%"),
        ("汇3万收多少", "1万元以下5元；5万元以上的，手续费为0.03%"),
        ("我有3万能买吗", "起购金额5万元以上"),
    ],
)
def test_other_amounts_are_left_to_the_passage(question: str, text: str) -> None:
    assert not leaves_out(fold(question), fold(text))


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("买第二套房首付几成", "购车贷款首付20%"),
        ("汽车贷款利率多少", "个人住房贷款利率3.05%"),
        ("国债可以质押吗", "储蓄国债可以提前兑取"),
        ("存款怎么继承", "存款可以转让"),
    ],
)
def test_what_is_of_another_thing(question: str, text: str) -> None:
    assert is_of_another(fold(question), fold(text))


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("买房首付几成", "首套住房首付15%，车位20%"),
        ("装修房子能贷多少", "云杉快贷最高30万元"),
        ("房产证在哪领", "车贷结清证明"),
        ("国债可以质押吗", "国债质押贷款最高九成"),
        ("贷款利率多少", "车贷利率3.80%"),
    ],
)
def test_what_may_be_of_the_same(question: str, text: str) -> None:
    assert not is_of_another(fold(question), fold(text))
