"""Whether sentences tell again what lines say, each those that it names as its sources: all that matters of them, nothing beside."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from functools import cache
from pathlib import Path

import yaml

from knowledge_base.text import fold, words

_FILE = Path(__file__).with_name("retelling.yaml")
_FIGURE = re.compile(r"[0-9a-z*]*[0-9*][0-9a-z*]*(?:[.,:/-][0-9*]+)*")
_WIDE_SIGN = re.compile("[，、：；。]")
_QUOTED = re.compile("“([^”]+)”")
_CLAUSE = re.compile(r"[^，。：；、！？“”（）,:;!?()\n]+")
_SENTENCE = re.compile(r"(?:“[^”]*”|(?!\.(?:\s|$))[^。！？!?\n])+(?:[。！？!?]|\.(?=\s|$))?")
_END_BEFORE_MARKS = re.compile(r"([。！？!?.])[ ]*((?:\[[0-9]+\][ ]*)+)")
_SHARE = 0.5
"""Of each clause, more than this share of its words must be told again."""
_KNOWN_SHARE = 0.6
"""Of each clause that a text has, this share of its words must stand in the lines."""
_NEGATION = re.compile(r"[没未不别无]|n't\b|\b(?:not|no|never|nobody|none|without)\b")


def sentences(text: str) -> list[str]:
    """The sentences of a text, each with the marks of its sources before its end sign; what is quoted ends none."""
    marked = _END_BEFORE_MARKS.sub(lambda found: found.group(2).rstrip() + found.group(1), text)
    return [found.strip() for found in _SENTENCE.findall(marked) if found.strip()]


def lost(line: str, text: str, names: Collection[str]) -> list[str]:
    """What a line says and a text does not: figures, names, and clauses of which too few words are left."""
    told, figures, spoken = fold(text), _figures(text), set(words(text))
    missing = [figure for figure in _figures(line) if figure not in figures]
    missing += [name for name in names if name in line and fold(name) not in told]
    return missing + [clause for clause in _clauses(line) if not _is_told(clause, spoken)]


def added(lines: Sequence[str], text: str, names: Collection[str]) -> list[str]:
    """What a text says and the lines do not: figures, names, quotations, and clauses of which too few words are known."""
    together, told = fold("\n".join(lines)), fold(text)
    known, figures = set(words(together)), _figures("\n".join(lines))
    more = [figure for figure in _figures(text) if figure not in figures]
    more += [name for name in names if fold(name) in told and fold(name) not in together]
    more += [quoted for quoted in _QUOTED.findall(text) if fold(quoted) not in together]
    return more + [clause for clause in _clauses(text) if not _is_known(clause, known)]


def turned(lines: Sequence[str], text: str) -> bool:
    """Whether a text denies more or less than the lines do."""
    return len(_NEGATION.findall(fold(text))) != len(_NEGATION.findall(fold("\n".join(lines))))


@cache
def _plain_words(kind: str) -> frozenset[str]:
    return frozenset(yaml.safe_load(_FILE.read_text(encoding="utf-8"))[kind])


def _figures(text: str) -> list[str]:
    # Folded, a wide comma between two figures would make one of them.
    return _FIGURE.findall(fold(_WIDE_SIGN.sub(" ", text)))


def _clauses(line: str) -> Iterator[str]:
    yield from (found.strip() for found in _CLAUSE.findall(line) if fold(found) not in _plain_words("labels"))


def _is_told(clause: str, spoken: set[str]) -> bool:
    own = words(clause)
    return not own or sum(word in spoken for word in own) > _SHARE * len(own)


def _is_known(clause: str, known: set[str]) -> bool:
    own = [word for word in words(clause) if word not in _plain_words("joining")]
    return sum(word in known for word in own) >= _KNOWN_SHARE * len(own)
