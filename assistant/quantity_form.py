"""What a figure is, and a form in which figures are written."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

NUMBER, DATE, WORD = "number", "date", "word"
"""The kinds of figures without a unit, of days, and of what is compared to the letter."""


@dataclass(frozen=True)
class Quantity:
    """A figure: what it measures, its value in that measure, and where it stands in the plain text.

    `value` is a number, minutes after midnight, or the very characters of what leaves its value open (几百元), a code or a telephone
    number. `parts` are year, month and day of a date, 0 where open. `scale` is what a word such as 万 multiplied, `factor` what the unit
    came to.
    """

    kind: str
    value: Decimal | str
    start: int
    end: int
    parts: tuple[int, int, int] = (0, 0, 0)
    scale: Decimal = Decimal(1)
    factor: Decimal = Decimal(1)


Form = tuple[re.Pattern[str], Callable[[re.Match[str]], Quantity | None]]
"""An expression over plain text, and what one of its matches says; nothing where it is no figure after all."""
HAN = "零〇一二三四五六七八九两十百千万亿壹贰叁肆伍陆柒捌玖拾佰仟"
SMALL = "(?:[0-9]{1,2}|[二三四五]?十[一二三四五六七八九]?|[一二两三四五六七八九])"
"""A whole number of one or two digits."""


def told(kind: str, value: Decimal | int | str, match: re.Match[str]) -> Quantity:
    """The figure that a match is, all of it."""
    return Quantity(kind, Decimal(value) if isinstance(value, int) else value, match.start(), match.end())


def to_the_letter(match: re.Match[str]) -> Quantity:
    """What must stand in a source as it is written, but for spaces; R2 is compared with R3, not with C2."""
    letters = re.sub(r"\s", "", match.group()).replace("×", "x")
    return told(WORD + re.sub("[^a-z].*", "", letters), letters, match)
