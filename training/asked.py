"""What was asked, with what search really finds for it: the paragraphs are indexed, and every question is looked up."""

from __future__ import annotations

import random
import tempfile
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import yaml

from evals.workplace import opened
from knowledge_base import excerpt
from knowledge_base.cross_encoder import Excerpt
from knowledge_base.passage import Passage
from knowledge_base.search import Query, Search
from training.reading_sets import Item

_FOUND = 12
_OTHERS, _SIBLINGS = 6, 4
_LENGTHS = (90, *(excerpt.LONGEST,) * 4, 160, 220)
"""Characters of an excerpt: mostly as the judge is given them, else shorter or longer, so that length tells nothing."""


@dataclass(frozen=True)
class Asked:
    """A question as its set has it, with the excerpt that answers and those that search found beside it, nearest first.

    `rest` is read of the same passage where the sentences that answer are not in it, and has no sentences where all do;
    `siblings` are of the same article.
    """

    question: str
    title: str
    answer: str
    gold: Excerpt
    rest: Excerpt
    others: tuple[Excerpt, ...]
    siblings: tuple[Excerpt, ...]


def looked_up(items: Sequence[Item], seed: int) -> list[Asked]:
    """Every item whose paragraph was split so that one sentence holds the answer; the seed decides how excerpts are cut.

    Takes minutes: the articles are ingested, indexed and searched as a bank's documents are, in a scratch folder.
    """
    with tempfile.TemporaryDirectory() as scratch:
        titles = _write(items, Path(scratch))
        with opened(Path(scratch), cross_encoder="none") as place:
            shelf = Shelf(_passages(place.search, titles), seed)
            asked = (shelf.asked(item, _similarities(place.search, item.question)) for item in items)
            return [one for one in asked if one]


def _write(items: Sequence[Item], folder: Path) -> dict[str, str]:
    """One document an article; the titles by file name."""
    paragraphs: dict[str, dict[str, None]] = {}
    for item in items:
        paragraphs.setdefault(item.title, {})[item.paragraph] = None
    titles = {f"a{number}.md": title for number, title in enumerate(paragraphs)}
    for name, title in titles.items():
        front = yaml.safe_dump({"title": title}, allow_unicode=True)
        (folder / name).write_text(f"---\n{front}---\n" + "\n\n".join(paragraphs[title]) + "\n", encoding="utf-8")
    return titles


def _passages(search: Search, titles: Mapping[str, str]) -> dict[str, list[Passage]]:
    """The passages of each article in reading order, by its title."""
    documents = [holding.document for holding in search.library.holdings()]
    return {
        titles[document.path]: [shelved.passage for shelved in search.library.passages(document.id)]
        for document in documents
    }


def _similarities(search: Search, question: str) -> dict[str, Sequence[float]]:
    """The similarities of each found passage's sentences, by the passage's id, best first."""
    return {hit.passage.id: hit.similarities for hit in search.find(Query(question, limit=_FOUND))}


class Shelf:
    """The passages of all articles, of which excerpts are cut. The seed decides every choice."""

    def __init__(self, articles: Mapping[str, Sequence[Passage]], seed: int) -> None:
        self._articles = articles
        self._passages = {passage.id: passage for each in articles.values() for passage in each}
        self._titles = {passage.id: title for title, each in articles.items() for passage in each}
        self._choose = random.Random(seed)

    def asked(self, item: Item, found: Mapping[str, Sequence[float]]) -> Asked | None:
        """The item with its excerpts; None where no passage of its paragraph holds the answer within a sentence.

        `found` has similarities by passage id, best first.
        """
        own = self._articles.get(item.title, ())
        gold = {passage.id: passage for passage in own if _answers(passage, item)}
        if not gold:
            return None
        passage = gold[next((found_id for found_id in found if found_id in gold), next(iter(gold)))]
        near = found.get(passage.id) or self._at_random(passage)
        others = [self._whole(other, found[other]) for other in found if self._is_wrong(other, gold, item)]
        siblings = [self._whole(one.id) for one in own if self._is_wrong(one.id, gold, item)]
        right, rest = self._cut_in_two(passage, near, item.answer)
        return Asked(
            item.question,
            item.title,
            item.answer,
            right,
            rest,
            tuple(others[:_OTHERS]),
            tuple(siblings[:_SIBLINGS]),
        )

    def _is_wrong(self, passage: str, gold: Collection[str], item: Item) -> bool:
        return passage not in gold and not _holds(self._passages[passage], item.answer)

    def _cut_in_two(self, passage: Passage, near: Sequence[float], answer: str) -> tuple[Excerpt, Excerpt]:
        """An excerpt that answers, and one of the sentences that do not."""
        answering = [place for place, unit in enumerate(passage.units) if answer in unit]
        rest = [place for place in range(len(passage.units)) if place not in answering]
        right = self._cut(passage, near, range(len(passage.units)), answering)
        return right, self._cut(passage, near, rest)

    def _whole(self, passage: str, near: Sequence[float] | None = None) -> Excerpt:
        """An excerpt of all sentences of a passage."""
        one = self._passages[passage]
        return self._cut(one, near or self._at_random(one), range(len(one.units)))

    def _cut(
        self, passage: Passage, near: Sequence[float], among: Sequence[int], answering: Sequence[int] = ()
    ) -> Excerpt:
        """The nearest of the sentences `among`, with the first of those `answering` where none of these is near."""
        nearest = excerpt.nearest(
            [passage.units[place] for place in among], [near[place] for place in among], self._choose.choice(_LENGTHS)
        )
        places = {among[place] for place in nearest}
        if answering and places.isdisjoint(answering):
            places.add(answering[0])
        return Excerpt(self._titles[passage.id], tuple(passage.units[place] for place in sorted(places)))

    def _at_random(self, passage: Passage) -> list[float]:
        """Similarities of a passage that search did not find."""
        return [self._choose.random() for _unit in passage.units]


def _answers(passage: Passage, item: Item) -> bool:
    """Whether the passage is of the item's paragraph and a sentence of it holds the answer."""
    return _holds(passage, item.answer) and passage.units[0] in item.paragraph.replace("\n", "")


def _holds(passage: Passage, answer: str) -> bool:
    return any(answer in unit for unit in passage.units)
