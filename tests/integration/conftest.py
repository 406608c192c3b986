"""One running service for all tests that only talk to it: it takes seconds to start; and the databases that are supported."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from shutil import copytree

import pytest

from evals.postgres import Postgres
from tests import postgres
from tests.conftest import KnowledgeBase
from tests.fakes import HashEmbedder
from tests.service import RunningService, write_documents

DOCUMENTS = Path(__file__).parents[2] / "knowledge_base" / "documents"


@pytest.fixture(scope="session")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningService]:
    """The whole service, run as users run it, over the small knowledge base."""
    root = tmp_path_factory.mktemp("service")
    write_documents(root)
    running = RunningService(root)
    try:
        running.wait()
        yield running
    finally:
        running.end()


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[Postgres]:
    """A PostgreSQL server for the whole session."""
    server = postgres.start()
    yield server
    server.stop()


@pytest.fixture
def postgres_url(postgres_server: Postgres) -> Iterator[str]:
    """A new database in PostgreSQL."""
    with postgres_server.database() as url:
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A new database, once in SQLite and once in PostgreSQL."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'teller.sqlite3'}"
    url: str = request.getfixturevalue("postgres_url")
    return url


@pytest.fixture(scope="session")
def shipped(tmp_path_factory: pytest.TempPathFactory) -> Iterator[KnowledgeBase]:
    """The documents that ship, for tests that do not care about meaning."""
    root = tmp_path_factory.mktemp("shipped")
    copytree(DOCUMENTS, root / "documents")
    knowledge = KnowledgeBase(root, HashEmbedder())
    knowledge.ingest()
    knowledge.search.refresh()
    yield knowledge
    knowledge.close()
