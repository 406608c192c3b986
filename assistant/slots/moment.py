"""One of the times offered: 明天上午九点, 周三下午, tomorrow at 4:30 pm, or by its place in the list."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, datetime, time

from assistant import option_match
from assistant.slot import Asked, Filled, Found, Option, Rejected
from assistant.slots import choice
from assistant.slots import date as day
from assistant.slots import time as clock
from knowledge_base.text import fold

_PARTS = (
    (re.compile(r"上午|早上|早晨|今早|明早|\bmorning\b"), time(), time(12)),
    (re.compile(r"下午|午后|\bafternoon\b"), time(12), time(18)),
    (re.compile(r"晚上|傍晚|今晚|明晚|\b(?:evening|tonight)\b"), time(18), time.max),
)


def find(text: str, asked: Asked) -> Found:
    """The one offered time that the day and the hour of a message fit; the options' ids are times, ISO 8601.

    One that was not asked for is found only where the message names its hour.
    """
    offered = [(option, moment) for option in asked.options if (moment := _time(option))]
    said = fold(text)
    if not offered or option_match.negated(said):
        return None
    on, at = _day(text, asked), _clock(text, asked)
    if asked.open and not on and option_match.placed(said, len(asked.options)):
        return choice.find(text, asked)
    parts = [(start, end) for pattern, start, end in _PARTS if pattern.search(said)]
    if at is None and (not asked.open or (on is None and not parts)):
        return choice.find(text, asked) if asked.open else None
    fits = [
        option
        for option, moment in offered
        if (on is None or moment.date() == on)
        and (moment.time() == at if at else not parts or any(start <= moment.time() < end for start, end in parts))
    ]
    if len(fits) == 1:
        return Filled(fits[0].id, fits[0].label)
    if not asked.open:
        return None
    return Rejected("ambiguous") if fits else Rejected("no_such_option")


def _time(option: Option) -> datetime | None:
    try:
        return datetime.fromisoformat(option.id)
    except ValueError:
        return None


def _day(text: str, asked: Asked) -> date | None:
    found = day.find(text, replace(asked, open=False, options=()))
    return date.fromisoformat(found.value) if isinstance(found, Filled) else None


def _clock(text: str, asked: Asked) -> time | None:
    found = clock.find(text, replace(asked, options=()))
    return time.fromisoformat(found.value) if isinstance(found, Filled) else None
