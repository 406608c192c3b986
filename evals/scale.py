"""Search at 100,000 passages against search at 1,000, with an audience and dates, on vectors that cluster as real ones do."""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import numpy as np

from assistant import bootstrap
from assistant.settings import load
from evals.report import Score, SuiteResult
from evals.statistics import exact
from knowledge_base.embedder import Embedder, Vectors
from knowledge_base.library import Holding, Library, Shelved
from knowledge_base.passage import Audience, Document, Kind, Passage
from knowledge_base.search import Query, Search

_SMALL, _LARGE = 1_000, 100_000
_A_DOCUMENT = 50
_UNITS = 2
_TOPICS = 200
_SPREAD = 0.35
_QUERIES = 60
_SEED = 7
_VOCABULARY = 20_000
_TODAY = date(2026, 11, 22)


class _Planted:
    """An embedder whose questions are planted beside known passages, with the real model's time spent on each."""

    def __init__(self, real: Embedder, questions: dict[str, Vectors]) -> None:
        self._real = real
        self._questions = questions
        self.fingerprint = "planted"
        self.dimensions = real.dimensions

    def embed_query(self, text: str) -> Vectors:
        self._real.embed_query(text)
        return self._questions[text]

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        return self._real.embed_passages(texts)


def run() -> SuiteResult:
    """The median time of a whole search at both sizes, their ratio, and recall@10 against exact search."""
    bootstrap.go_offline()
    real = bootstrap.build_embedder(load())
    seconds, recall = {}, {}
    for size in (_SMALL, _LARGE):
        seconds[size], recall[size] = _measure(size, real)
    scores: dict[str, Score] = {
        f"search at {_SMALL}, median ms": exact(1000 * seconds[_SMALL]),
        f"search at {_LARGE}, median ms": exact(1000 * seconds[_LARGE]),
        "large over small": exact(seconds[_LARGE] / seconds[_SMALL]),
        f"recall@10 at {_SMALL}": exact(recall[_SMALL]),
        f"recall@10 at {_LARGE}": exact(recall[_LARGE]),
    }
    return SuiteResult("scale", 2 * _QUERIES, 2 * _QUERIES, scores)


def _measure(size: int, real: Embedder) -> tuple[float, float]:
    generator = np.random.default_rng(_SEED)
    vectors = _clustered(generator, size, real.dimensions)
    questions = {f"问题{number} 产品{number}": _beside(generator, vectors[number]) for number in range(_QUERIES)}
    embedder = _Planted(real, questions)
    with tempfile.TemporaryDirectory() as scratch:
        settings = load().model_copy(update={"data_dir": Path(scratch), "database_url": ""})
        database = bootstrap.build_database(settings)
        live = _fill(Library(database), vectors, generator)
        with bootstrap.open_search(settings, database, embedder) as search:
            search.refresh()
            times, found = _search(search, questions)
        database.close()
    exact_found = [_exact(vectors, live, question) for question in questions.values()]
    hits = [len(set(some) & set(all_)) / len(all_) for some, all_ in zip(found, exact_found, strict=True)]
    return statistics.median(times), statistics.fmean(hits)


def _clustered(generator: np.random.Generator, size: int, dimensions: int) -> Vectors:
    centres = generator.normal(size=(_TOPICS, dimensions))
    points = centres[generator.integers(_TOPICS, size=size)] + _SPREAD * generator.normal(size=(size, dimensions)) * 3
    unit: Vectors = (points / np.linalg.norm(points, axis=1, keepdims=True)).astype(np.float32)
    return unit


def _beside(generator: np.random.Generator, vector: Vectors) -> Vectors:
    moved = vector + 0.02 * generator.normal(size=vector.shape)
    unit: Vectors = (moved / np.linalg.norm(moved)).astype(np.float32)
    return unit


def _fill(library: Library, vectors: Vectors, generator: np.random.Generator) -> list[bool]:
    """Puts the passages in as documents of 50, every fifth of them no longer in force; says which passages are."""
    live = []
    for number in range(len(vectors) // _A_DOCUMENT):
        expired = number % 5 == 4
        ends = date(2025, 12, 31) if expired else None
        document = Document(f"{number:06x}", f"{number}.md", f"文件{number}", effective_to=ends)
        first = number * _A_DOCUMENT
        shelved = [
            _shelved(document, place, vectors[first + place], generator, first + place) for place in range(_A_DOCUMENT)
        ]
        library.put(Holding(document, "r", "/", "planted", "", _A_DOCUMENT), shelved)
        live += [not expired] * _A_DOCUMENT
    return live


def _shelved(document: Document, place: int, vector: Vectors, generator: np.random.Generator, number: int) -> Shelved:
    drawn = generator.zipf(1.3, size=40) % _VOCABULARY
    text = " ".join(f"词{word}" for word in drawn) + f" 产品{number}"
    passage = Passage(f"{document.id}.r.{place}", document.id, place, Kind.TEXT, text, (text,) * _UNITS)
    return Shelved(passage, np.stack([vector] * _UNITS))


def _search(search: Search, questions: dict[str, Vectors]) -> tuple[list[float], list[list[int]]]:
    times, found = [], []
    for question in [*list(questions)[:5], *questions]:
        began = time.perf_counter()
        hits = search.find(Query(question, Audience.CUSTOMER, _TODAY, 10))
        times.append(time.perf_counter() - began)
        found.append([int(hit.document.id, 16) * _A_DOCUMENT + hit.passage.number for hit in hits])
    return times[5:], found[5:]


def _exact(vectors: Vectors, live: Sequence[bool], question: Vectors) -> list[int]:
    cosines = np.where(live, vectors @ question, -1.0)
    return [int(index) for index in np.argsort(-cosines)[:10]]
