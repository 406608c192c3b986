"""A Teller of its own for a suite: a folder of documents, indexed in a scratch data folder."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import HttpUrl

from assistant import bootstrap
from assistant.answering import Answering
from assistant.assistant import Assistant
from assistant.banks.none import NoBank
from assistant.evidence import Judge, SimilarityJudge
from assistant.settings import Settings, load
from ingest.ingest import Ingest, Report
from knowledge_base.embedder import Embedder
from knowledge_base.library import Library
from knowledge_base.search import Search


@dataclass(frozen=True)
class Workplace:
    """The parts that suites measure."""

    settings: Settings
    search: Search
    judge: Judge
    glance: SimilarityJudge
    answering: Answering
    assistant: Assistant
    embedder: Embedder
    report: Report


@contextmanager
def opened(knowledge: Path | None = None, model: str = "", cross_encoder: str | None = None) -> Iterator[Workplace]:
    """A workplace over a knowledge folder, the one in force by default; it is gone afterwards.

    `model` is the address of a model's server, where one is to word the answers; `cross_encoder` another than that in force.
    """
    bootstrap.go_offline()
    with tempfile.TemporaryDirectory() as scratch:
        changes: dict[str, Any] = {"data_dir": Path(scratch), "database_url": "", "turns_per_conversation": 1_000_000}
        changes |= {"knowledge_dir": knowledge} if knowledge else {}
        changes |= {"llm_base_url": HttpUrl(model), "llm_model": "large"} if model else {}
        changes |= {"cross_encoder": cross_encoder} if cross_encoder else {}
        settings = load().model_copy(update=changes)
        database = bootstrap.build_database(settings)
        embedder = bootstrap.build_embedder(settings)
        filled = Ingest(Library(database), embedder, settings.knowledge_dir, settings.data_dir / "ingest.lock").run()
        with bootstrap.open_search(settings, database, embedder) as search, bootstrap.language_models(settings) as llm:
            search.refresh()
            judge, glance = bootstrap.build_judge(settings, search), bootstrap.build_glance(settings, search)
            storage = bootstrap.build_storage(settings, database)
            assistant = bootstrap.build_assistant(settings, storage, search, embedder, NoBank(), llm)
            yield Workplace(settings, search, judge, glance, Answering(search, judge), assistant, embedder, filled)
        database.close()
