"""One of the options offered: by its name or a part of it, by its place, or nearly so."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import lru_cache
from itertools import takewhile

from assistant import numeral, option_match
from assistant.slot import Asked, Filled, Found, Option, Rejected
from assistant.slots import time as clock
from knowledge_base.text import fold

_BAR, _MARGIN = 0.75, 0.2
_LONGEST = 60
_HOURS = re.compile(r"(?<![0-9:])([0-9]{2}:[0-9]{2})\s*[-–~至]\s*([0-9]{2}:[0-9]{2})")


def find(text: str, asked: Asked) -> Found:
    """The one option that a message picks; one that was not asked for only by its full name."""
    found = _picked(text, asked)
    if isinstance(found, Filled) and _is_another_hour(text, found, asked):
        return Rejected("no_such_option") if asked.open else None
    return found


def _is_another_hour(text: str, found: Filled, asked: Asked) -> bool:
    """Whether a message names a time of day that lies outside the hours it was read as: 上午十点 is not 11:00-12:00."""
    hours = _HOURS.search(found.shown)
    said = clock.find(text, replace(asked, open=True, options=())) if hours else None
    return hours is not None and isinstance(said, Filled) and not hours[1] <= said.value < hours[2]


def _picked(text: str, asked: Asked) -> Found:
    text = fold(text)
    said = option_match.exactly(text)
    if not asked.open:
        full = option_match.named(said, asked.options, _telling)
        return None if option_match.negated(text) else option_match.picked(full, asked)
    full = option_match.named(said, asked.options, _short(asked.options))
    if option_match.negated(text) and not _is_name(said, asked):
        return None
    return option_match.picked(full, asked) if full else _pointed(text, asked)


def _pointed(text: str, asked: Asked) -> Found:
    places = option_match.placed(text, len(asked.options))
    said = option_match.core(text)
    number = numeral.read(said)
    if number is not None and not number % 1:
        return _numbered(str(int(number)), places, asked)
    if places:
        return option_match.at(places, asked)
    if len(text) > _LONGEST:
        return None
    parts = option_match.partly(said, asked.options, _names)
    near = None if parts else option_match.close(said, asked.options, _names, bar=_BAR, margin=_MARGIN)
    return option_match.picked(parts or ({near} if near else set()), asked)


def _numbered(number: str, places: set[int], asked: Asked) -> Found:
    """3 may be the third option as well as the one that is called 3期."""
    called = option_match.partly(number, asked.options, _names)
    if not called:
        return option_match.at(places, asked) if places else None
    return option_match.picked(
        called | {asked.options[place - 1].id for place in places if 1 <= place <= len(asked.options)}, asked
    )


def _is_name(said: str, asked: Asked) -> bool:
    return any(said in _names(option) for option in asked.options)


def _telling(option: Option) -> tuple[str, ...]:
    """The names that say which option is meant wherever they stand; one character does not."""
    return tuple(name for name in _names(option) if len(name) > 1)


def _short(options: tuple[Option, ...]) -> option_match.Names:
    """The names, and the labels without what all of them begin with: 金卡 for 云杉金卡."""
    labels = [option_match.exactly(option.label) for option in options]
    shared = sum(1 for _ in takewhile(_all_same, zip(*labels, strict=False))) if len(options) > 1 else 0

    def names(option: Option) -> tuple[str, ...]:
        rest = option_match.exactly(option.label)[shared:]
        return (*_names(option), rest) if shared > 1 and len(rest) > 1 else _names(option)

    return names


def _all_same(characters: tuple[str, ...]) -> bool:
    return len(set(characters)) == 1


@lru_cache(maxsize=4096)
def _names(option: Option) -> tuple[str, ...]:
    return tuple(option_match.exactly(name) for name in (option.label, *option.also))
