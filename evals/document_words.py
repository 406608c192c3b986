"""Which parts of a reply are the documents' words, that a figure must be borne out by what is cited, and which the assistant's own."""

from __future__ import annotations

import re
from functools import cache

from assistant.extract import without_marks
from assistant.wording import Wordings
from evals.record import PlayedTurn

_MARK = re.compile(r"\[([0-9]+)\]")
_PLACE = re.compile(r"\\\{[a-z_]+\\\}")
_FIXED = 8
"""A sentence of the assistant's wording is known again by so many fixed characters or more."""
_ANSWER = "knowledge_answered"


def is_answer(turn: PlayedTurn) -> bool:
    """Whether a turn's reply answers from the documents, rather than being composed by code of many."""
    return _ANSWER in turn.events


def document_words(turn: PlayedTurn) -> str:
    """A reply without its marks and without what is the assistant's own.

    Of an answer from the documents that is its fixed sentences, and beside a task what it asks. Of guidance, which code composes of the
    need, of rules and of products, only the rows of tables that cite their product are the documents'. Of campaigns and of checked
    drafts, which come from the bank's own desk, nothing is.
    """
    if is_answer(turn):
        parts = re.split(r"\n{2,}", turn.reply)
        told = [part for part in parts if _MARK.search(part) or turn.status != "open"]
        lines = [line for part in told for line in part.splitlines() if line.strip() and not _is_fixed(line)]
    else:
        rows = [line for line in turn.reply.splitlines() if line.startswith("|")] if turn.guided else []
        lines = [line for line in rows if _MARK.search(line)]
    return without_marks("\n".join(lines))


def spoken(turn: PlayedTurn) -> str:
    """A reply as a judge reads it: an answer's documents' words, or all of what code composed, without marks."""
    return document_words(turn) if is_answer(turn) else without_marks(turn.reply)


def _is_fixed(line: str) -> bool:
    return any(pattern.fullmatch(line.strip()) for pattern in _fixed())


@cache
def _fixed() -> tuple[re.Pattern[str], ...]:
    """The assistant's sentences, with anything in their places."""
    wordings = Wordings("{bank}", "{name}", "{hotline}")
    texts = [text for locale in ("zh-CN", "en") for text in vars(wordings.of(locale)).values() if isinstance(text, str)]
    lines = [re.escape(line.strip()) for text in texts for line in text.splitlines()]
    fixed = [line for line in dict.fromkeys(lines) if len(_PLACE.sub("", line)) >= _FIXED]
    return tuple(re.compile(_PLACE.sub(".+?", line)) for line in fixed)
