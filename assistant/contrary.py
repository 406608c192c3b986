"""Whether a clause says the contrary of a source in all but the same letters: 以内 where it says 以上, 需要 where it says 无需."""

from __future__ import annotations

import re
from collections.abc import Iterator

from assistant.grounding_words import words as known

_AROUND = 3
_LEAST = 2


def turns(text: str, source: str) -> bool:
    """Whether a word of a plain clause stands where the source, a text without spaces, has its contrary, and only that."""
    clause = re.sub(r"\s", "", text)
    return any(other in source and said not in source for said, others in _readings(clause) for other in others)


def _readings(clause: str) -> Iterator[tuple[str, list[str]]]:
    """Each word that has a contrary, among the letters around it, and the same with its contraries."""
    for pattern, against in known().contrary:
        for found in pattern.finditer(clause):
            before = clause[max(0, found.start() - _AROUND) : found.start()]
            behind = clause[found.end() : found.end() + _AROUND]
            if len(before) + len(behind) >= _LEAST:
                yield before + found.group() + behind, [before + one + behind for one in against[found.group()]]
