"""How old the customer is, however it is said."""

from __future__ import annotations

from datetime import date

import pytest

from assistant import age_words
from assistant.need_words import Words, prepared

DAY = date(2026, 11, 22)


@pytest.mark.parametrize(
    ("said", "ages"),
    [
        ("1950年出生的客户，C5，50万", (75, 76)),
        ("1958-03-02 生，C5", (68, 68)),
        ("1958年12月生", (67, 67)),
        ("出生日期1958-03-02", (68, 68)),
        ("55年生的，C5", (70, 71)),
        ("05年生", (20, 21)),
        ("1950年的客户", (75, 76)),
        ("60后客户", (56, 66)),
        ("退休老太太，C5", (65, 99)),
        ("老先生，C5", (65, 99)),
        ("老大爷想买点", (65, 99)),
        ("老奶奶，C5", (65, 99)),
        ("七旬老人", (65, 99)),
        ("古稀之年", (65, 99)),
        ("72的客户，C5", (72, 72)),
        ("六十五六岁", (65, 66)),
        ("七八十岁的客户", (70, 89)),
        ("45岁，他母亲70岁", (70, 70)),
        ("不是45岁是68岁", (68, 68)),
        ("不是68岁，是45岁", (45, 45)),
        ("老爷子75岁", (75, 75)),
        ("还没退休，C3", None),
        ("退休金20万", None),
        ("老客户，C3", None),
        ("三四十万，C3", None),
        ("C3，20多万", None),
        ("50万，C3", None),
    ],
)
def test_an_age_is_understood(said: str, ages: tuple[int, int] | None) -> None:
    assert age_words.ages(Words(prepared(said), DAY)) == ages
