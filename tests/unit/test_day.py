from __future__ import annotations

from datetime import date

import pytest

from assistant.day import find
from knowledge_base.text import fold

TODAY = date(2026, 11, 22)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2025年的存款利率", date(2025, 12, 31)),
        ("2025年6月的存款利率", date(2025, 6, 30)),
        ("2025年6月份的存款利率", date(2025, 6, 30)),
        ("2025年6月1日的存款利率", date(2025, 6, 1)),
        ("2025-06-01的存款利率", date(2025, 6, 1)),
        ("2025/6/1的存款利率", date(2025, 6, 1)),
        ("２０２５年６月的存款利率", date(2025, 6, 30)),
        ("2025年底的年费", date(2025, 12, 31)),
        ("2025年初的年费", date(2025, 1, 1)),
        ("2025年年初的年费", date(2025, 1, 1)),
        ("2025 年 6 月的存款利率", date(2025, 6, 30)),
        ("2024年2月的年费", date(2024, 2, 29)),
        ("2025年2月30日的年费", date(2025, 2, 28)),
        ("去年的年费", date(2025, 12, 31)),
        ("去年年初的年费", date(2025, 1, 1)),
        ("去年年底的年费", date(2025, 12, 31)),
        ("去年三月的年费", date(2025, 3, 31)),
        ("前年的年费", date(2024, 12, 31)),
        ("上个月的利率", date(2026, 10, 31)),
        ("上月的利率", date(2026, 10, 31)),
        ("今年6月的利率", date(2026, 6, 30)),
        ("2026年6月的利率", date(2026, 6, 30)),
        ("what was the rate in 2024", date(2024, 12, 31)),
        ("what was the fee last year", date(2025, 12, 31)),
    ],
)
def test_a_past_day_is_found(text: str, day: date) -> None:
    assert find(fold(text), TODAY) == day


@pytest.mark.parametrize(
    "text",
    [
        "白金卡的年费是多少",
        "现在的存款利率",
        "三年期定期利率",
        "2026年的年费",
        "2026年11月22日的利率",
        "2026年12月的利率",
        "2027年的年费",
        "2025元起购吗",
        "存2025行吗",
        "尾号20251234",
        "2025年13月",
        "满20岁可以吗",
        "费率是2025.5吗",
        "",
    ],
)
def test_without_a_past_day_there_is_none(text: str) -> None:
    assert find(fold(text), TODAY) is None
