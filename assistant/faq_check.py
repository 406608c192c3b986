"""What is wrong with a draft of a question and its answer, before another person sees it, and again before it is published."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

import yaml
from pydantic import TypeAdapter

from assistant import agent_guard, guard
from assistant.faq_draft import FaqWords
from assistant.flow import Flow
from assistant.part import Text
from knowledge_base.passage import Audience, Hit, Kind
from knowledge_base.search import Query, Search
from knowledge_base.text import fold, sentences, simplify

FILE = Path(__file__).with_name("faq.yaml")
SAME = 0.97
"""From this cosine on two wordings are one question: of two different FAQ of the demo bank one pair in a thousand reaches 0.962."""
_OF_STAFF = 0.9
_NEARER = 0.01
"""A sentence this much nearer to staff's documents than to customers' is taken to tell what only staff may know. Of 200 sentences of
the demo bank's documents for staff 71 % are, the others stand in customers' documents in much the same words; of 200 sentences for
customers, put while their own document was left aside, 3 %."""
_PASSAGES = 5
_SENTENCES = 40
Kinds = Literal["empty", "dates", "flow", "personal", "figure", "promise", "secret", "duplicate", "staff_only"]


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong, in a sentence that says what to do."""

    kind: Kinds
    sentence: str


@dataclass(frozen=True)
class NearFaq:
    """The published question that is nearest to a draft's, with the cosine of the two."""

    question: str
    title: str
    score: float


class FaqCheck:
    """Holds drafts against the documents in force; `flows` are the guided tasks by id."""

    def __init__(self, search: Search, flows: Mapping[str, Flow]) -> None:
        self._search = search
        self.flows = flows

    def findings(self, words: FaqWords, language: str) -> tuple[Finding, ...]:
        """All that is wrong, in `zh` or `en`; nothing where it may be submitted."""
        if not words.question.strip() or not words.answer.strip():
            return (_finding("empty", language),)
        found = [*self._form(words, language), *self._said(words, language)]
        if words.audience is Audience.CUSTOMER:
            found += self._of_staff(words.answer, language)
        near = self.nearest(words)
        if near and near.score >= SAME:
            found.append(_finding("duplicate", language, near.question, near.title))
        return tuple(found)

    def nearest(self, words: FaqWords) -> NearFaq | None:
        """The question nearest to the draft's that is answered in a table of questions, for the same readers."""
        hits = self._search.find(Query(words.question, words.audience, limit=2 * _PASSAGES))
        wordings = [
            (wording, hit) for hit in hits if hit.passage.kind is Kind.FAQ for wording in hit.passage.units[:-1]
        ]
        if not wordings:
            return None
        own, *others = self._search.embedder.embed_passages(
            [simplify(words.question), *(simplify(wording) for wording, _hit in wordings)]
        )
        scores = [float(own @ other) for other in others]
        best = max(range(len(scores)), key=scores.__getitem__)
        wording, hit = wordings[best]
        score = 1.0 if fold(wording) == fold(words.question) else round(scores[best], 3)
        return NearFaq(wording, hit.document.title, score)

    def _form(self, words: FaqWords, language: str) -> Iterator[Finding]:
        if words.effective_from and words.effective_to and words.effective_to < words.effective_from:
            yield _finding("dates", language)
        if words.flow and words.flow not in self.flows:
            yield _finding("flow", language, words.flow)

    def _said(self, words: FaqWords, language: str) -> Iterator[Finding]:
        """Figures without a source, what nobody may promise or ask for, and what is personal."""
        sources = self._sources(words)
        figures = agent_guard.unsourced(words.answer, sources)
        if figures:
            yield _finding("figure", language, "”“".join(figures))
        cautions = [one for one in agent_guard.warnings(words.answer, sources, language) if one.kind != "figure"]
        asked = "\n".join((words.question, *words.similar_questions))
        if (
            any(one.kind == "personal" for one in cautions)
            or guard.mask(asked) != asked
            or "**" in asked + words.answer
        ):
            yield _finding("personal", language)
        yield from (Finding(one.kind, one.sentence) for one in cautions if one.kind in ("promise", "secret"))

    def _sources(self, words: FaqWords) -> list[str]:
        """The passages in force, for these readers, that are nearest to the question and to each sentence of the answer."""
        asked = [words.question, *sentences(words.answer)[:_SENTENCES]]
        hits = [hit for text in asked for hit in self._find(text, words.audience)]
        return list(dict.fromkeys(hit.passage.text for hit in hits))

    def _of_staff(self, answer: str, language: str) -> Iterator[Finding]:
        """Sentences that stand nearer to a passage for staff than to any for customers."""
        for sentence in sentences(answer)[:_SENTENCES]:
            hits = self._find(sentence, Audience.STAFF)
            staff = _nearest([hit for hit in hits if hit.document.audience is Audience.STAFF])
            customers = _nearest(self._find(sentence, Audience.CUSTOMER))
            if staff and staff.similarity >= max(_OF_STAFF, (customers.similarity if customers else 0) + _NEARER):
                yield _finding("staff_only", language, sentence, staff.document.title)

    def _find(self, text: str, audience: Audience) -> list[Hit]:
        return self._search.find(Query(text, audience, limit=_PASSAGES))


def _nearest(hits: Sequence[Hit]) -> Hit | None:
    return max(hits, key=lambda hit: max(hit.similarities), default=None)


def _finding(kind: Kinds, language: str, words: str = "", title: str = "") -> Finding:
    return Finding(kind, _texts()[kind].of(language).format(words=words, title=title))


@cache
def _texts() -> dict[str, Text]:
    content = yaml.safe_load(FILE.read_text(encoding="utf-8"))["findings"]
    return TypeAdapter(dict[str, Text]).validate_python(content)
