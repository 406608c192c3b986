"""The clauses of a text, each with its figures and what it says them of."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from assistant import quantity
from assistant.evidence import FUNCTION_WORDS
from assistant.grounding_words import words as known
from assistant.quantity_form import DATE, Quantity
from knowledge_base import terms
from knowledge_base.lexicon import Lexicon
from knowledge_base.text import words

_NUMBERING = re.compile(
    r"^\s*(?:[-*•] *)?(?:[0-9]{1,2}[.、)](?![0-9])|[(][0-9一二三四五六七八九十]{1,3}[)]|[一二三四五六七八九十]{1,3}、) *(?![元%‰天万亿个])",
    re.MULTILINE,
)
_SENTENCE_END = re.compile(r"[。!?;\n]|\.(?=\s|$)")
_COMMA = re.compile(r",(?![0-9]{3}(?![0-9]))|(?<![0-9]),")
_ROW = re.compile(r"^[^:;。\n]{1,40}:[^;\n]*;[^:;\n]{1,40}:")
_LISTED = re.compile("、|和|以及|及|与|;| and |(?=调整[为至]|[变改]为|提高[到至]|[上下]调[到至]|[升降][到至为])")
_INTRODUCED = re.compile(r"^([^:]{12,}):(?=[^:]{4,}$)")
_LATIN = re.compile("[a-z]{3}")
_DIGIT = re.compile("[0-9]")
_AFTER_FIGURE = 8
_DENIES = 4


@dataclass(frozen=True)
class Clause:
    """A part of a text that says one thing.

    `own` are its words with its figures and names, `around` those of the sentence, the heading and the title that it stands in;
    `names` the full names in it, `names_around` those around it; `apart` what sets it apart, `apart_around` the same around it;
    `denials` how often it denies, `denied` what; `asks` that it claims nothing, as titles and questions; `whole` is all that its source tells, without spaces.
    """

    text: str
    figures: tuple[Quantity, ...]
    own: frozenset[str]
    names: frozenset[str]
    apart: frozenset[str]
    around: frozenset[str] = frozenset()
    names_around: frozenset[str] = frozenset()
    apart_around: frozenset[str] = frozenset()
    denials: int = 0
    denied: frozenset[str] = frozenset()
    free: bool = False
    asks: bool = False
    whole: str = ""


@lru_cache(maxsize=20_000)
def content(text: str) -> frozenset[str]:
    """The words of a text that say something: no function words, no single letters, no numbers."""
    return frozenset(
        word for word in words(text) if len(word) > 1 and word not in FUNCTION_WORDS and not _DIGIT.search(word)
    )


def _chinese(text: str) -> frozenset[str]:
    """The English terms of a text in the words of Chinese documents."""
    return content(" ".join(chinese for _english, chinese in terms.named(text))) if _LATIN.search(text) else frozenset()


def key(one: Quantity) -> str:
    """A figure as a word beside others."""
    return f"{one.kind}={one.parts if one.kind == DATE else one.value}"


def clauses(text: str, names: Lexicon) -> list[list[Clause]]:
    """The clauses of a plain text, sentence by sentence."""
    sentences = _split(_NUMBERING.sub("", text), _SENTENCE_END)
    return [[clause_of(part, names) for part in _parts(sentence)] for sentence in sentences]


def clause_of(text: str, names: Lexicon) -> Clause:
    """A text as one clause."""
    figures, look = quantity.read(text), known()
    named = frozenset(names.names_in(text))
    bare = _blanked(text, figures)
    own = content(bare) | _chinese(bare) | {key(one) for one in figures} | named
    found = list(look.denied.finditer(text))
    denied = frozenset(word for one in found for word in _first(text[one.end() : one.end() + _DENIES]))
    return Clause(
        text, figures, own, named, look.apart_in(text), denials=len(found), denied=denied, free=_is_free(text)
    )


def without_figures(one: Clause) -> str:
    """A clause's text with spaces in the place of its figures."""
    return _blanked(one.text, one.figures)


def _blanked(text: str, figures: Sequence[Quantity]) -> str:
    for figure in figures:
        text = text[: figure.start] + " " * (figure.end - figure.start) + text[figure.end :]
    return text


def _first(text: str) -> list[str]:
    """The first word that says something."""
    return [word for word in words(text.lstrip("予得能可会要再 "))[:1] if len(word) > 1 and word not in FUNCTION_WORDS]


def _is_free(text: str) -> bool:
    look = known()
    return any(not look.not_free.search(text, 0, found.start()) for found in look.free.finditer(text))


def _split(text: str, at: re.Pattern[str]) -> list[str]:
    return [part.strip() for part in at.split(text) if part.strip()]


def _parts(sentence: str) -> Iterator[str]:
    for part in _split(sentence, _COMMA):
        # 分为一天通知和七天通知两个品种:一天通知须提前1天 says of one what was said of both.
        for piece in _INTRODUCED.sub(r"\1\n", part).split("\n"):
            yield from _listed(piece)


def _listed(part: str) -> Iterator[str]:
    """主卡580元、附属卡290元 are two; 10克、20克 and 主卡、附属卡 are one."""
    figures, start = quantity.read(part), 0
    for one, other in itertools.pairwise(figures):
        sign = _LISTED.search(part, one.end, min(other.start, one.end + _AFTER_FIGURE))
        if sign and (not sign.group() or content(part[sign.end() : other.start])):
            yield part[start : sign.start()]
            start = sign.end()
    yield part[start:]


def is_row(text: str) -> bool:
    """Whether a plain text is a table's row: heading: cell; heading: cell."""
    return bool(_ROW.match(text))


def joined(parts: Sequence[Clause]) -> tuple[frozenset[str], frozenset[str], frozenset[str]]:
    """All the words, names and distinctions of several clauses."""
    empty: frozenset[str] = frozenset()
    return (
        empty.union(*(one.own for one in parts)),
        empty.union(*(one.names for one in parts)),
        empty.union(*(one.apart for one in parts)),
    )
