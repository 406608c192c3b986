from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

import pytest

from assistant.bank import Bank, BankUnavailable, Result, Value
from assistant.customer_card import CustomerCard, read

VALUES: Mapping[str, Value] = {
    "name": "林*雯", "age": "34", "gender": "女", "level": "金卡", "risk_level": "C3", "branch": "云杉银行杭州西溪支行",
    "phone": "161****1001", "since": "2020年11月3日",
    "products": ({"id": "a1", "label": "Ⅰ类户 尾号6484（正常）"}, {"id": "k1", "label": "云杉借记卡 尾号6484（正常）"}),
    "open_matters": (),
}  # fmt: skip


class OneAnswer:
    def __init__(self, answer: Result | Exception) -> None:
        self.answer = answer
        self.asked: list[tuple[Any, ...]] = []

    def query(self, *asked: Any) -> Result:
        self.asked.append(asked)
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


def read_from(answer: Result | Exception) -> CustomerCard | None:
    return read(cast("Bank", OneAnswer(answer)), "c1001", "zh-CN")


def test_is_what_the_bank_says() -> None:
    bank = OneAnswer(Result("found", VALUES))
    assert read(cast("Bank", bank), "c1001", "en") == CustomerCard(
        name="林*雯", age=34, gender="女", level="金卡", risk_level="C3", branch="云杉银行杭州西溪支行", phone="161****1001",
        since="2020年11月3日", products=("Ⅰ类户 尾号6484（正常）", "云杉借记卡 尾号6484（正常）"), open_matters=(),
    )  # fmt: skip
    assert bank.asked == [("customer_card", "c1001", {}, "en")]


@pytest.mark.parametrize("age", ["", "unknown", "-1", "²"])
def test_an_age_that_is_no_number_is_not_known(age: str) -> None:
    card = read_from(Result("found", {**VALUES, "age": age}))
    assert card is not None and card.age is None


@pytest.mark.parametrize(
    "answer",
    [
        BankUnavailable("down"),
        Result("none", {}),
        Result("found", {}),
        Result("found", {**VALUES, "name": ({"id": "1", "label": "林*雯"},)}),
        Result("found", {**VALUES, "products": "Ⅰ类户"}),
        Result("found", {**VALUES, "products": ({"id": "a1"},)}),
    ],
    ids=str,
)
def test_there_is_none_where_the_bank_does_not_give_one(answer: Result | Exception) -> None:
    assert read_from(answer) is None
