"""The last four digits of a card: 尾号1234, 后四位是一二三四, ending in 1234."""

from __future__ import annotations

import re

from assistant import numeral
from assistant.slot import Asked, Filled, Found, Rejected
from assistant.slot_wording import shown
from assistant.slots import bank_card
from knowledge_base.text import fold

_NAMED = re.compile(
    r"(?:尾号|尾数|[后末]4位(?:数字?)?|[后末]四位(?:数字?)?|last (?:four|4)(?: digits)?|ending(?: in| with)?)"
    r"\s*(?:的|是|为|is|are|:|,)?\s*([0-9]{4})(?![0-9.年])"
    r"|(?<![0-9.])([0-9]{4})(?:结尾|那张|这张|的?尾号|的卡)"
)
_FOUR = re.compile("(?<![0-9.,:/-])([0-9] ?[0-9] ?[0-9] ?[0-9])(?![0-9.,:/年-]| ?[元块万])")
_BARE = re.compile("(?:卡?(?:号|尾号)?(?:是|为)?)?[0-9 ]+")


def find(text: str, asked: Asked) -> Found:
    """Four digits that are named as a card's last; bare ones when they were asked for."""
    text = numeral.spelled(fold(text))
    named = {first or second for first, second in _NAMED.findall(text)}
    if len(named) == 1:
        return _filled(named.pop(), asked)
    if not asked.open:
        return None
    return Rejected("several") if named else _bare(text, asked)


def _bare(text: str, asked: Asked) -> Found:
    card = bank_card.find(text, asked)
    if isinstance(card, Filled):
        return _filled(card.value[-4:], asked)
    four = {found.replace(" ", "") for found in _FOUR.findall(text)}
    if len(four) == 1:
        return _filled(four.pop(), asked)
    if four:
        return Rejected("several")
    return Rejected("length") if _BARE.fullmatch(text) else None


def _filled(digits: str, asked: Asked) -> Filled:
    return Filled(digits, shown("card", asked.locale, last=digits))
