"""Free text in somebody's own words."""

from __future__ import annotations

from assistant import guard
from assistant.slot import Asked, Filled, Found, Rejected

_SHORTEST, _LONGEST = 2, 1000


def find(text: str, asked: Asked) -> Found:
    """The whole message, when it was asked for."""
    if not asked.open:
        return None
    text = text.strip()
    if sum(character.isalnum() for character in text) < _SHORTEST:
        return Rejected("too_short")
    return Rejected("too_long") if len(text) > _LONGEST else Filled(text, guard.mask(text))
