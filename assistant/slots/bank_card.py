"""A bank card number: 16 to 19 digits whose last one checks the others."""

from __future__ import annotations

import re
from datetime import date

from stdnum import luhn

from assistant import numeral
from assistant.slot import Asked, Filled, Found, Rejected
from assistant.slot_wording import shown
from assistant.slots import resident_id
from knowledge_base.text import fold

_STANDING = re.compile(
    "(?<![0-9a-z.+])(?<![0-9][ -])[3-69][0-9]{3}(?:[ -]?[0-9]{4}){3}(?:[ -]?[0-9]{1,3})?(?![0-9a-z]|[ -][0-9])"
)
_SOLID = re.compile("(?<![0-9a-z.+])[3-69][0-9]{15,18}(?![0-9a-z])")
_BARE = re.compile("[0-9 -]+")
_MOBILE = re.compile("1[3-9][0-9]{9}")
_FEWEST, _MOST = 12, 24


def find(text: str, asked: Asked) -> Found:
    """A card number that is right and is no resident ID."""
    text = numeral.spelled(fold(text))
    numbers = {re.sub("[ -]", "", found) for found in (*_STANDING.findall(text), *_SOLID.findall(text))}
    right = sorted(number for number in numbers if is_card(number, asked.today))
    if len(right) == 1:
        return Filled(right[0], shown("card", asked.locale, last=right[0][-4:]))
    if not asked.open:
        return None
    return Rejected("several") if right else _attempt(text, asked)


def is_card(number: str, today: date) -> bool:
    """Whether these digits are a card number and nothing else."""
    return 16 <= len(number) <= 19 and luhn.is_valid(number) and resident_id.fault(number, today) is not None


def _attempt(text: str, asked: Asked) -> Found:
    fewest = 8 if _BARE.fullmatch(text) else _FEWEST
    for number in numeral.runs(text):
        if (
            not fewest <= len(number) <= _MOST
            or _MOBILE.fullmatch(number)
            or resident_id.fault(number, asked.today) is None
        ):
            continue
        if is_card(number, asked.today):
            return Filled(number, shown("card", asked.locale, last=number[-4:]))
        return Rejected("checksum" if 16 <= len(number) <= 19 else "length")
    return None
