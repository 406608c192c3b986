"""A resident ID: 18 characters with a day of birth and a check character."""

from __future__ import annotations

import re
from datetime import date

from stdnum import luhn
from stdnum.cn import ric

from assistant import numeral
from assistant.slot import Asked, Filled, Found, Rejected
from knowledge_base.text import fold

_STANDING = re.compile("(?<![0-9a-z])[1-9][0-9]{5}[ -]?[0-9]{8}[ -]?[0-9]{3}[0-9x](?![0-9a-z])")
_ATTEMPT = re.compile("(?<![0-9a-z+])[0-9](?:[ -]{0,2}[0-9]){7,}(?:[ -]{0,2}x)?(?![0-9a-z])")
_BARE = re.compile("[0-9x -]+")
_FEWEST, _MOST = 14, 21


def find(text: str, asked: Asked) -> Found:
    """A resident ID whose day of birth and check character are right."""
    text = numeral.spelled(fold(text))
    standing = {re.sub("[ -]", "", found).upper() for found in _STANDING.findall(text)}
    right = sorted(number for number in standing if fault(number, asked.today) is None)
    if len(right) == 1:
        return _filled(right[0])
    if not asked.open:
        return None
    return Rejected("several") if right else _attempt(text, asked.today)


def fault(number: str, today: date) -> str | None:
    """What is wrong with a number as a resident ID, or nothing."""
    if not re.fullmatch("[1-9][0-9]{16}[0-9X]", number):
        return "length"
    try:
        born = date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return "date"
    if not date(1900, 1, 1) <= born <= today:
        return "date"
    # Not ric.validate: its list of places is older than some numbers.
    return None if ric.calc_check_digit(number) == number[-1] else "checksum"


def _attempt(text: str, today: date) -> Found:
    fewest = 8 if _BARE.fullmatch(text) else _FEWEST
    found = [re.sub("[ -]", "", run).upper() for run in _ATTEMPT.findall(text)]
    for number in found:
        if fewest <= len(number) <= _MOST and not _is_card(number, today):
            wrong = fault(number, today)
            return Rejected(wrong) if wrong else _filled(number)
    return None


def _is_card(number: str, today: date) -> bool:
    """Whether it is plainly a bank card that was sent along."""
    return 16 <= len(number) <= 19 and luhn.is_valid(number) and fault(number, today) in {"length", "date"}


def _filled(number: str) -> Filled:
    return Filled(number, f"{number[:4]}{'*' * 10}{number[-4:]}")
