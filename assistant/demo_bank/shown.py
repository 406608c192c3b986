"""Values as people read them: personal data covered, amounts and days in their language."""

from __future__ import annotations

from datetime import date


def is_english(locale: str) -> bool:
    """Whether texts are to be English; they are Chinese otherwise."""
    return locale.lower().startswith("en")


def choose(locale: str, chinese: str, english: str) -> str:
    """The text in the customer's language."""
    return english if is_english(locale) else chinese


def phone(number: str) -> str:
    """138****5678"""
    return f"{number[:3]}****{number[-4:]}"


def name(full: str) -> str:
    """林*雯, 罗*, 欧**琪: the ends of a Chinese name; O*** G***: the initials of one in Latin letters."""
    if full.isascii():
        return " ".join(f"{word[:1]}***" for word in full.split())
    return f"{full[:1]}*" if len(full) < 3 else f"{full[0]}{'*' * (len(full) - 2)}{full[-1]}"


def card(number: str, locale: str) -> str:
    """尾号1234, or `ending 1234`; for accounts too."""
    return choose(locale, f"尾号{number[-4:]}", f"ending {number[-4:]}")


def money(fen: int, locale: str) -> str:
    """An amount stored in fen: 1,234.56元, or CNY 1,234.56."""
    amount = f"{fen / 100:,.2f}".removesuffix(".00")
    return choose(locale, f"{amount}元", f"CNY {amount}")


def day(stored: str, locale: str) -> str:
    """A stored day or moment: 2026年11月22日, or 22 November 2026."""
    found = date.fromisoformat(stored[:10])
    return choose(locale, f"{found.year}年{found.month}月{found.day}日", f"{found.day} {found:%B %Y}")
