"""What a turn costs over the bare model and index, and what ingest, start and memory cost, all as ratios within one run."""

from __future__ import annotations

import contextlib
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import psutil
import pypdfium2

from assistant import bootstrap
from assistant.answering import Question
from assistant.settings import Settings, load
from evals import suite
from evals.plain_client import talking
from evals.report import Score, SuiteResult
from evals.served import served
from evals.statistics import exact, mean
from evals.workplace import opened
from ingest import splitting
from ingest.ingest import Ingest
from ingest.reading import read
from knowledge_base.embedder import Embedder
from knowledge_base.index import connect
from knowledge_base.library import Library
from knowledge_base.passage import Audience, Kind
from knowledge_base.text import simplify

_QUESTIONS = (
    "白金卡年费多少",
    "三年定期利率是多少",
    "云盾多少钱一个",
    "怎么投诉",
    "个人养老金一年能存多少",
    "信用卡取现手续费多少",
)
_ROUNDS = 120
_CLIENTS = 8


def run() -> SuiteResult:
    """The ratios and figures that gates.yaml limits."""
    bootstrap.go_offline()
    scores: dict[str, Score] = {"help seconds": exact(min(_help() for _ in range(3)))}
    with tempfile.TemporaryDirectory() as scratch:
        settings = load().model_copy(update={"data_dir": Path(scratch), "database_url": ""})
        database = bootstrap.build_database(settings)
        embedder = bootstrap.build_embedder(settings)
        scores |= _ingest(settings, Library(database), embedder)
        with bootstrap.open_search(settings, database, embedder) as search:
            search.refresh()
        database.close()
        floor = _floor(settings, embedder)
        with served(settings, settings.data_dir / "texts") as running:
            scores["ready seconds"] = exact(running.ready_after)
            scores |= _turns(running.address, floor)
            scores["resident GiB"] = exact(psutil.Process(running.process.pid).memory_info().rss / 2**30)
        with served(settings, settings.data_dir / "texts", TELLER_CROSS_ENCODER="bundled") as running:
            turns = _turns(running.address, floor)
            scores |= {f"{name}, with the judge": turns[name] for name in ("turn, median ms", "turn over floor")}
    scores["share of questions that the judge reads"] = _share_read()
    return SuiteResult("speed", len(scores), len(scores), scores)


def _share_read() -> Score:
    """Of the questions that customers ask of the demo bank, in the words of the suite."""
    questions = [case.question for case in suite.load(suite.SHIPPED / "knowledge.yaml").cases if case.question]
    with opened(cross_encoder="bundled") as place:
        asked = [(question, place.answering.find(Question(question, Audience.CUSTOMER))) for question in questions]
        return mean([place.judge.judge(question, hits, Audience.CUSTOMER).read for question, hits in asked])


def _help() -> float:
    return _timed(
        lambda: subprocess.run([sys.executable, "-m", "assistant", "--help"], check=True, capture_output=True)
    )


def _ingest(settings: Settings, library: Library, embedder: Embedder) -> dict[str, Score]:
    """Ingest against the bare model over the very same texts; pages that must go through OCR first are timed apart."""
    scans = [path for path in settings.knowledge_dir.rglob("*.pdf") if _is_scan(path)]
    texts_only = settings.data_dir / "texts"
    shutil.copytree(
        settings.knowledge_dir, texts_only, ignore=lambda _folder, names: {scan.name for scan in scans} & {*names}
    )
    ingest = Ingest(library, embedder, texts_only, settings.data_dir / "ingest.lock")
    first = _timed(ingest.run)
    again = min(_timed(ingest.run) for _ in range(3))
    texts = []
    for holding in library.holdings():
        for item in library.passages(holding.document.id):
            context = splitting.context(holding.document, item.passage)
            faq = item.passage.kind is Kind.FAQ
            texts += [simplify(unit if faq else f"{context}：{unit}") for unit in item.passage.units]
    bare = _timed(lambda: embedder.embed_passages(texts))
    scores = {
        "ingest over bare embedding rate": exact(bare / first),
        "second ingest, times faster": exact(first / again),
        "embedded texts a second": exact(len(texts) / bare),
    }
    if scans:
        scores["seconds an OCR page"] = exact(_timed(lambda: [read(scan) for scan in scans]) / len(scans))
    return scores


def _is_scan(path: Path) -> bool:
    with contextlib.closing(pypdfium2.PdfDocument(path)) as document:
        return not any(page.get_textpage().get_text_bounded().strip() for page in document)


def _floor(settings: Settings, embedder: Embedder) -> Callable[[str], object]:
    """One raw query embedding and one raw, unfiltered Chroma query."""
    client = connect(settings.data_dir / "chroma")
    (collection,) = (found for found in client.list_collections() if found.name.startswith("customer"))

    def query(question: str) -> object:
        return collection.query(query_embeddings=np.asarray([embedder.embed_query(question)]), n_results=10, include=[])

    return query


def _turns(address: str, floor: Callable[[str], object]) -> dict[str, Score]:
    """Floor and turn in alternation, so that whatever else the machine does weighs on both alike."""
    with talking(address) as talk:
        for question in _QUESTIONS:
            floor(question)
            talk(question)
        bare, whole = [], []
        for number in range(_ROUNDS):
            question = _QUESTIONS[number % len(_QUESTIONS)]
            bare.append(_timed(lambda question=question: floor(question)))  # type: ignore[misc]
            whole.append(_timed(lambda question=question: talk(question)))  # type: ignore[misc]
    crowd = _crowd(address)
    return {
        "floor, median ms": exact(1000 * statistics.median(bare)),
        "turn, median ms": exact(1000 * statistics.median(whole)),
        "turn over floor": exact(statistics.median(whole) / statistics.median(bare)),
        "8 clients, median ms": exact(1000 * statistics.median(crowd)),
        "8 clients, p99 over median": exact(sorted(crowd)[int(len(crowd) * 0.99)] / statistics.median(crowd)),
        "8 clients, turns a second": exact(_CLIENTS / statistics.fmean(crowd)),
    }


def _crowd(address: str) -> list[float]:
    def one(_client: int) -> list[float]:
        with talking(address) as talk:
            questions = [_QUESTIONS[number % len(_QUESTIONS)] for number in range(_ROUNDS // 2)]
            return [_timed(lambda question=question: talk(question)) for question in questions]  # type: ignore[misc]

    with ThreadPoolExecutor(_CLIENTS) as pool:
        return [seconds for times in pool.map(one, range(_CLIENTS)) for seconds in times]


def _timed(action: Callable[[], object]) -> float:
    began = time.perf_counter()
    action()
    return time.perf_counter() - began
