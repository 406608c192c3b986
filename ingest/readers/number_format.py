"""A spreadsheet value as Excel shows it: percent, thousands, decimals, leading zeros, units, dates."""

from __future__ import annotations

import datetime as dt
import re
from decimal import ROUND_HALF_UP, Decimal

_LITERAL = re.compile(r'"([^"]*)"|\\(.)|_.|\*.|\[\$([^\]-]*)(?:-[^\]]*)?\]|\[[^\]]*\]')
_PATTERN = re.compile(r"[#0?][#0?,]*(?:\.[#0?]+)?,*")
_GENERAL_DIGITS = 10


def shown(value: object, number_format: str) -> str:
    """The text of a cell, dates as YYYY-MM-DD; a format that is not understood shows the plain number."""
    match value:
        case None:
            return ""
        case bool():
            return "TRUE" if value else "FALSE"
        case dt.datetime():
            return value.strftime("%Y-%m-%d" if value.time() == dt.time() else "%Y-%m-%d %H:%M")
        case dt.date():
            return value.isoformat()
        case dt.time():
            return value.strftime("%H:%M")
        case int() | float():
            return _number(Decimal(repr(value)), number_format)
        case _:
            return str(value)


def _number(value: Decimal, number_format: str) -> str:
    if not value.is_finite():
        return str(value)
    sections = re.split(r""";(?=(?:[^"]*"[^"]*")*[^"]*$)""", number_format)
    has_own_sign = value < 0 and len(sections) > 1 and sections[1] != ""
    is_zero = value == 0 and len(sections) > 2
    section = sections[2] if is_zero else sections[1] if has_own_sign else sections[0]
    literals: list[str] = []

    def kept(found: re.Match[str]) -> str:
        literals.append(found[1] or found[2] or found[3] or "")
        return f"\x00{len(literals) - 1}\x00"

    bare = _LITERAL.sub(kept, section)
    if "general" in bare.lower() or bare.strip() in {"@", ""} or re.search(r"[eE][+-]|/", bare):
        text = _general(value)
    else:
        text = _patterned(abs(value) if has_own_sign else value, bare)
    return re.sub("\x00([0-9]+)\x00", lambda found: literals[int(found[1])], text).strip()


def _patterned(value: Decimal, section: str) -> str:
    digits = re.sub("\x00[0-9]+\x00", lambda found: " " * len(found[0]), section)  # marks are no pattern
    found = _PATTERN.search(digits)
    if found is None:
        return section
    if "%" in section:
        value *= 100
    pattern = found[0].rstrip(",")
    value = value.scaleb(-3 * (len(found[0]) - len(pattern)))
    sign = "-" if value < 0 else ""
    number = _digits(abs(value), pattern)
    is_shown_zero = not any(figure in number for figure in "123456789")
    return ("" if is_shown_zero else sign) + section[: found.start()] + number + section[found.end() :]


def _digits(value: Decimal, pattern: str) -> str:
    whole, _, decimals = pattern.partition(".")
    rounded = value.quantize(Decimal(1).scaleb(-len(decimals)), ROUND_HALF_UP)
    before, _, after = f"{rounded:f}".partition(".")
    least = decimals.count("0")
    after = after[:least] + after[least:].rstrip("0")
    before = before.zfill(whole.count("0"))
    if whole.count("0") == 0 and before == "0" and after:
        before = ""
    if "," in whole:
        before = re.sub(r"(?<=[0-9])(?=(?:[0-9]{3})+$)", ",", before)
    return f"{before}.{after}" if after else before


def _general(value: Decimal) -> str:
    rounded = value.quantize(Decimal(1).scaleb(-_GENERAL_DIGITS), ROUND_HALF_UP) if abs(value) < 10**15 else value
    text = f"{rounded:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
