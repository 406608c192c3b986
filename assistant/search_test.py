"""A question tried on the documents: what is found, by which signals, and whether the assistant would answer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import assert_never

from assistant import day
from assistant.answering import Abstained, Answered, Answering, Question, Unclear
from assistant.evidence import Weakness
from knowledge_base.passage import Audience, Hit
from knowledge_base.search import Query, Search
from knowledge_base.text import fold

_SHOWN = 10


class Outcome(StrEnum):
    """What the assistant would do with the question, were it the first of a conversation."""

    ANSWERED = "answered"
    UNCLEAR = "unclear"
    ABSTAINED = "abstained"


@dataclass(frozen=True)
class Verdict:
    """What the assistant would do, and on what evidence: `support` is held to `threshold`, `weakness` decides against.

    `cited` are the ids of the passages that the answer would cite; `as_of` is the day that the question is read to ask about.
    """

    outcome: Outcome
    threshold: float
    as_of: date | None
    support: float | None = None
    weakness: Weakness | None = None
    text: str = ""
    cited: tuple[str, ...] = ()
    options: tuple[str, ...] = ()


class SearchTest:
    """Tries questions; nothing is kept of them."""

    def __init__(self, search: Search, answering: Answering, threshold: float) -> None:
        self._search = search
        self._answering = answering
        self._threshold = threshold

    def run(self, text: str, audience: Audience, as_of: date | None = None) -> tuple[list[Hit], Verdict]:
        """The passages found, best first, and the verdict; a day that the question names counts where none is given."""
        as_of = as_of or day.find(fold(text), date.today())
        hits = self._search.find(Query(text, audience, as_of, _SHOWN))
        question = Question(text, audience, as_of)
        answer = self._answering.answer(question, self._answering.find(question))
        match answer:
            case Answered():
                told = (answer.support, None, answer.text, answer.passages)
                return hits, Verdict(Outcome.ANSWERED, self._threshold, as_of, *told)
            case Abstained():
                return hits, Verdict(Outcome.ABSTAINED, self._threshold, as_of, answer.support, answer.weakness)
            case Unclear():
                return hits, Verdict(Outcome.UNCLEAR, self._threshold, as_of, options=answer.options)
            case _:
                assert_never(answer)
