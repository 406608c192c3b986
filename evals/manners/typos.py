"""Mistypes as people do: characters of the same sound, doubled, missing or swapped ones; never in a figure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from random import Random

from evals.manner import Manner, stock

_HARMLESS = 0.25
"""How often a message comes out as it was meant."""
_KEPT = "[0-9０-９a-zA-Z@._-]+|[零〇一二两三四五六七八九十百千万亿元]"
"""Figures, in any way of writing them, and what is spelt."""
_WORD = re.compile("[\u4e00-\u9fff]{2,}")


class _Typos(Manner):
    def typed(self, text: str, exact: Sequence[str], random: Random) -> str:
        """One slip in most messages."""
        loose = list(_loose(text, exact))
        if not loose or random.random() < _HARMLESS:
            return text
        start, end = random.choice(loose)
        return text[:start] + _slipped(text[start:end], random) + text[end:]


def _loose(text: str, exact: Sequence[str]) -> Iterator[tuple[int, int]]:
    """The stretches of Chinese words in which a slip does no harm to a figure or to an exact value."""
    kept = "|".join([*(re.escape(one) for one in sorted(exact, key=len, reverse=True) if one), _KEPT])
    at = 0
    for found in [*re.finditer(kept, text), None]:
        end = found.start() if found else len(text)
        yield from ((at + word.start(), at + word.end()) for word in _WORD.finditer(text[at:end]))
        at = found.end() if found else end


def _slipped(word: str, random: Random) -> str:
    """The word with a character of the same sound where there is one that people confuse, else doubled, missing or swapped ones."""
    alike = stock("typos").mistakes
    confused = [at for at, letter in enumerate(word) if letter in alike]
    if confused and random.random() < 0.7:
        at = random.choice(confused)
        return word[:at] + random.choice(alike[word[at]]) + word[at + 1 :]
    at = random.randrange(len(word) - 1)
    match random.choice(("doubled", "missing", "swapped")):
        case "doubled":
            return word[: at + 1] + word[at:]
        case "missing":
            return word[:at] + word[at + 1 :] if len(word) > 2 else word[: at + 1] + word[at:]
        case _:
            return word[:at] + word[at + 1] + word[at] + word[at + 2 :]


manner = _Typos(presses=0.2)
