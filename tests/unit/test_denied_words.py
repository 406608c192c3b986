"""What is denied is never taken for what is wished."""

from __future__ import annotations

from datetime import date

import pytest

from assistant import need_words, span_words
from assistant.need_words import Words, prepared
from assistant.product import Kind

DAY = date(2026, 11, 22)


@pytest.mark.parametrize(
    ("said", "wanted", "unwanted"),
    [
        ("不要理财、基金", (), (Kind.WEALTH, Kind.FUND)),
        ("不要理财、基金和保险，推荐存款", (Kind.DEPOSIT, Kind.CERTIFICATE), (Kind.WEALTH, Kind.FUND, Kind.INSURANCE)),
        ("基金不要", (), (Kind.FUND,)),
        ("私募不要", (), (Kind.PRIVATE,)),
        ("基金都不考虑，理财可以", (Kind.WEALTH,), (Kind.FUND,)),
        ("不要理财，基金有哪些", (Kind.FUND,), (Kind.WEALTH,)),
        ("只要理财和基金", (Kind.WEALTH, Kind.FUND), ()),
    ],
)
def test_kinds_that_are_refused(said: str, wanted: tuple[Kind, ...], unwanted: tuple[Kind, ...]) -> None:
    assert need_words.kinds(Words(prepared(said), DAY)) == (wanted, unwanted)


@pytest.mark.parametrize("said", ["不能保证一年内不用", "没法保证半年不用", "不敢说一年内用不到", "不一定一年不用"])
def test_who_cannot_promise_to_leave_the_money_may_need_it_any_day(said: str) -> None:
    assert span_words.horizon(Words(prepared(said), DAY)) == (0, None)


@pytest.mark.parametrize(
    ("said", "channel"),
    [
        ("来不了网点", None),
        ("不方便去网点", None),
        ("不会用手机银行", None),
        ("不会用手机银行，来网点办", "网点"),
        ("在网点办", "网点"),
    ],
)
def test_where_the_customer_cannot_buy(said: str, channel: str | None) -> None:
    assert need_words.channel(Words(prepared(said), DAY)) == channel


@pytest.mark.parametrize(
    ("said", "amount"),
    [
        ("5万美元", None),
        ("15万5千美元", None),
        ("100万日元", None),
        ("3万港币", None),
        ("2万欧元", None),
        ("5万", 50_000),
    ],
)
def test_money_of_another_country_is_no_amount_in_yuan(said: str, amount: int | None) -> None:
    assert need_words.amount(Words(prepared(said), DAY)) == amount
