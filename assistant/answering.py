"""A question and the passages found for it become an answer in the documents' own words, or an honest refusal."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import assert_never

from assistant import guard
from assistant.evidence import Evidence, Judge, Weakness
from assistant.reply import Citation
from knowledge_base.passage import Audience, Hit, Kind
from knowledge_base.search import Query, Search
from knowledge_base.text import fold, words

_HITS = 8
_NEAR_BEST = 0.012
_MAX_UNITS = 3
_MAX_ROWS = 6
_SMALL_ROW = 5
_WHOLE = re.compile("如何|怎么|怎样|流程|步骤|哪些|什么材料|条件|要求|区别|介绍|说明|how |what are|which ")
_TOPICS = 3


@dataclass(frozen=True)
class Answered:
    """Text in the documents' words with numbered marks, and the citations they point to."""

    text: str
    citations: tuple[Citation, ...]
    subject: str | None
    evidence: Evidence
    passages: tuple[str, ...]
    related: tuple[str, ...]


@dataclass(frozen=True)
class Abstained:
    """No reliable answer; `nearest` are questions or topics that the documents do answer."""

    evidence: Evidence
    nearest: tuple[str, ...]


def find(search: Search, question: str, audience: Audience, as_of: date | None) -> list[Hit]:
    """The hits that this audience may read."""
    return guard.readable(search.find(Query(question, audience, as_of, _HITS)), audience)


def answer(
    question: str, hits: Sequence[Hit], audience: Audience, judge: Judge, search: Search
) -> Answered | Abstained:
    """An answer from the best hit, or an abstention with the signal that decided."""
    evidence = judge.judge(question, hits, audience)
    if evidence.weakness:
        return Abstained(evidence, _topics(hits) if evidence.weakness is not Weakness.TOO_FAR else ())
    used = _used(question, hits)
    text = "\n".join(f"{_worded(question, hit)} [{number}]" for number, hit in enumerate(used, start=1))
    sources = [hit.passage.text for hit in used]
    if guard.unsupported_figures(re.sub(r" \[[0-9]\]", "", text), sources):
        return Abstained(Evidence(evidence.support, Weakness.NO_QUANTITY), _topics(hits))
    citations = tuple(_cite(number, hit) for number, hit in enumerate(used, start=1))
    passages = tuple(hit.passage.id for hit in used)
    related = tuple(topic for topic in _topics(hits[1:]) if fold(topic) != fold(question))
    return Answered(text, citations, _subject(used, search), evidence, passages, related)


def _used(question: str, hits: Sequence[Hit]) -> list[Hit]:
    """The best hit; and where it is a row and the question names none, the rows of its table that are as near."""
    top = hits[0]
    if top.passage.kind is not Kind.ROW or fold(top.passage.subject or "") in fold(question):
        return [top]
    headers = [header for header, _cell in top.passage.cells]
    alike = [
        hit
        for hit in hits
        if hit.document.id == top.document.id
        and [header for header, _cell in hit.passage.cells] == headers
        and hit.similarity > top.similarity - _NEAR_BEST
    ]
    return alike[:_MAX_ROWS]


def _worded(question: str, hit: Hit) -> str:
    match hit.passage.kind:
        case Kind.FAQ:
            return hit.passage.answer
        case Kind.ROW:
            return _row(question, hit)
        case Kind.TEXT:
            return _sentences(question, hit)
        case _:
            assert_never(hit.passage.kind)


def _row(question: str, hit: Hit) -> str:
    """The row's name and the cells that are asked for; the whole row where the question picks none."""
    name, *cells = hit.passage.cells
    asked = set(words(question))
    picked = [cell for cell in cells if asked & set(words(cell[0]))]
    if not picked or len(cells) <= _SMALL_ROW:
        picked = cells
    shown = "；".join(f"{header}：{cell}" if header else cell for header, cell in picked)
    return f"{name[1]}：{shown}" if shown else name[1]


def _sentences(question: str, hit: Hit) -> str:
    """The sentences nearest to the question, in the document's order; the whole passage where a list is asked for."""
    passage = hit.passage
    if _WHOLE.search(fold(question)) or len(passage.units) <= 2:
        return passage.text
    best = max(hit.similarities)
    near = sorted(range(len(passage.units)), key=lambda index: hit.similarities[index], reverse=True)[:_MAX_UNITS]
    picked = sorted(index for index in near if hit.similarities[index] >= best - _NEAR_BEST)
    return "".join(passage.units[index] for index in picked)


def _cite(number: int, hit: Hit) -> Citation:
    passage, document = hit.passage, hit.document
    url = f"/documents/{document.id}?passage={passage.number}#passage-{passage.number}"
    return Citation(number, document.id, document.title, passage.section, passage.page, passage.text, url)


def _topics(hits: Sequence[Hit]) -> tuple[str, ...]:
    """What can be asked instead: an FAQ's question, or a document's title with the section."""
    topics = []
    for hit in hits:
        passage = hit.passage
        heading = passage.section.rpartition(" > ")[2]
        title = hit.document.title
        named = passage.subject if passage.kind is Kind.ROW else heading
        topics.append(passage.units[0] if passage.kind is Kind.FAQ else f"{title} {named}" if named else title)
    return tuple(dict.fromkeys(topics))[:_TOPICS]


def _subject(used: Sequence[Hit], search: Search) -> str | None:
    """What the answer is about, for the questions that follow: a row's name, a product, or the document."""
    top = used[0]
    if len(used) > 1:
        return top.document.title
    if top.passage.subject:
        return top.passage.subject
    if top.passage.kind is Kind.FAQ:
        return next(iter(search.names_in(fold(top.passage.text))), None)
    return top.document.product or top.document.title
