"""What a passage says of itself about when it holds, for which amounts, and for what is bought: where that is not what is asked."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

from knowledge_base.text import fold

_BEGINS = re.compile("自(20[0-9]{2})年([0-9]{1,2})月([0-9]{1,2})日起")
_BEFORE = re.compile("此前|之前|以前|原为|原标准|调整前|由[0-9.,]+")
_ASKED_AMOUNT = re.compile("(?<![0-9.])([0-9]+(?:\\.[0-9]+)?)(?:(万)([1-9](?![0-9]))?|(?=元|块))")
_NUMBER = "([0-9]+(?:\\.[0-9]+)?)(万)?元?(?:\\(不?含\\))?"
_RANGE = re.compile(f"{_NUMBER}以上(?:(?:至|到){_NUMBER})?(?:的|部分)?[,:]?(?:手续费|收费|收取|费用|费率|按)")
_COMMA = re.compile("(?<=[0-9]),(?=[0-9]{3})")
_BELOW = re.compile("以下|以内|不超过|不足|未超过|不满|万元?(?:至|-|—|~)|元(?:至|-|—|~)|(?:至|到)[0-9]+万")
_BORROWING = re.compile("贷|首付|按揭")
_HOME = re.compile("房|住宅|楼盘|买楼|供楼")
_CAR = re.compile("车(?!位|库)")
# Acts that go by one word, and are never meant by a passage that has not got it.
_ACTS = re.compile("质押|继承")


def begins_after(text: str, day: date) -> bool:
    """Whether a passage says that it holds from a later day on, and nothing of what held before."""
    folded = fold(text)
    begun = [_date(*map(int, found)) for found in _BEGINS.findall(folded)]
    return bool(begun) and not _BEFORE.search(folded) and all(one is not None and one > day for one in begun)


def leaves_out(question: str, text: str) -> bool:
    """Whether a folded passage has a charge for a range of amounts, and the one amount that is asked about is not in it."""
    question, text = _COMMA.sub("", question), _COMMA.sub("", text)
    asked = [_amount(*found.groups()) for found in _ASKED_AMOUNT.finditer(question)]
    ranges = [found.groups() for found in _RANGE.finditer(text)]
    if len(asked) != 1 or not ranges or _BELOW.search(_RANGE.sub("", text)):
        return False
    return not any(
        asked[0] >= _amount(low, low_unit) and (not high or asked[0] <= _amount(high, high_unit))
        for low, low_unit, high, high_unit in ranges
    )


def is_of_another(question: str, text: str) -> bool:
    """Whether a folded question and passage are of two things: a loan for a home and one for a car, a pledge and a transfer."""
    if any(act not in text for act in _ACTS.findall(question)):
        return True
    if not _BORROWING.search(question):
        return False
    kinds = (_HOME, _CAR)
    asked, told = ([bool(kind.search(one)) for kind in kinds] for one in (question, text))
    return any(asked) and any(told) and not any(a and b for a, b in zip(asked, told, strict=True))


def _amount(figure: str, thousands: str | None, rest: str | None = None) -> Decimal:
    """The yuan of a figure: 1万2 is 12,000."""
    return Decimal(figure) * (10_000 if thousands else 1) + Decimal(rest or 0) * 1_000


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
