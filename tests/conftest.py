"""What tests share: the bundled model, loaded once, and knowledge bases over folders of their own."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest

from assistant import bootstrap, clock

bootstrap.go_offline()
clock.keep("Asia/Shanghai")

from assistant.audit import Audit  # noqa: E402
from assistant.settings import Settings  # noqa: E402
from evals import bank  # noqa: E402
from ingest.ingest import Ingest, Report  # noqa: E402
from ingest.publishing import Publishing  # noqa: E402
from knowledge_base.database import Database  # noqa: E402
from knowledge_base.embedder import Embedder  # noqa: E402
from knowledge_base.index import connect  # noqa: E402
from knowledge_base.library import Library  # noqa: E402
from knowledge_base.passage import Audience, Hit  # noqa: E402
from knowledge_base.search import Query, Search  # noqa: E402
from tests.fakes import HashEmbedder, RecordingEmbedder  # noqa: E402
from tests.service import RunningService, write_documents  # noqa: E402


class KnowledgeBase:
    """A folder of documents with everything behind it: SQLite or the database at `url`, embedded Chroma, ingest and search."""

    def __init__(self, root: Path, embedder: Embedder, chroma: str = "chroma", url: str = "") -> None:
        self.root = root
        self.folder = root / "documents"
        self.folder.mkdir(parents=True, exist_ok=True)
        self.embedder = RecordingEmbedder(embedder)
        self.database = Database(url or f"sqlite:///{root / 'teller.sqlite3'}")
        self.library = Library(self.database)
        self.client = connect(root / chroma)
        self.search = Search(self.library, self.embedder, self.client)

    def write(self, name: str, text: str, encoding: str = "utf-8") -> Path:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode(encoding))
        return path

    def ingest(self, *paths: Path, audience: Audience | None = None, rebuild: bool = False) -> Report:
        run = Ingest(self.library, self.embedder, self.folder, self.root / "ingest.lock")
        return run.run(paths, audience, rebuild)

    def publishing(self) -> Publishing:
        return Publishing(self.library, self.embedder, self.folder, Audit(self.database, "key of the test").note)

    def find(
        self, text: str, audience: Audience = Audience.CUSTOMER, as_of: date | None = None, limit: int = 50
    ) -> list[Hit]:
        return self.search.find(Query(text, audience, as_of, limit))

    def texts(self, text: str, audience: Audience = Audience.CUSTOMER, as_of: date | None = None) -> list[str]:
        """The texts of all that a search finds, best first."""
        return [hit.passage.text for hit in self.find(text, audience, as_of)]

    def close(self) -> None:
        self.client.close()  # type: ignore[attr-defined]
        self.database.close()


Open = Callable[..., KnowledgeBase]


@pytest.fixture(scope="session")
def embedder() -> Embedder:
    """The bundled embedding model."""
    return bootstrap.build_embedder(Settings())


@pytest.fixture
def open_knowledge(tmp_path: Path) -> Iterator[Open]:
    """Opens knowledge bases over the test's own folder, or one given; all are closed at the end."""
    opened: list[KnowledgeBase] = []

    def open_one(embedder: Embedder | None = None, root: Path = tmp_path, url: str = "") -> KnowledgeBase:
        opened.append(KnowledgeBase(root, embedder or HashEmbedder(), url=url))
        return opened[-1]

    yield open_one
    for knowledge in opened:
        knowledge.close()


@pytest.fixture
def knowledge(open_knowledge: Open) -> KnowledgeBase:
    """A knowledge base for tests that do not care about meaning."""
    return open_knowledge()


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A bank's database, filled once."""
    return bank.seeded(tmp_path_factory.mktemp("bank"))


@pytest.fixture(scope="module")
def door() -> int:
    """A port that every story's bank listens on in turn."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        return int(free.getsockname()[1])


@pytest.fixture(scope="module")
def teller(tmp_path_factory: pytest.TempPathFactory, door: int) -> Iterator[RunningService]:
    """The service as a bank runs it: with core banking at an address of its own."""
    root = tmp_path_factory.mktemp("service")
    write_documents(root)
    running = RunningService(root, TELLER_BANK_URL=f"http://127.0.0.1:{door}", TELLER_BANK_KEY=bank.KEY)
    try:
        running.wait()
        yield running
    finally:
        running.end()
