from __future__ import annotations

import pytest

from knowledge_base.terms import in_chinese


@pytest.mark.parametrize(
    ("question", "chinese"),
    [
        ("What is the annual fee of the platinum card?", "年费 白金卡"),
        ("Which Shanghai branch is open on Sundays?", "网点 周日营业"),
        ("HOW MUCH is a safe deposit box?", "多少钱 保管箱"),
    ],
)
def test_terms_are_put_in_the_documents_words(question: str, chinese: str) -> None:
    assert in_chinese(question) == chinese


@pytest.mark.parametrize("question", ["Who won the world cup?", "Write a poem about gold", "白金卡 annual fee", "fee"])
def test_what_names_too_little_is_left_alone(question: str) -> None:
    assert in_chinese(question) is None
