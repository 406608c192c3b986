"""Weighs the cross-encoder's score against the cheap signals, on several knowledge bases that each count alike."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from sklearn.linear_model import LogisticRegression

from assistant.answering import Question as Asked
from assistant.decision import Calibration, Sample
from assistant.reading_judge import READ
from evals.workplace import Workplace, opened
from knowledge_base.passage import Audience, Hit, Kind
from training.bases import Base, Question, holds

_QUANTILES = 101
_HARDLY_REGULAR = 10_000.0
_SCALE = 100
"""Search scores differ by hundredths, reading's by whole numbers; a regression wants both of one size."""
_SATURATED = 0.6
"""Of the excerpts that answer, those scored above this quantile are told apart no better by their scores: 4 in 10."""
_NEVER = -20.0
"""The strength of what the plain rules exclude."""


@dataclass(frozen=True)
class Signals:
    """What is known of a hit for a question; `answers` is what is to be foretold."""

    score: float
    search: float
    support: float
    is_question: bool
    fits: bool
    answers: bool


@dataclass(frozen=True)
class Looked:
    """A question of a base with the signals of the hits that are read for it."""

    base: str
    answerable: bool
    hits: tuple[Signals, ...]


def looked_up(bases: Iterable[Base], cross_encoder: str) -> list[Looked]:
    """Every question of every base, asked of its own documents."""
    looked = []
    for base in bases:
        with opened(base.documents, cross_encoder=cross_encoder) as place:
            looked += [_looked(base.name, question, place) for question in base.questions]
    return looked


def calibrated(looked: Sequence[Looked]) -> Calibration:
    """A logistic regression over the hits, and each base's strengths by it."""
    rows = [(one.base, hit) for one in looked for hit in one.hits if hit.answers or not one.answerable]
    features = [[hit.score, hit.support, hit.is_question] for _base, hit in rows]
    shares = {base: sum(one.base == base for one in looked) for base in {one.base for one in looked}}
    weights = [len(looked) / len(shares) / shares[base] for base, _hit in rows]
    model = LogisticRegression(C=_HARDLY_REGULAR, max_iter=1_000, class_weight="balanced")
    model.fit(features, [hit.answers for _base, hit in rows], sample_weight=weights)
    score, support, question = map(float, model.coef_[0])
    weighed = Calibration(
        intercept=float(model.intercept_[0]),
        score=score,
        support=support,
        question=question,
        search=_search_weight(looked),
        saturated=float(np.quantile([hit.score for _base, hit in rows if hit.answers], _SATURATED).round(3)),
        bases={},
    )
    return weighed.model_copy(update={"bases": {base: _sample(weighed, looked, base) for base in sorted(shares)}})


def strength(calibration: Calibration, looked: Looked) -> float:
    """That of the question's strongest hit among those that the judge would read and that fit."""
    fitting = [hit for hit in calibration.considered(looked.hits) if hit.fits]
    return max((calibration.strength(hit.score, hit.support, hit.is_question) for hit in fitting), default=_NEVER)


def _looked(base: str, question: Question, place: Workplace) -> Looked:
    hits = place.answering.find(Asked(question.asked, Audience.CUSTOMER))
    read = zip(hits[:READ], place.search.read(question.asked, hits[:READ]), strict=True)
    signals = tuple(_signals(question, hit, reading.score, hits, place) for hit, reading in read)
    return Looked(base, bool(question.evidence), signals)


def _signals(question: Question, hit: Hit, score: float, hits: Sequence[Hit], place: Workplace) -> Signals:
    support = place.glance.support(question.asked, hit, hits, Audience.CUSTOMER)
    fits = place.glance.fits(question.asked, hit, hits, Audience.CUSTOMER)
    answers = any(holds(hit.passage, held) for held in question.evidence)
    return Signals(score, hit.score, support, hit.passage.kind is Kind.FAQ, fits, answers)


def _search_weight(looked: Sequence[Looked]) -> float:
    """How much search's score weighs beside reading's, by the pairs of which one hit answers and the other does not."""
    apart = [
        (right.score - wrong.score, _SCALE * (right.search - wrong.search))
        for one in looked
        for right in one.hits
        for wrong in one.hits
        if right.answers and not wrong.answers
    ]
    if not apart:
        return 0.0
    both_ways = np.concatenate([np.array(apart), -np.array(apart)])
    model = LogisticRegression(C=_HARDLY_REGULAR, fit_intercept=False)
    model.fit(both_ways, [True] * len(apart) + [False] * len(apart))
    score, search = map(float, model.coef_[0])
    return max(0.0, _SCALE * search / score) if score > 0 else 0.0


def _sample(calibration: Calibration, looked: Sequence[Looked], base: str) -> Sample:
    def quantiles(answerable: bool) -> tuple[float, ...]:
        found = [strength(calibration, one) for one in looked if one.base == base and one.answerable is answerable]
        return tuple(float(round(value, 3)) for value in np.quantile(found, np.linspace(0, 1, _QUANTILES)))

    return Sample(answerable=quantiles(answerable=True), unanswerable=quantiles(answerable=False))
