"""The bank's list of words that may stand in no question, no answer and no document: all of them are looked for at once."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

import ahocorasick

from knowledge_base.text import simplify

_KEPT = re.compile(r"[^\W_]")
_LATIN = re.compile("[a-z0-9]")


class WrongWordList(Exception):
    """The list of words cannot be read; the message says where and what to do."""


class WordList:
    """Finds listed words however they are written: in either script and case, wide or narrow, with signs or spaces in between.

    A Latin word is found only as a whole word.
    """

    def __init__(self, words: Iterable[str] = ()) -> None:
        self._automaton = ahocorasick.Automaton()
        for word in words:
            key = "".join(letter for letter, _place in _letters(simplify(word).lower()))
            if not key:
                raise WrongWordList(f"{word!r} has no letter; take it out.")
            self._automaton.add_word(key, (word, len(key)))
        if self._automaton:
            self._automaton.make_automaton()

    def __bool__(self) -> bool:
        return bool(self._automaton)

    def find(self, text: str) -> tuple[str, ...]:
        """The words that stand in a text, as the list writes them, each once and in the order in which they end."""
        if not self:
            return ()
        read = simplify(text).lower()
        letters = list(_letters(read))
        squeezed = "".join(letter for letter, _place in letters)
        found = (
            word
            for end, (word, length) in self._automaton.iter(squeezed)
            if _is_whole(read, letters[end - length + 1][1], letters[end][1])
        )
        return tuple(dict.fromkeys(found))


NOTHING_LISTED = WordList()


def load(file: Path) -> WordList:
    """A list from a file of UTF-8 text, a word a line; what follows a # is a remark. Raises WrongWordList."""
    try:
        lines = file.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise WrongWordList(f"{file} cannot be read as UTF-8 text: {error}") from error
    words = []
    for number, line in enumerate(lines, start=1):
        word = line.partition("#")[0].strip()
        if word and not _KEPT.search(word):
            raise WrongWordList(f"{file}, line {number}: {word!r} has no letter; take it out.")
        words += [word] if word else []
    return WordList(words)


def _letters(text: str) -> Iterator[tuple[str, int]]:
    return ((found.group(), found.start()) for found in _KEPT.finditer(text))


def _is_whole(text: str, first: int, last: int) -> bool:
    """Whether no Latin letter or digit goes on before or after, where there is one at that end."""
    begins = first == 0 or not (_LATIN.match(text[first]) and _LATIN.match(text[first - 1]))
    ends = last + 1 == len(text) or not (_LATIN.match(text[last]) and _LATIN.match(text[last + 1]))
    return begins and ends
