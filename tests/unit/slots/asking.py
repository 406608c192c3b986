"""What the tests of slot kinds share: one day, and short ways to ask."""

from __future__ import annotations

from datetime import date

from assistant.slot import Asked, Filled, Found, Option, Rejected, kinds

TODAY = date(2026, 11, 22)  # a Sunday


def find(kind: str, text: str, *, open: bool = True, locale: str = "zh-CN", options: tuple[Option, ...] = ()) -> Found:
    return kinds()[kind].find(text, Asked(open, TODAY, locale, options))


def value(found: Found) -> str | None:
    """The value found, or the reason in brackets."""
    if isinstance(found, Rejected):
        return f"({found.reason})"
    return found.value if isinstance(found, Filled) else None
