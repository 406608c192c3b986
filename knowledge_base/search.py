"""Search: what Chroma and the keyword index each find, scored together sentence by sentence."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import PurePosixPath

import numpy as np
from cachetools import LRUCache
from chromadb.api import ClientAPI

from knowledge_base import excerpt
from knowledge_base.cross_encoder import CrossEncoder, Reading
from knowledge_base.document_id import key_of, number_of
from knowledge_base.embedder import Embedder, Vectors
from knowledge_base.index import Index, IndexLost
from knowledge_base.keyword import Keyword
from knowledge_base.lexicon import Lexicon, Names, names_of
from knowledge_base.library import Holding, Library, Shelved
from knowledge_base.passage import Audience, Document, Hit, Kind, Passage, similarity
from knowledge_base.text import fold, simplify, words

_CANDIDATES = 24
_ENOUGH = 10
_LEXICAL_WEIGHT = 0.03
_CACHED_PASSAGES = 4_096
_SAMPLES = 4


@dataclass(frozen=True)
class Query:
    """What is looked for, for whom, and as of which day."""

    text: str
    audience: Audience = Audience.CUSTOMER
    as_of: date | None = None
    limit: int = 5


@dataclass(frozen=True)
class _Candidate:
    """A passage that one of the two sides proposes, with its BM25 score."""

    shelved: Shelved
    document: Document
    lexical: float


class _Shelf:
    """The indexes of one audience's documents."""

    def __init__(self, client: ClientAPI, audience: Audience, fingerprint: str) -> None:
        self.audience = audience
        self.dense = Index(client, f"{audience.value}-{fingerprint}")
        self.keyword = Keyword()
        self.holdings: dict[str, Holding] = {}
        self.vectors = 0
        self.names: dict[str, Names] = {}
        self.questions: dict[str, str] = {}
        self.rows: dict[str, list[str]] = {}

    def live(self, passage: str, day: date) -> bool:
        """Whether the library still holds this passage's revision, and it is in force."""
        document, revision, _number = passage.split(".")
        holding = self.holdings.get(document)
        return holding is not None and holding.revision == revision and holding.document.valid_on(day)

    def document(self, passage: Passage) -> Document | None:
        """What a passage stands in; None where it was taken out since it was found."""
        holding = self.holdings.get(passage.document)
        return holding.document if holding else None


class Search:
    """Finds passages. The audiences' indexes are apart, so a customer's query never meets a staff passage."""

    def __init__(
        self, library: Library, embedder: Embedder, client: ClientAPI, cross_encoder: CrossEncoder | None = None
    ) -> None:
        self.library = library
        self.cross_encoder = cross_encoder
        self.embedder = embedder
        self._shelves = {audience: _Shelf(client, audience, embedder.fingerprint) for audience in Audience}
        self._cache: LRUCache[str, Shelved] = LRUCache(_CACHED_PASSAGES)
        self._cache_lock = threading.Lock()
        self._refreshing = threading.Lock()
        self._generation = -1
        self._lexicons = {audience: Lexicon() for audience in Audience}

    def find(self, query: Query) -> list[Hit]:
        """The best passages in force, best first.

        The score is the mean of two cosines, of the query with the nearest sentence and with the passage as a whole, plus
        a small share for its words: BM25 over the best BM25, times 0.03. On reading-comprehension and finance questions
        this orders better than either side alone and than rank fusion (evals/search_quality.py measures all four).
        """
        self.refresh()
        try:
            return self._find(query)
        except IndexLost:
            self._generation = -1
            self.refresh()
            return self._find(query)

    def _find(self, query: Query) -> list[Hit]:
        day = query.as_of or date.today()
        vector = self.embedder.embed_query(simplify(query.text))
        terms = words(query.text)
        candidates: list[_Candidate] = []
        for audience in query.audience.readable:
            candidates += self._candidates(self._shelves[audience], vector, terms, day, max(_CANDIDATES, query.limit))
        best = max((candidate.lexical for candidate in candidates), default=0.0) or 1.0
        hits = [_hit(candidate, vector, best) for candidate in candidates]
        return sorted(hits, key=lambda hit: hit.score, reverse=True)[: query.limit]

    def read(self, question: str, hits: Sequence[Hit]) -> list[Reading]:
        """What the cross-encoder makes of each hit's excerpt; nothing where there is none."""
        if self.cross_encoder is None:
            return []
        return self.cross_encoder.read(simplify(question), [excerpt.of(hit) for hit in hits])

    def documents(self, audience: Audience) -> list[Document]:
        """The documents that this audience may read."""
        self.refresh()
        return [
            holding.document for shelf in audience.readable for holding in list(self._shelves[shelf].holdings.values())
        ]

    def frequency(self, word: str, audience: Audience) -> int:
        """In how many passages that this audience may read a word stands."""
        return sum(self._shelves[readable].keyword.frequency(word) for readable in audience.readable)

    def size(self, audience: Audience) -> int:
        """How many passages this audience may read."""
        return sum(self._shelves[readable].keyword.count() for readable in audience.readable)

    def lexicon(self, audience: Audience) -> Lexicon:
        """What things were called, at the last search, in the documents that this audience may read."""
        return self._lexicons[audience]

    def rows(self, name: str, audience: Audience, day: date) -> list[Hit]:
        """The table rows about a name that are in force, whatever the question."""
        hits = []
        for shelf in (self._shelves[readable] for readable in audience.readable):
            ids = [row for row in shelf.rows.get(name, ()) if shelf.live(row, day)]
            for item in self._fetch(ids).values():
                document = shelf.document(item.passage)
                if document:
                    hits.append(Hit(item.passage, document, 1.0, 1.0, (1.0,) * len(item.passage.units), 0.0))
        return hits

    def sample_questions(self, audience: Audience) -> list[str]:
        """A question of each of the first FAQ tables in force, for people who do not know what to ask."""
        self.refresh()
        shelf, today = self._shelves[audience], date.today()
        in_force = [name for name, held in shelf.holdings.items() if held.document.valid_on(today)]
        return [shelf.questions[name] for name in sorted(in_force) if name in shelf.questions][:_SAMPLES]

    def _candidates(
        self, shelf: _Shelf, vector: Vectors, terms: Sequence[str], day: date, wanted: int
    ) -> list[_Candidate]:
        lexical = dict(self._live_lexical(shelf, terms, day, wanted))
        ids = list(dict.fromkeys([*self._live_dense(shelf, vector, day, wanted), *list(lexical)[:wanted]]))
        fetched = {name: item for name, item in self._fetch(ids).items() if item.passage.valid_on(day)}
        documents = ((name, item, shelf.document(item.passage)) for name, item in fetched.items())
        return [_Candidate(item, document, lexical.get(name, 0.0)) for name, item, document in documents if document]

    def _live_dense(self, shelf: _Shelf, vector: Vectors, day: date, wanted: int) -> list[str]:
        """Asks for more until enough are in force or there are no more; dates are cheap here and dear inside Chroma."""
        total = shelf.vectors
        count = min(total, wanted)
        while count:
            found = [passage for passage in shelf.dense.nearest(vector, count) if shelf.live(passage, day)]
            if len(found) >= _ENOUGH or count == total:
                return found
            count = min(total, 4 * count)
        return []

    def _live_lexical(self, shelf: _Shelf, terms: Sequence[str], day: date, wanted: int) -> list[tuple[str, float]]:
        count = 2 * wanted
        while True:
            found = shelf.keyword.nearest(terms, count)
            live = [(passage, score) for passage, score in found if shelf.live(passage, day)]
            if len(live) >= _ENOUGH or len(found) < count:
                return live
            count *= 4

    def _fetch(self, ids: Sequence[str]) -> dict[str, Shelved]:
        with self._cache_lock:
            known = {identifier: self._cache[identifier] for identifier in ids if identifier in self._cache}
        missing = [identifier for identifier in ids if identifier not in known]
        if missing:
            fetched = self.library.fetch(missing)
            with self._cache_lock:
                self._cache.update(fetched)
            known.update(fetched)
        return known

    def refresh(self) -> None:
        """Brings the indexes up to the library, if it has moved on; cheap when it has not."""
        if self.library.generation() == self._generation:
            return
        # Processes that share a Chroma server would otherwise undo each other's half-done changes.
        with self._refreshing, self.library.database.alone("index"):
            generation = self.library.generation()
            if generation != self._generation:
                # An edition for staff ends one for customers too, so all are looked at together.
                held = superseded(self.library.holdings())
                for shelf in self._shelves.values():
                    self._update(shelf, held)
                self._lexicons = {audience: Lexicon(self._names(audience)) for audience in Audience}
                self._generation = generation

    def _update(self, shelf: _Shelf, held: dict[str, Holding]) -> None:
        current = {
            document: holding
            for document, holding in held.items()
            if holding.document.audience is shelf.audience and holding.embedder == self.embedder.fingerprint
        }
        self._update_dense(shelf.dense, current)
        known = {document: holding.revision for document, holding in shelf.holdings.items()}
        stale = [revision for document, revision in known.items() if _revision(current, document) != revision]
        fresh = [holding for document, holding in current.items() if known.get(document) != holding.revision]
        if stale or fresh:
            shelf.keyword.change(stale, self._entries(shelf, {holding.document.id: holding for holding in fresh}))
        for gone in known.keys() - current.keys():
            shelf.names.pop(gone, None)
            shelf.questions.pop(gone, None)
        shelf.holdings = current
        shelf.vectors = sum(holding.units for holding in current.values())

    def _entries(self, shelf: _Shelf, fresh: dict[str, Holding]) -> Iterator[tuple[Document, str, Passage]]:
        """The passages of new revisions, for the keyword index; names and questions are noted as they pass by."""
        for document, holding in fresh.items():
            passages = [item.passage for item in self.library.passages(document)]
            shelf.names[document] = names_of(holding.document, passages)
            shelf.questions.pop(document, None)
            if passages and passages[0].kind is Kind.FAQ:
                shelf.questions[document] = passages[0].units[0]
            for passage in passages:
                if passage.kind is Kind.ROW and fold(passage.subject or "") in shelf.names[document].names:
                    shelf.rows.setdefault(fold(passage.subject or ""), []).append(passage.id)
                yield holding.document, holding.revision, passage

    def _names(self, audience: Audience) -> Iterator[Names]:
        for readable in audience.readable:
            yield from self._shelves[readable].names.values()

    def _update_dense(self, index: Index, current: dict[str, Holding]) -> None:
        index.open()
        known = self.library.indexed(index.id)
        if index.count() != sum(units for _revision, units in known.values()):
            # Someone emptied or cut off the store; the library has every vector.
            index.clear()
            known = {}
        stale = [document for document, (revision, _) in known.items() if _revision(current, document) != revision]
        for document in stale:
            index.remove(known[document][0])
        self.library.unmark_indexed(index.id, stale)
        fresh = {
            document: holding
            for document, holding in current.items()
            if known.get(document, ("",))[0] != holding.revision
        }
        for batch in self.library.walk(fresh):
            _add(index, batch, fresh)
        if fresh:
            self.library.mark_indexed(index.id, fresh.values())


def _hit(candidate: _Candidate, vector: Vectors, best: float) -> Hit:
    passage = candidate.shelved.passage
    similarities = tuple(map(float, candidate.shelved.vectors @ vector))
    nearest = similarity(passage.kind, similarities)
    whole = nearest if passage.kind is Kind.FAQ else float(candidate.shelved.whole @ vector)
    score = (nearest + whole) / 2 + _LEXICAL_WEIGHT * candidate.lexical / best
    return Hit(passage, candidate.document, score, nearest, similarities, candidate.lexical, whole)


def superseded(holdings: Iterable[Holding]) -> dict[str, Holding]:
    """Holdings by document, each document that another supersedes ending the day before that one takes effect.

    A later edition supersedes those before it; a document's `supersedes` names another file, in all its editions.
    """
    by_id = {holding.document.id: holding for holding in holdings}
    by_path: dict[tuple[str, str], list[str]] = {}
    by_key: dict[str, list[str]] = {}
    for identifier, holding in by_id.items():
        by_path.setdefault((holding.origin, holding.document.path), []).append(identifier)
        by_key.setdefault(key_of(identifier), []).append(identifier)
    for identifier, successor in list(by_id.items()):
        takes_effect = successor.document.effective_from
        if takes_effect is not None:
            own = by_key[key_of(identifier)]
            before = [other for other in own if number_of(other) < number_of(identifier)]
            for old in (*before, *(other for other in _named(successor, by_path) if other not in own)):
                by_id[old] = _ended(by_id[old], date.fromordinal(max(1, takes_effect.toordinal() - 1)))
    return by_id


def _named(successor: Holding, by_path: dict[tuple[str, str], list[str]]) -> list[str]:
    """What a document says that it supersedes: a path from the root, or the name of a file beside it."""
    document = successor.document
    if not document.supersedes:
        return []
    sibling = str(PurePosixPath(document.path).with_name(PurePosixPath(document.supersedes).name))
    named = by_path.get((successor.origin, document.supersedes))
    return named or by_path.get((successor.origin, sibling), [])


def _ended(holding: Holding, last: date) -> Holding:
    ends = min(holding.document.effective_to or date.max, last)
    return replace(holding, document=replace(holding.document, effective_to=ends))


def dense_units(kind: Kind, units: int) -> int:
    """How many vectors a dense index holds for a passage: each wording of a question, else one for the whole."""
    return units if kind is Kind.FAQ else 1


def _add(index: Index, batch: Sequence[Shelved], holdings: dict[str, Holding]) -> None:
    passages, revisions, vectors = [], [], []
    for item in batch:
        rows = item.vectors if item.passage.kind is Kind.FAQ else item.whole[None, :]
        passages += [item.passage.id] * len(rows)
        revisions += [holdings[item.passage.document].revision] * len(rows)
        vectors.append(rows)
    index.add(passages, revisions, np.concatenate(vectors))


def _revision(holdings: dict[str, Holding], document: str) -> str | None:
    holding = holdings.get(document)
    return holding.revision if holding else None
