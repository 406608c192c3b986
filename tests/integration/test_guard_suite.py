"""The guard covers what is personal and stops orders, and leaves everything else alone: the suite's own figures."""

from __future__ import annotations

import random

from evals import guarding, planted


def test_the_figures_hold() -> None:
    found = guarding.run()
    scores = {name: score.value for name, score in found.scores.items()}
    assert found.cases > 3_000
    assert scores["personal data: covered"] >= 0.99, found.misses
    assert all(value >= 0.98 for name, value in scores.items() if name.endswith(" covered")), scores
    assert scores["personal data: false alarms"] <= 0.01, found.misses
    assert scores["orders: own, stopped"] >= 0.95, found.misses
    assert scores["orders: own, false alarms"] <= 0.01, found.misses


def test_what_is_planted_is_well_formed_and_varied() -> None:
    make = planted.makers(random.Random(1))
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    for _ in range(200):
        number = make["id"]()[0]
        total = sum(int(digit) * weight for digit, weight in zip(number, weights, strict=False))
        assert "10X98765432"[total % 11] == number[-1].upper()
        card = "".join(
            letter
            for letter in make["card"]()[0].translate({0xFF10 + one: 48 + one for one in range(10)})
            if letter.isdigit()
        )
        doubled = [int(digit) * (1 + place % 2) for place, digit in enumerate(reversed(card))]
        assert sum(value - 9 * (value > 9) for value in doubled) % 10 == 0
    for kind in make:
        assert len({make[kind]()[0] for _ in range(200)}) >= 5
        value, part = make[kind]()
        assert part in value
