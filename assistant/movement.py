"""How a figure moves something: up or down, and to it or by it."""

from __future__ import annotations

import re

from assistant.quantity_form import Quantity

_REACH = 8
_UP = re.compile(r"(?:(?<![0-9])\+|加上?|上浮|上调|提高|增加|高出|\bplus|\babove) ?$")
_DOWN = re.compile(r"(?:(?<![0-9%])-|减去?|下浮|下调|降低|减少|低于?|\bminus|\bbelow) ?$")
_CHANGE = re.compile("(?:延长|缩短|增加|提高|提升|降低|减少|上调|下调|上浮|下浮)了?(?P<to>至|到|为)? ?$")


def differs(mine: Quantity, told: str, theirs: Quantity, source: str) -> bool:
    """Whether a figure moves one way in a text and another in its source: LPR+45BP and LPR-45BP, 延长60日 and 延长至60日."""
    said, stands = _sign(mine, told), _sign(theirs, source)
    if stands != said and ((stands and said) or mine.kind == "point"):
        return True
    to, theirs_to = _is_to(mine, told), _is_to(theirs, source)
    return None not in (to, theirs_to) and to != theirs_to


def _sign(figure: Quantity, text: str) -> str:
    before = text[max(0, figure.start - _REACH) : figure.start]
    return "up" if _UP.search(before) else "down" if _DOWN.search(before) else ""


def _is_to(figure: Quantity, text: str) -> bool | None:
    found = _CHANGE.search(text[max(0, figure.start - _REACH) : figure.start])
    return bool(found["to"]) if found else None
