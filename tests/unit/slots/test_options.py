from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.slot import Filled, Option
from tests.unit.slots.asking import find, value

CARDS = (
    Option("platinum", "云杉白金信用卡", ("白金卡", "白金")),
    Option("gold", "云杉金卡"),
    Option("young", "云杉青年信用卡", ("青年卡",)),
)
TERMS = (Option("3", "3期"), Option("6", "6期"), Option("12", "12期"))
ACCOUNTS = (Option("savings", "Savings account", ("savings",)), Option("credit", "Credit card"))
BRANCHES = tuple(
    Option(name, f"云杉银行{name}")
    for name in (
        "杭州西溪支行",
        "杭州分行营业部",
        "上海陆家嘴支行",
        "上海徐家汇支行",
        "北京金融街支行",
        "深圳福田支行",
        "成都高新支行",
        "武汉光谷支行",
        "南京新街口支行",
        "西安高新支行",
    )
)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("云杉白金信用卡", "platinum"), ("白金卡", "platinum"), ("白金的那张", "platinum"), ("我想要白金的那张", "platinum"), ("金卡", "gold"), ("青年", "young"), ("青年卡吧", "young"),
        ("青年信用卡", "young"), ("第二个", "gold"), ("2", "gold"), ("２", "gold"), ("二", "gold"), ("选2", "gold"), ("第3张", "young"), ("最后一个", "young"), ("倒数第二个", "gold"),
        ("B", "gold"), ("选B", "gold"), ("the second one", "gold"), ("option 3", "young"), ("last one", "young"), ("first", "platinum"), ("雲杉青年信用卡", "young"),
        ("云杉青年信用咔", "young"), ("云衫白金信用卡", "platinum"), ("第八个", "(no_such_option)"), ("8", "(no_such_option)"), ("第0个", "(no_such_option)"),
        ("信用卡", "(ambiguous)"), ("白金卡和青年卡", "(ambiguous)"), ("第一和第二", "(ambiguous)"), ("不要白金卡", None), ("白金卡年费多少", None), ("我想查余额", None),
        ("选一个", None), ("你好", None), ("有什么区别", None), ("13812345678", None), ("转人工", None),
    ],
)  # fmt: skip
def test_an_option_is_picked(text: str, found: str | None) -> None:
    assert value(find("choice", text, options=CARDS)) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("3", "(ambiguous)"),
        ("6", "6"),
        ("12", "12"),
        ("3期", "3"),
        ("十二期", "12"),
        ("第二个", "6"),
        ("分6期", "6"),
        ("六", "6"),
        ("13期", None),
        ("24", "(no_such_option)"),
    ],
)
def test_a_number_may_be_a_name_or_a_place(text: str, found: str | None) -> None:
    assert value(find("choice", text, options=TERMS)) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("savings", "savings"),
        ("the credit card", "credit"),
        ("credit", "credit"),
        ("credti card", "credit"),
        ("b", "credit"),
        ("loan", None),
    ],
)
def test_an_option_in_english_is_picked(text: str, found: str | None) -> None:
    assert value(find("choice", text, options=ACCOUNTS, locale="en")) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("我要办白金卡", "platinum"), ("帮我办一张云杉青年信用卡，邮寄到家", "young"), ("青年卡分12期", "young"), ("白金卡还是青年卡", None), ("不办白金卡", None),
        ("第二个", None), ("2", None), ("青年", None), ("信用卡", None), ("B", None), ("云杉青年信用咔", None),
    ],
)  # fmt: skip
def test_an_option_that_was_not_asked_for_is_picked_by_its_full_name(text: str, found: str | None) -> None:
    assert value(find("choice", text, options=CARDS, open=False)) == found


def test_a_number_within_another_is_no_option() -> None:
    assert find("choice", "分12期", options=(Option("2", "2期"),), open=False) is None


def test_the_label_is_shown() -> None:
    assert find("choice", "白金", options=CARDS) == Filled("platinum", "云杉白金信用卡")


@given(st.sampled_from(CARDS + TERMS), st.sampled_from(["{}", "{}吧", "我选{}", "就{}", " {} 。"]))
def test_any_label_is_picked_in_any_sentence(option: Option, form: str) -> None:
    options = CARDS if option in CARDS else TERMS
    assert value(find("choice", form.format(option.label), options=options)) == option.id


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("西溪", "杭州西溪支行"), ("西溪支行", "杭州西溪支行"), ("杭州西溪", "杭州西溪支行"), ("云杉银行杭州西溪支行", "杭州西溪支行"), ("北京", "北京金融街支行"), ("北京的", "北京金融街支行"),
        ("北京市", "北京金融街支行"), ("金融街", "北京金融街支行"), ("金融街网点", "北京金融街支行"), ("徐家汇", "上海徐家汇支行"), ("徐家匯", "上海徐家汇支行"), ("徐家会", "上海徐家汇支行"),
        ("陆家咀", "上海陆家嘴支行"), ("陸家嘴", "上海陆家嘴支行"), ("新接口", "南京新街口支行"), ("我想去福田那边", "深圳福田支行"), ("去西安吧", "西安高新支行"), ("成都高新", "成都高新支行"),
        ("杭州营业部", "杭州分行营业部"), ("第二个", "杭州分行营业部"), ("最后一个", "西安高新支行"), ("杭州西西", "杭州西溪支行"), ("武汉网点", "武汉光谷支行"),
        ("杭州", "(ambiguous)"), ("上海", "(ambiguous)"), ("高新支行", "(ambiguous)"), ("高新", "(ambiguous)"), ("西溪和福田", "(ambiguous)"), ("第二十个", "(no_such_option)"),
        ("广州", None), ("离我最近的", None), ("不去西溪", None), ("哪个近", None), ("你好", None), ("支行", None),
    ],
)  # fmt: skip
def test_a_branch_is_picked(text: str, found: str | None) -> None:
    assert value(find("branch", text, options=BRANCHES)) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("预约西溪支行明天上午十点", "杭州西溪支行"), ("我想去云杉银行北京金融街支行", "北京金融街支行"), ("高新支行", None), ("西溪", None), ("我在北京", None), ("第二个", None),
        ("西溪支行和福田支行", None),
    ],
)  # fmt: skip
def test_a_branch_that_was_not_asked_for_is_picked_by_its_name(text: str, found: str | None) -> None:
    assert value(find("branch", text, options=BRANCHES, open=False)) == found
