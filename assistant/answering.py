"""A question and the passages found for it become an answer in the documents' own words, or an honest refusal."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from assistant import condition, extract, grounding_words, guard
from assistant.evidence import Evidence, Judge, Weakness
from assistant.quantity import plain
from assistant.reply import Citation
from knowledge_base import terms
from knowledge_base.passage import Audience, Document, Hit, Kind, Passage
from knowledge_base.search import Query, Search
from knowledge_base.text import fold, words
from knowledge_base.word_list import NOTHING_LISTED, WordList

_HITS = 8
_POOL = 24
_ROW_REACH = 0.04
_TOPICS = 3
_FORMAL = re.compile(
    "版本|修订|咨询渠道|联系方式|附则|释义|目录|修訂|目錄|聯繫方式|version|revision|contact", re.IGNORECASE
)
"""Sections that every document has and nobody asks for."""
_NEAR_MISS = 0.04
_CERTAIN = 0.93
_LIKELY = 0.9
_AS_NEAR = 0.012
_SHORT = 6
_READ_BESIDE = 0.03
_WRITTEN_YEAR = re.compile("20[0-9]{2}")
_COMPARES = re.compile("区别|对比|比较|不同|差别|哪个好|哪张好|哪款好|差在哪|compare|difference|versus| vs ")


@dataclass(frozen=True)
class Question:
    """A question, who asks it, and as of which day.

    `about` is what was spoken of before, which the question may leave unsaid; `final` when it was already asked back once.
    """

    text: str
    audience: Audience
    as_of: date | None = None
    about: str | None = None
    final: bool = False


@dataclass(frozen=True)
class Answered:
    """Text in the documents' words with numbered marks, and the citations they point to.

    `as_of` is the day whose rules it tells, where that is not today and the documents have dates; `flow` is the task that
    does what the first passage explains, `beside` what else may be read to the question. `doubtful` when it may be beside the
    point.
    """

    text: str
    citations: tuple[Citation, ...]
    subject: str | None
    support: float
    passages: tuple[str, ...]
    related: tuple[str, ...]
    as_of: date | None
    flow: str | None = None
    beside: tuple[Hit, ...] = ()
    doubtful: bool = False

    @property
    def is_table(self) -> bool:
        """Whether the answer puts rows side by side, which no words do better."""
        return self.text.startswith("|")


@dataclass(frozen=True)
class Abstained:
    """No reliable answer; `nearest` are questions or topics that the documents do answer."""

    weakness: Weakness
    support: float
    nearest: tuple[str, ...]


@dataclass(frozen=True)
class Unclear:
    """The question may mean several things that are answered; which one?"""

    options: tuple[str, ...]


Answer = Answered | Abstained | Unclear


class Answering:
    """Finds, judges and words an answer; nothing is said that does not stand in a cited passage."""

    def __init__(self, search: Search, judge: Judge, words: WordList = NOTHING_LISTED) -> None:
        self._search = search
        self._judge = judge
        self._words = words

    def find(self, question: Question) -> list[Hit]:
        """The passages that may answer, best first, that this audience may read."""
        query = Query(question.text, question.audience, question.as_of, _POOL)
        found = guard.readable(self._search.find(query), question.audience)
        if question.as_of:
            found = [hit for hit in found if not condition.begins_after(hit.passage.text, question.as_of)]
        return _named_row_first(question.text, found)[:_HITS]

    def answer(self, question: Question, hits: Sequence[Hit]) -> Answer:
        """An answer, a question back, or an abstention with the signal that decided."""
        rows = self._compared(question)
        if rows:
            return self._worded(
                extract.comparison(question.text, rows), rows, Evidence(1.0, hits=tuple(hits)), question
            )
        question, evidence = self._best_reading(question, hits)
        hits = evidence.hits
        if evidence.best is None:
            return _abstained(evidence, hits)
        options = _options(
            question, evidence, hits, named=bool(self._search.lexicon(question.audience).names_in(question.text))
        )
        if options:
            return Unclear(options)
        used = extract.used(question.text, evidence.best, hits)
        text = extract.worded(question.text, used, evidence.marked)
        return self._worded(text, used, evidence, question)

    def _best_reading(self, question: Question, hits: Sequence[Hit]) -> tuple[Question, Evidence]:
        """The question as it stands where that is well answered, else the first other reading that is answered better."""
        evidence = self._judge.judge(question.text, hits, question.audience)
        settled = evidence.weakness is Weakness.UNKNOWN_NAME or (evidence.best and evidence.support >= _LIKELY)
        if settled:
            return question, evidence
        for other in _other_readings(question, answered=evidence.best is not None):
            judged = self._judge.judge(other.text, self.find(other), other.audience)
            better = evidence.best is None or judged.support > evidence.support
            if judged.best and better and (other.text == question.text or _speaks_of(judged.best, question.text)):
                return other, judged
        return question, evidence

    def _worded(self, text: str, used: Sequence[Hit], evidence: Evidence, question: Question) -> Answer:
        if guard.unsupported_figures(extract.without_marks(text), [hit.passage.text for hit in used]):
            return _abstained(Evidence(evidence.support, weakness=Weakness.FIGURES), evidence.hits)
        if self._words.find(text):
            return _abstained(Evidence(evidence.support, weakness=Weakness.LISTED_WORD), ())
        citations = tuple(cite(number, hit) for number, hit in enumerate(used, start=1))
        passages = tuple(hit.passage.id for hit in used)
        dated = any(hit.document.effective_from or hit.document.effective_to for hit in used)
        as_of = question.as_of if dated else None
        related = _topics([hit for hit in evidence.hits if hit.passage.id not in passages])
        flow = used[0].passage.flow or used[0].document.flow
        beside = self._beside(question, used, evidence.hits)
        subject, support = self._subject(used, question.audience), evidence.support
        return Answered(text, citations, subject, support, passages, related, as_of, flow, beside, evidence.doubtful)

    def _beside(self, question: Question, used: Sequence[Hit], hits: Sequence[Hit]) -> tuple[Hit, ...]:
        """What a model may read besides the passages that answer: hits that are nearly as near, and about what is asked."""
        near = [hit for hit in hits if hit not in used and hit.similarity >= used[0].similarity - _READ_BESIDE]
        return tuple(hit for hit in near if self._judge.fits(question.text, hit, hits, question.audience))

    def _compared(self, question: Question) -> list[Hit]:
        """One row of the same table for each thing that is to be compared, or nothing."""
        names = self._search.lexicon(question.audience).names_in(question.text)
        if len(names) < 2 or not _COMPARES.search(fold(question.text)):
            return []
        day = question.as_of or date.today()
        found = [self._search.rows(name, question.audience, day) for name in names]
        tables = [[_row_of_table(rows, first) for rows in found] for first in found[0]]
        whole = [[row for row in rows if row] for rows in tables if all(rows)]
        # The widest table says most; a product may stand in several.
        return max(whole, key=lambda rows: len(rows[0].passage.cells), default=[])

    def _subject(self, used: Sequence[Hit], audience: Audience) -> str | None:
        """What the answer is about, for the questions that follow: a row's name, a product, or the document."""
        top = used[0]
        if len(used) > 1:
            return top.document.title
        if top.passage.kind is Kind.FAQ:
            return next(iter(self._search.lexicon(audience).names_in(top.passage.text)), None)
        return top.passage.subject or top.document.product or top.document.title


def _speaks_of(hit: Hit, text: str) -> bool:
    """Whether a hit holds a word of the question's own, or of its Chinese form, and not just what it was read with."""
    own = {word for word in words(terms.in_chinese(text) or text) if len(word) > 1}
    return bool(own & set(words(hit.passage.text)))


def _other_readings(question: Question, answered: bool) -> Iterator[Question]:
    """What else a question may mean: about what was spoken of before, with its year as the subject, or in Chinese."""
    if question.about:
        yield replace(question, text=f"{question.about} {question.text}", about=None)
    if question.as_of and not answered and _WRITTEN_YEAR.search(question.text):
        # The year may be the subject rather than a day to look back to: figures of 2019 are published in 2020.
        yield replace(question, as_of=None)
    chinese = terms.in_chinese(question.text)
    if chinese and not answered:
        yield replace(question, text=chinese)


def _row_of_table(rows: Sequence[Hit], first: Hit) -> Hit | None:
    table = (first.document.id, first.passage.section)
    return next((row for row in rows if (row.document.id, row.passage.section) == table), None)


def _named_row_first(question: str, hits: Sequence[Hit]) -> list[Hit]:
    """The row whose very name is asked for before rows that only resemble the question; the earliest of several."""
    folded = fold(question)
    years = re.findall("20[0-9]{2}", folded)
    named = [
        hit
        for hit in hits
        if hit.passage.kind is Kind.ROW
        and len(extract.row_name(hit)) > 2
        and extract.row_name(hit) in folded
        and hit.similarity > hits[0].similarity - _ROW_REACH
        and any(_column_asked(header, question, years) for header, _cell in hit.passage.cells[1:])
        and not _of_another_kind(hit, folded)
    ]
    if not named:
        return list(hits)
    first = min(named, key=lambda hit: (-len(extract.row_name(hit)), hit.document.id, hit.passage.number))
    return [first, *(hit for hit in hits if hit is not first)]


def _of_another_kind(hit: Hit, question: str) -> bool:
    """Whether the question sets apart what the row does not: 附属卡, where the row's fee is the card's own."""
    told = plain(f"{hit.document.title} {hit.passage.section} {hit.passage.text}")
    return bool(grounding_words.words().apart_in(plain(question)) - grounding_words.words().apart_in(told))


def _column_asked(header: str, question: str, years: Sequence[str]) -> bool:
    return any(year in header for year in years) if years else extract.asks_for(header, question)


def _abstained(evidence: Evidence, hits: Sequence[Hit]) -> Abstained:
    weakness = evidence.weakness or Weakness.TOO_FAR
    near = hits and hits[0].similarity >= evidence.support and weakness is not Weakness.NOTHING_FOUND
    far = weakness is Weakness.TOO_FAR and hits and hits[0].similarity < _CERTAIN - 2 * _NEAR_MISS
    return Abstained(weakness, evidence.support, _topics(hits) if near and not far else ())


def _options(question: Question, evidence: Evidence, hits: Sequence[Hit], named: bool) -> tuple[str, ...]:
    """The questions that a very short one may mean, where several are as near and none is certain."""
    best = evidence.best
    if best is None or named or question.final or best.similarity >= _CERTAIN or len(fold(question.text)) > _SHORT:
        return ()
    near = [hit for hit in hits if hit.passage.kind is Kind.FAQ and hit.similarity >= best.similarity - 2 * _AS_NEAR]
    return _topics(near) if len(near) > 1 else ()


def cite(number: int, hit: Hit) -> Citation:
    """Where a hit stands, as it is shown beside an answer under this number."""
    return cite_passage(number, hit.passage, hit.document)


def cite_passage(number: int, passage: Passage, document: Document) -> Citation:
    """Where a passage stands, as it is shown under this number."""
    url = f"/documents/{document.id}?passage={passage.number}#passage-{passage.number}"
    return Citation(number, document.id, document.title, passage.section, passage.page, passage.text, url)


def _topics(hits: Sequence[Hit]) -> tuple[str, ...]:
    """What can be asked instead: an FAQ's question, or a document's title with the section."""
    topics = []
    for hit in hits:
        passage, title = hit.passage, hit.document.title
        heading = passage.section.rpartition(" > ")[2]
        if _FORMAL.search(heading):
            continue
        named = passage.subject if passage.kind is Kind.ROW else heading
        plain = not named or named in title
        topics.append(passage.units[0] if passage.kind is Kind.FAQ else title if plain else f"{title} {named}")
    return tuple(dict.fromkeys(topics))[:_TOPICS]
