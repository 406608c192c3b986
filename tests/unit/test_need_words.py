"""What a sale hangs on is read to the strict side: the level, whether the assessment holds, and who is a qualified investor."""

from __future__ import annotations

from datetime import date

import pytest

from assistant import assessment_words, need_words
from assistant.need_words import Words
from assistant.sales_need import CustomerFacts, SalesNeed, changed

DAY = date(2026, 11, 22)


def _facts(message: str) -> CustomerFacts:
    words = Words(need_words.prepared(message), DAY)
    assessed_on = assessment_words.assessed(words)
    expired, level = assessment_words.expired(words), need_words.level(words)
    return CustomerFacts(None, level, assessed_on, expired, need_words.qualified(words))


@pytest.mark.parametrize(
    ("say", "level"),
    [
        ("客户不是C4是C2", 2),
        ("不是C4，是C2", 2),
        ("C4不是，是C2", 2),
        ("客户C4，配偶C1", 1),
        ("说自己是C4但测评是C2", 2),
        ("自称C5，测评结果C3", 3),
        ("原来C4，今年重新测评是C2", 2),
        ("以前是进取型，现在是稳健型", 2),
        ("客户已经不是C4了", None),
        ("C3以下的客户", None),
        ("不到C3", None),
        ("还没到C3", None),
        ("低于C4", None),
        ("自称是C5", None),
        ("C2到C4的客户", 2),
        ("C4降到C2了", 2),
        ("C3或者C4", 3),
        ("要C4才能买吧", None),
        ("C2客户，C4才能买的能看吗", 2),
        ("想调成C4", None),
        ("C3，平衡型", 3),
        ("测评C4，风险偏好保守", 1),
        ("not C4 but C2", 2),
        ("was C4, now C2", 2),
        ("below C3", None),
        ("客户C3，50万", 3),
        ("C4的客户，60万", 4),
        ("c 2级", 2),
        ("哪些基金C2能买", 2),
        ("要是C4呢", 4),
    ],
)
def test_the_lowest_level_that_the_customer_has_counts(say: str, level: int | None) -> None:
    assert _facts(say).level == level


@pytest.mark.parametrize(
    ("say", "level"),
    [
        ("不激进", None),
        ("不想太激进", None),
        ("激进", None),
        ("希望激进一点", None),
        ("不是进取型", None),
        ("算不上进取型", None),
        ("不属于激进型", None),
        ("是不是进取型", None),
        ("别推进取型", None),
        ("想买成长型基金", None),
        ("成长型基金有哪些", None),
        ("稳健型理财有哪些", None),
        ("进取型产品", None),
        ("要进取型的", None),
        ("不保守", None),
        ("不太保守", None),
        ("不是很稳健", None),
        ("not aggressive", None),
        ("aggressive", None),
        ("growth funds", None),
        ("not an aggressive customer", None),
        ("wants growth", None),
        ("稳健型，20万活期", 2),
        ("平衡型客户", 3),
        ("客户稳健", 2),
        ("稳健", 2),
        ("激进型客户 100万", 5),
        ("成长型，六十二岁", 4),
        ("an aggressive customer aged 45", 5),
        ("a growth customer", 4),
        ("58 year old, balanced, 1 million yuan", 3),
        ("客户不是进取型，是平衡型", 3),
        ("風險承受能力為穩健型", 2),
    ],
)
def test_only_an_assessed_type_is_a_level(say: str, level: int | None) -> None:
    assert _facts(say).level == level


@pytest.mark.parametrize(
    ("say", "qualified"),
    [
        ("50岁C5，300万，尚未成为合格投资者，推荐私募", False),
        ("合格投资者还没认定", False),
        ("不符合合格投资者条件", False),
        ("合格投资者，认定没通过", False),
        ("认定没通过", False),
        ("合格投资者认定没通过", False),
        ("合格投资者，但还没通过", False),
        ("想申请合格投资者认定", False),
        ("算不上合格投资者", False),
        ("说错了，不是合格投资者", False),
        ("非合格投资者", False),
        ("未认定合格投资者", False),
        ("没有合格投资者资格", False),
        ("没做合格投资者认定", False),
        ("想成为合格投资者", False),
        ("合格投资者认定过期了", False),
        ("合格投资者申请被拒", False),
        ("正在办合格投资者认定", False),
        ("客户已是合格投资者，不对，不是合格投资者", False),
        ("not a qualified investor", False),
        ("is not yet an accredited investor", False),
        ("isn't a qualified investor", False),
        ("是合格投资者吗", None),
        ("是否合格投资者", None),
        ("是否是合格投资者", None),
        ("只给合格投资者看的私募有哪些", None),
        ("面向合格投资者的产品", None),
        ("合格投资者能买什么", None),
        ("合格投资者条件", None),
        ("自称合格投资者", None),
        ("如果是合格投资者呢", None),
        ("what can a qualified investor buy", None),
        ("客户C3，50万", None),
        ("200万，合格投资者，推荐私募", True),
        ("客户50岁C3，合格投资者认定做完了，拿50万出来", True),
        ("客户是合格投资者", True),
        ("已认定合格投资者", True),
        ("合格投资者客户，推荐私募", True),
        ("已经是合格投资者了", True),
        ("合格投资者，不要基金", True),
        ("60 years old, qualified investor, 2 million", True),
        ("he is an accredited investor", True),
    ],
)
def test_a_qualified_investor_is_one_said_to_be_in_so_many_words(say: str, qualified: bool | None) -> None:
    assert _facts(say).qualified is qualified


@pytest.mark.parametrize(
    ("say", "expired"),
    [
        ("测评过期了", True),
        ("风险评估已失效", True),
        ("客户的C3已经过期", True),
        ("重新测评过期了", True),
        ("重新测评了，C3", False),
        ("刚做了测评，C3", False),
        ("新做的风险测评是C3", False),
        ("刚做完风险评估", False),
        ("还没重新测评，C3", None),
        ("要重新测评", None),
        ("明天重新做测评", None),
        ("重新测评了吗", None),
        ("客户是C3", None),
    ],
)
def test_an_assessment_is_new_only_where_it_is_said(say: str, expired: bool | None) -> None:
    assert _facts(say).expired is expired


@pytest.mark.parametrize("say", ["今年还没做测评", "今年要重新测评", "今年没测评"])
def test_an_assessment_that_was_not_made_has_no_day(say: str) -> None:
    assert _facts(say).assessed_on is None


@pytest.mark.parametrize(
    ("then", "expired"),
    [
        ("客户是C3", True),
        ("C3，还没重新测评", True),
        ("今年还没做测评，C3", True),
        ("重新测评了，C3", False),
        ("今年3月做的测评，C3", False),
    ],
)
def test_a_level_said_again_does_not_renew_the_assessment(then: str, expired: bool) -> None:
    after = changed(SalesNeed(_facts("C3，测评过期了")), SalesNeed(_facts(then)))
    assert (after.facts.level, after.facts.expired) == (3, expired)


def test_a_new_assessment_does_away_with_the_day_of_the_old_one() -> None:
    after = changed(
        SalesNeed(CustomerFacts(level=4, assessed_on=date(2025, 1, 1))), SalesNeed(_facts("重新测评了，C3"))
    )
    assert after.facts == CustomerFacts(level=3, expired=False)


@pytest.mark.parametrize("then", ["说错了，不是合格投资者", "认定没通过", "合格投资者认定过期了"])
def test_who_is_no_qualified_investor_after_all_is_none(then: str) -> None:
    after = changed(SalesNeed(_facts("C5，合格投资者")), SalesNeed(_facts(then)))
    assert after.facts == CustomerFacts(level=5, qualified=False)
