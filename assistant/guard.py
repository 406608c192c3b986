"""Checks on the way in and on the way out."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal

from assistant.wording import Wording
from knowledge_base.passage import Audience, Hit
from knowledge_base.text import clean, fold

# Digits are written [0-9]: \d would take other scripts' digits too.
_RESIDENT_ID = re.compile(r"(?<![0-9])[1-9][0-9]{5}[ -]?(?:19|20)[0-9]{2}[ -]?[0-9]{4}[ -]?[0-9]{3}[0-9Xx](?![0-9])")
_MOBILE = re.compile(
    r"(?<![0-9])(?:(?:00)?86[ -]*)?1[ -]*[3-9](?:[ -]*[0-9]){9}(?![0-9])|[一幺][三四五六七八九][零\u3007一二三四五六七八九幺两]{9}"
)
_CARD = re.compile(r"(?<![0-9])[2-9](?:[ -]?[0-9]){14,18}(?![0-9])")
_EMAIL = re.compile(r"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")
_WIDE = {ord(character) + 0xFEE0: character for character in "0123456789@+-"}
_DIGIT = re.compile(
    "[0-9零\u3007一二三四五六七八九幺两壹贰叁肆伍陆柒捌玖]|\\b(?:zero|one|two|three|four|five|six|seven|eight|nine)\\b",
    re.IGNORECASE,
)
_ONLY_CODE = re.compile(r"^[\s,.。!?]*[0-9](?:[ -]?[0-9]){5}[\s,.。!?]*$")
_SIX_DIGITS = re.compile(r"(?<![0-9.])[0-9](?:[ -]?[0-9]){5}(?![0-9.])")
# Six digits as they are spoken: 七三五 一六四, or seven three five one six four.
_SIX_SPOKEN = re.compile(
    "(?<![零\u3007一二三四五六七八九幺两])[零\u3007一二三四五六七八九幺两](?:[ ，、-]?[零\u3007一二三四五六七八九幺两]){5}"
    "(?![零\u3007一二三四五六七八九幺两十百千万])|"
    r"\b(?:(?:zero|oh|one|two|three|four|five|six|seven|eight|nine)\b[ ,-]*){6}",
    re.IGNORECASE,
)
_SECRET = re.compile(
    r"((?:验证码|密码|口令|\bpin\b|\bcode\b|\bpassword\b)[^0-9]{0,8})([0-9]{4,8})(?![0-9])", re.IGNORECASE
)
_SECRET_AFTER = re.compile(
    r"(?<![0-9])[0-9]{4,8}(?=\s?(?:就?是|is|was)\s?(?:我|您|你|my|your|the)?的?\s?(?:银行卡|登录|短信|支付|取款)?\s?"
    r"(?:验证码|密码|口令|pin\b|code\b|password\b))",
    re.IGNORECASE,
)
_FIGURE = re.compile(r"[0-9]+(?:[,.][0-9]+)*")
_RATE = re.compile(r"(?<![0-9.,])[0-9]+(?:\.[0-9]+)?(?=%)")


class MessageRefused(Exception):
    """The message cannot be taken: it is empty, or too long."""


def check_message(text: str, limit: int, wording: Wording) -> str:
    """The message fit to be understood; raises MessageRefused with what to do."""
    if len(text) > limit:
        raise MessageRefused(wording.too_long.format(length=len(text), limit=limit))
    cleaned = clean(text)
    if not cleaned:
        raise MessageRefused(wording.nothing_said)
    return cleaned


def narrowed(text: str) -> str:
    """The text with wide digits and signs written as narrow ones, as `mask` reads it."""
    return text.translate(_WIDE)


def mask(text: str) -> str:
    """The text with resident IDs, bank cards, mobile numbers and e-mail addresses covered but for their ends.

    Figures said to be a code or a password, or that are the whole message and look like a code, are covered altogether.
    """
    text = narrowed(text)
    for pattern in (_RESIDENT_ID, _CARD, _MOBILE):
        text = pattern.sub(lambda found: _cover(found.group()), text)
    text = _SECRET.sub(lambda found: found.group(1) + "*" * len(found.group(2)), _ONLY_CODE.sub("******", text))
    text = _SECRET_AFTER.sub(lambda found: "*" * len(found.group()), text)
    return _EMAIL.sub(lambda found: found.group()[0] + "***@" + found.group().partition("@")[2], text)


def replace_personal(text: str, replace: Callable[[str, str], str]) -> str:
    """The text with what `replace` gives for a kind and a value in the place of resident IDs, bank cards, numbers and addresses."""
    text = narrowed(text)
    for kind, pattern in (("ID", _RESIDENT_ID), ("CARD", _CARD), ("PHONE", _MOBILE), ("EMAIL", _EMAIL)):
        text = pattern.sub(lambda found, kind=kind: replace(kind, found.group()), text)  # type: ignore[misc]
    return text


def mask_code(text: str) -> str:
    """A message said while a one-time code is asked for, every digit of it covered, in figures or in words."""
    return _DIGIT.sub("*", narrowed(text))


def mask_live(text: str) -> str:
    """A message said while a one-time code is on its way: whatever could be that code is covered too."""
    return _SIX_SPOKEN.sub("******", _SIX_DIGITS.sub("******", mask(text)))


def _cover(number: str) -> str:
    return number[:3] + "*" * (len(number) - 7) + number[-4:]


def readable(hits: Iterable[Hit], audience: Audience) -> list[Hit]:
    """The hits that this audience may read: a second lock behind the index's own."""
    return [hit for hit in hits if hit.document.audience in audience.readable]


def unsupported_figures(text: str, sources: Sequence[str]) -> list[str]:
    """The figures of a text that stand in none of its sources; 2.3% and 2.30% are one."""
    folded, told = fold(text), [fold(source) for source in sources]
    known = {figure for source in told for figure in _FIGURE.findall(source)}
    rates = {Decimal(rate) for source in told for rate in _RATE.findall(source)}
    missing = (found for found in _FIGURE.finditer(folded) if found.group() not in known)
    return [found.group() for found in missing if _rate(folded, found.start()) not in rates]


def _rate(folded: str, at: int) -> Decimal | None:
    found = _RATE.match(folded, at)
    return Decimal(found.group()) if found else None
