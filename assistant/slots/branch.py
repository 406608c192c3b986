"""One of the bank's branches: by its name with or without 支行, by city or district, despite typos."""

from __future__ import annotations

import re
from functools import lru_cache

from assistant import option_match
from assistant.slot import Asked, Found, Option
from knowledge_base.text import fold

_BANK = re.compile("^[\u4e00-\u9fff]{2,6}?银行(?=.)")
_SUFFIX = re.compile("(?:支行|分行|营业部|营业厅|网点|分理处|银行|branch|office)+$")
_SUFFIXES = re.compile(
    "支行|分行|营业部|营业厅|网点|分理处|[\u4e00-\u9fff]{0,2}银行|附近|最近的?|旁边|市(?!民|场|中)|branch|office"
)
_BAR, _MARGIN = 0.66, 0.3
_LONGEST = 60


def find(text: str, asked: Asked) -> Found:
    """The one branch that a message names; one that was not asked for only by a name that ends in 支行 or the like."""
    text = fold(text)
    said = option_match.exactly(text)
    if not asked.open:
        return (
            None
            if option_match.negated(text)
            else option_match.picked(option_match.named(said, asked.options, _full), asked)
        )
    if option_match.negated(text):
        return None
    full = option_match.named(said, asked.options, _full)
    return option_match.picked(full, asked) if full else _pointed(text, asked)


def _pointed(text: str, asked: Asked) -> Found:
    places = option_match.placed(text, len(asked.options))
    if places:
        return option_match.at(places, asked)
    if len(text) > _LONGEST:
        return None
    said = _SUFFIXES.sub("", option_match.core(text))
    said = option_match.core(said)
    parts = option_match.partly(said, asked.options, _cores)
    if len(parts) != 1:
        near = option_match.close(said, asked.options, _cores, bar=_BAR, margin=_MARGIN, windows=True)
        parts = parts or ({near} if near else set())
    return option_match.picked(parts, asked)


@lru_cache(maxsize=4096)
def _full(option: Option) -> tuple[str, ...]:
    """The names as they stand alone, with and without the bank's, and without the city's: 西溪支行."""
    names = [option_match.exactly(name) for name in (option.label, *option.also)]
    short = [_BANK.sub("", name) for name in names]
    short += [name.replace("分行", "") for name in short if name.endswith(("营业部", "营业厅"))]
    tails = [
        name[2:] for name in short if _SUFFIX.search(name) and len(_SUFFIX.sub("", name)) >= 4 and not name.isascii()
    ]
    return tuple(dict.fromkeys(name for name in (*names, *short, *tails) if len(name) > 2))


@lru_cache(maxsize=4096)
def _cores(option: Option) -> tuple[str, ...]:
    names = [option_match.exactly(name) for name in (option.label, *option.also)]
    return tuple(dict.fromkeys(_SUFFIX.sub("", _BANK.sub("", name)) or name for name in names))
