"""Pairs of a bank's own documents: its FAQ as people ask them, and the rows of its tables."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from evals.workplace import opened
from knowledge_base.cross_encoder import Excerpt
from knowledge_base.passage import Audience, Document, Kind, Passage
from knowledge_base.search import Query, Search
from knowledge_base.text import simplify
from training.pair import Pair
from training.phrasing import styled

_FOUND = 24
_AMONG = 6
_ALIKE = 0.95
"""Questions of this cosine may well have the same answer, and teach nothing."""
_ASKED = (
    "{}的{}是多少？",
    "{}{}多少",
    "{}{}",
    "{}的{}是什么",
    "{}{}怎么算的",
    "请问{}的{}？",
    "{}的{}呢",
    "想了解{}{}",
)
_CELLS_ASKED = 2
_IS_NAME = re.compile(r"[^\W\d]{2}")
"""Rows may be numbered, and their numbers stand in many a question by chance."""


def looked_up(seed: int, knowledge: Path | None = None) -> list[Pair]:
    """All pairs of a folder of documents, the one in force by default; the seed decides every choice."""
    with opened(knowledge, cross_encoder="none") as place:
        return list(_Maker(place.search, seed).pairs())


class _Maker:
    def __init__(self, search: Search, seed: int) -> None:
        self._search = search
        self._choose = random.Random(f"{seed} bank")
        held = search.library.holdings()
        self._shelf = [
            (holding.document, [item.passage for item in search.library.passages(holding.document.id)])
            for holding in held
        ]
        named = {row.cells[0][1] for _document, rows in self._shelf for row in rows if _is_row(row)}
        self._names = sorted(name for name in named if _IS_NAME.search(name))

    def pairs(self) -> Iterator[Pair]:
        """Those of a document together."""
        for document, passages in self._shelf:
            rows = [passage for passage in passages if _is_row(passage)]
            for row in rows:
                yield from self._of_row(document, row, rows)
            for faq in (passage for passage in passages if passage.kind is Kind.FAQ):
                for place, wording in enumerate(faq.units[:-1]):
                    yield from self._of_wording(document, faq, place, wording)

    def _of_wording(self, document: Document, faq: Passage, place: int, wording: str) -> Iterator[Pair]:
        """What is asked in one wording, with the same question in another one and its answer; and with what others answer."""
        shown = self._choose.choice([*faq.units[:place], *faq.units[place + 1 : -1]] or [wording])
        asked, article = simplify(wording), f"{document.path} {faq.number}"
        right = Excerpt("", (simplify(f"{shown} {faq.answer}"),))
        yield Pair(asked, right, simplify(faq.answer), "positive, FAQ", article)
        for other in self._wrong(document.audience, faq, wording)[:2]:
            yield Pair(asked, Excerpt("", (simplify(other.units[-1]),)), "", "another FAQ", article)
        for name in (name for name in self._names if name in wording and name in faq.text):
            if strange := [other for other in self._names if other not in faq.text and name not in other]:
                wrong = asked.replace(simplify(name), simplify(self._choose.choice(strange)))
                yield Pair(wrong, right, "", "another product, FAQ", article)

    def _wrong(self, audience: Audience, faq: Passage, wording: str) -> list[Passage]:
        """Other questions that search finds for this one, in any order, less those that ask the same."""
        hits = [
            hit for hit in self._search.find(Query(wording, audience, limit=_FOUND)) if hit.passage.kind is Kind.FAQ
        ]
        others = [hit.passage for hit in hits if hit.passage.id != faq.id][:_AMONG]
        own, *vectors = self._search.embedder.embed_passages([simplify(one.units[0]) for one in (faq, *others)])
        kept = [one for one, vector in zip(others, vectors, strict=True) if float(np.dot(own, vector)) < _ALIKE]
        self._choose.shuffle(kept)
        return kept

    def _of_row(self, document: Document, row: Passage, rows: Sequence[Passage]) -> Iterator[Pair]:
        """What a cell of a row tells, with the row, with the row less that cell, and with another row."""
        name, article = row.cells[0][1], f"{document.path} {row.number}"
        others = [other for other in rows if other.cells[0][1] != name]
        cells = [cell for cell in row.cells[1:] if cell[0]]
        for header, cell in self._choose.sample(cells, min(_CELLS_ASKED, len(cells))):
            asked = simplify(styled(self._choose.choice(_ASKED).format(name, header), self._choose))
            excerpt = _excerpt(document, row)
            yield Pair(asked, excerpt, simplify(cell), "positive, row", article)
            less = excerpt.body.replace(simplify(f" {header}：{cell}"), "")
            if simplify(header) not in less:
                yield Pair(asked, Excerpt(excerpt.heading, (less,)), "", "answer taken away, row", article)
            if others:
                yield Pair(asked, _excerpt(document, self._choose.choice(others)), "", "another row", article)


def _is_row(passage: Passage) -> bool:
    return passage.kind is Kind.ROW and len(passage.cells) > 1


def _excerpt(document: Document, row: Passage) -> Excerpt:
    heading = row.section.rpartition(" > ")[2]
    lead = document.title if not heading or heading in document.title else f"{document.title} {heading}"
    return Excerpt(simplify(lead), tuple(simplify(unit) for unit in row.units))
