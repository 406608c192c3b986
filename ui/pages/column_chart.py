"""A chart of stacked columns: where each part of each column stands, in units of the drawing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

WIDTH, HEIGHT = 720, 180
_GAP = 0.3
_LABELS = 8
"""How many columns at most are named below."""


@dataclass(frozen=True)
class Part:
    """One part of a column, from the top; `kind` says what it counts."""

    kind: str
    count: int
    y: float
    height: float


@dataclass(frozen=True)
class Column:
    """One column; its label is shown where there is room."""

    label: str
    x: float
    width: float
    total: int
    parts: tuple[Part, ...]
    labelled: bool


def columns(named: Sequence[tuple[str, Mapping[str, int]]]) -> tuple[list[Column], int]:
    """The columns from left to right, each with its parts from the ground up; and the total that reaches the top."""
    top = _round_up(max((sum(counts.values()) for _label, counts in named), default=0))
    step = WIDTH / max(1, len(named))
    every = -(-len(named) // _LABELS)
    made = []
    for number, (label, counts) in enumerate(named):
        ground, parts = float(HEIGHT), []
        for kind, count in counts.items():
            height = HEIGHT * count / top
            ground -= height
            parts.append(Part(kind, count, round(ground, 2), round(height, 2)))
        x, width = step * (number + _GAP / 2), step * (1 - _GAP)
        total = sum(counts.values())
        made.append(Column(label, round(x, 2), round(width, 2), total, tuple(parts), number % every == 0))
    return made, top


def _round_up(count: int) -> int:
    """The next of 10, 20, 50, 100, 200, 500 ... from this count on."""
    size = 10
    while True:
        for step in (1, 2, 5):
            if size * step >= count:
                return size * step
        size *= 10
