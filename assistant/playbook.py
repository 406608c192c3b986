"""What the bank's own table of objections gives a colleague to answer, with what to mind."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

import numpy as np
import yaml
from cachetools import LRUCache

from assistant.part import Part, Text
from assistant.reply import Citation
from assistant.source import Source, Sources
from knowledge_base.embedder import Vectors
from knowledge_base.passage import Audience
from knowledge_base.search import Search
from knowledge_base.text import fold, simplify, words

_FILE = Path(__file__).with_name("playbook.yaml")
_NEAR = 0.905
_SURE = 0.945
"""Of 25 things that customers say, those that a row answers score from 0.946 on, and the others to 0.942."""
_WORD_SHARE = 0.1
_DAYS_KEPT = 4


class Headings(Part):
    """The columns of a table of objections."""

    objection: str
    answer: str
    reminder: str


class PlaybookText(Part):
    """How it is asked for, where the tables stand, and how an answer is told."""

    asks: tuple[str, ...]
    documents: str
    headings: Headings
    answer: Text


@dataclass(frozen=True)
class Objection:
    """What a customer says, what may be answered, and what to mind, with where it stands."""

    said: str
    answer: str
    reminder: str
    source: Source

    def told(self, language: str) -> tuple[str, tuple[Citation, ...]]:
        """The whole row in words, with its citation."""
        text = load().answer.of(language)
        return text.format(objection=self.said, answer=self.answer, reminder=self.reminder), (self.source.cited(1),)


class Playbook:
    """Finds the row that answers what a customer said."""

    def __init__(self, search: Search) -> None:
        self._search = search
        self._sources = Sources(search, [load().documents])
        self._kept: LRUCache[tuple[int, date], tuple[Sequence[Objection], Vectors]] = LRUCache(_DAYS_KEPT)

    def objection(self, said: str, day: date) -> Objection | None:
        """The row nearest to what was said, in the documents of `day`; nothing where none is near enough."""
        rows, vectors = self._rows(day)
        if not rows:
            return None
        nearness = vectors @ self._search.embedder.embed_query(simplify(said))
        asked = set(words(said))
        shares = [len(asked & set(words(row.said))) / (len(asked) or 1) for row in rows]
        scores = nearness + _WORD_SHARE * np.array(shares)
        best = int(np.argmax(scores))
        return rows[best] if nearness[best] >= _NEAR and scores[best] >= _SURE else None

    def _rows(self, day: date) -> tuple[Sequence[Objection], Vectors]:
        key = (self._sources.generation, day)
        if key not in self._kept:
            found = [row for one in self._sources.of(Audience.STAFF, day) if (row := _row(one))]
            vectors = self._search.embedder.embed_passages([simplify(one.said) for one in found]) if found else None
            self._kept[key] = (found, np.zeros((0, 1), np.float32) if vectors is None else vectors)
        return self._kept[key]


def asked(message: str) -> str | None:
    """What a customer said that a colleague wants to answer, where a message asks for that."""
    folded = fold(message)
    found = (re.search(pattern, folded) for pattern in load().asks)
    return next((one["said"].strip("“”\"' ,.。:") for one in found if one), None) or None


def _row(source: Source) -> Objection | None:
    cells: Mapping[str, str] = dict(source.passage.cells)
    names = load().headings
    if not all(cells.get(name) for name in (names.objection, names.answer, names.reminder)):
        return None
    return Objection(cells[names.objection], cells[names.answer], cells[names.reminder], source)


@cache
def load() -> PlaybookText:
    """The texts; raises ValidationError when one is missing or unknown."""
    return PlaybookText.model_validate(yaml.safe_load(_FILE.read_text(encoding="utf-8")))
