"""Pairs of labelled questions and what search really finds for them, which no maker of wrong excerpts thinks of."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from evals.workplace import opened
from knowledge_base import excerpt
from knowledge_base.passage import Hit
from knowledge_base.search import Query, Search
from knowledge_base.text import simplify
from training.bases import Base, Question, holds, letters
from training.pair import Pair

_ANSWERED = 4
_FOUND = 6
"""So many hits of each question are learnt from: those that are read, and the next two."""


def looked_up(bases: Iterable[Base]) -> Iterator[Pair]:
    """The pairs of every question of every base, asked of the base's own documents; those of a question together."""
    for base in bases:
        with opened(base.documents, cross_encoder="none") as place:
            for number, question in enumerate(base.questions):
                yield from _of_question(question, f"{base.name} {number}", place.search)


def repeated(pairs: Sequence[Pair], times: int) -> list[Pair]:
    """The pairs so many times, and those that are answered four times as often: of six hits about one answers."""
    return [pair for pair in pairs for _ in range(times * (_ANSWERED if pair.answer else 1))]


def _of_question(question: Question, article: str, search: Search) -> Iterator[Pair]:
    for hit in search.find(Query(question.asked, limit=_FOUND)):
        read, asked = excerpt.of(hit), simplify(question.asked)
        held = [one for one in question.evidence if holds(hit.passage, one)]
        if not held:
            made = "beside, lesson" if question.evidence else "unanswered, lesson"
            yield Pair(asked, read, "", made, article)
        elif answer := _answer(hit, read.sentences, held):
            yield Pair(asked, read, answer, "positive, lesson", article)


def _answer(hit: Hit, sentences: Iterable[str], held: Iterable[str]) -> str:
    """The evidence as it stands in one of the sentences, else the sentence that holds some of it; empty where none is read.

    Of a row every cell is evidence, so all of it is the answer.
    """
    told = list(sentences)
    for one in map(simplify, held):
        for sentence in told:
            if one in sentence:
                return one
            if letters(one) in letters(sentence) or letters(sentence) in letters(one):
                return sentence
    return told[0] if hit.passage.cells and len(told) == 1 else ""
