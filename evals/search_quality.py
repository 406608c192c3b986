"""How well search orders passages, against its two sides alone and against their rank fusion."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from evals import open_data
from evals.open_data import QuestionSet
from evals.report import Score, SuiteResult
from evals.statistics import mean
from evals.workplace import Workplace, opened
from knowledge_base.keyword import Keyword
from knowledge_base.passage import Audience, Document, Passage
from knowledge_base.search import Query
from knowledge_base.text import simplify, words

_HIT = 5
_DEPTH = 10
_FUSED = 60
_POOL = 100
Ranking = Callable[[str], Sequence[str]]


def run() -> SuiteResult:
    """hit@5 and MRR@10 of each way on each set."""
    if not open_data.present():
        return SuiteResult("search", 0, 0, {}, skipped="skipped: the open question sets are not here")
    scores: dict[str, Score] = {}
    cases = scored = 0
    for questions in (open_data.finance(), open_data.encyclopaedia()):
        with tempfile.TemporaryDirectory() as folder:
            questions.write(Path(folder))
            with opened(Path(folder)) as place:
                measured, count = _measure(questions, place)
        scores |= measured
        cases += sum(question.answerable for question in questions.questions)
        scored += count
    return SuiteResult("search", cases, scored, scores)


def _measure(questions: QuestionSet, place: Workplace) -> tuple[dict[str, Score], int]:
    library = place.search.library
    passages = {
        item.passage.id: (holding.document, item.passage)
        for holding in library.holdings()
        for item in library.passages(holding.document.id)
    }
    asked = [question for question in questions.questions if question.answerable]
    wanted = {
        question.id: {
            identifier
            for identifier, (_document, passage) in passages.items()
            if any(open_data.holds(passage.text, evidence) for evidence in question.evidence)
        }
        for question in asked
    }
    asked = [question for question in asked if wanted[question.id]]
    scores: dict[str, Score] = {}
    for name, ranking in _ways(place, passages).items():
        places = [_place(ranking(question.text), wanted[question.id]) for question in asked]
        scores[f"{questions.name} {name} hit@5"] = mean([place is not None and place < _HIT for place in places])
        scores[f"{questions.name} {name} mrr@10"] = mean([0 if place is None else 1 / (place + 1) for place in places])
    return scores, len(asked)


def _ways(place: Workplace, passages: dict[str, tuple[Document, Passage]]) -> dict[str, Ranking]:
    ids = list(passages)
    vectors = place.embedder.embed_passages(
        [simplify(f"{document.title}\n{passage.text}") for document, passage in passages.values()]
    )
    keyword = Keyword()
    keyword.change([], [(document, "", passage) for document, passage in passages.values()])

    def dense(question: str) -> list[str]:
        order = np.argsort(-(vectors @ place.embedder.embed_query(simplify(question))))[:_POOL]
        return [ids[index] for index in order]

    def lexical(question: str) -> list[str]:
        return [identifier for identifier, _score in keyword.nearest(words(question), _POOL)]

    def fusion(question: str) -> list[str]:
        ranks: dict[str, float] = {}
        for order in (dense(question), lexical(question)):
            for rank, identifier in enumerate(order):
                ranks[identifier] = ranks.get(identifier, 0) + 1 / (_FUSED + rank + 1)
        return sorted(ranks, key=lambda identifier: -ranks[identifier])

    def teller(question: str) -> list[str]:
        return [hit.passage.id for hit in place.search.find(Query(question, Audience.CUSTOMER, limit=_DEPTH))]

    return {"teller": teller, "dense": dense, "lexical": lexical, "equal fusion": fusion}


def _place(ranked: Sequence[str], wanted: set[str]) -> int | None:
    return next((place for place, identifier in enumerate(ranked[:_DEPTH]) if identifier in wanted), None)
