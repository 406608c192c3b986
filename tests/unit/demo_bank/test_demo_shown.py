from __future__ import annotations

import pytest

from assistant.demo_bank import shown


@pytest.mark.parametrize(
    ("fen", "locale", "expected"),
    [
        (123456, "zh-CN", "1,234.56元"),
        (2_000_000, "zh-CN", "20,000元"),
        (-50, "en-GB", "CNY -0.50"),
        (100, "EN", "CNY 1"),
    ],
)
def test_money(fen: int, locale: str, expected: str) -> None:
    assert shown.money(fen, locale) == expected


def test_days_of_days_and_moments() -> None:
    assert shown.day("2026-11-02", "zh-CN") == "2026年11月2日"
    assert shown.day("2026-11-02T23:30:00.000+08:00", "en") == "2 November 2026"


def test_covered_numbers() -> None:
    assert shown.phone("16100001001") == "161****1001"
    assert shown.card("6299000000080316484", "zh-CN") == "尾号6484"
    assert shown.card("6299000000080316484", "en") == "ending 6484"


@pytest.mark.parametrize(
    ("name", "covered"),
    [
        ("林晓雯", "林*雯"),
        ("罗芳", "罗*"),
        ("欧阳安琪", "欧**琪"),
        ("李", "李*"),
        ("Owen Gale", "O*** G***"),
        ("Li", "L***"),
    ],
)
def test_covered_names(name: str, covered: str) -> None:
    assert shown.name(name) == covered
