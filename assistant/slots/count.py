"""How many: 3份, 两份, 十二期, 三, three copies."""

from __future__ import annotations

import re
from decimal import Decimal

from assistant import numeral
from assistant.slot import Asked, Filled, Found, Rejected
from knowledge_base.text import fold

_UNIT = "份|期|套|copies|copy|instal?lments?"
_LOOSE_UNIT = "个月|张|个|本|次|笔|条|盒|件|人|位"
_OTHER = "[号年日点时%元块万亿岁折楼路天]|个?(?:小时|星期|礼拜)|分钟|月"
_COUNT = re.compile(
    rf"(?<![0-9],)(?<![第0-9.:/a-z-])(?P<sign>负|-)?(?P<figure>{numeral.NUMERAL})\s?(?P<unit>{_UNIT})?(?P<loose>{_LOOSE_UNIT})?(?P<other>{_OTHER})?"
)
_VAGUE = re.compile(
    "半[份期个]|[几数](?:份|期|个|张|套|十|百)|[一二三四五六七八九两]{2}[份期张个套]|[0-9十百][多来几]|左右|大概|随便|多少|a few|several|some"
)
_SPREAD = re.compile(f"{numeral.NUMERAL}\\s?(?:份|期|个|张|套)?\\s?(?:到|至|-|~|或者?|to|or)\\s?{numeral.NUMERAL}")
_MOST = 9999


def find(text: str, asked: Asked) -> Found:
    """The one whole number of a message, or the one before 份 or 期."""
    text = numeral.NO_QUANTITY.sub("|", numeral.figures(fold(text)))
    if _VAGUE.search(text) or _SPREAD.search(text):
        return Rejected("unclear") if asked.open else None
    found = [match for match in _COUNT.finditer(text) if not match["other"] and len(match["figure"]) < 7]
    counts = [match for match in found if match["unit"]] or (found if asked.open else [])
    values = {numeral.read(match["figure"]) for match in counts} - {None}
    if not values:
        return None
    judged = (
        Rejected("unclear")
        if any(match["sign"] for match in counts)
        else _judged({value for value in values if value is not None})
    )
    return judged if asked.open or isinstance(judged, Filled) else None


def _judged(values: set[Decimal]) -> Found:
    value = values.pop()
    if values or value % 1 or value > _MOST:
        return Rejected("unclear")
    return Filled(str(int(value)), str(int(value))) if value else Rejected("zero")
