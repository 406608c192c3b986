"""The documents in force with their index, read once and kept for the suites that follow."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock

import ingest as ingest_package
import knowledge_base
from assistant import bootstrap
from assistant.settings import Settings
from ingest.ingest import Ingest
from knowledge_base.embedder import Embedder
from knowledge_base.library import Library
from knowledge_base.search import Search


@contextmanager
def opened(settings: Settings, copy: Path) -> Iterator[tuple[Search, Embedder]]:
    """Search over a copy of the library of these settings' documents, and the embedding model; several may be open at once."""
    embedder = bootstrap.build_embedder(settings)
    shutil.copytree(kept(settings, embedder), copy)
    mine = settings.model_copy(update={"data_dir": copy, "database_url": "", "chroma_url": None})
    database = bootstrap.build_database(mine)
    try:
        with bootstrap.open_search(mine, database, embedder) as search:
            search.refresh()
            yield search, embedder
    finally:
        database.close()


def kept(settings: Settings, embedder: Embedder) -> Path:
    """The folder with the library, read anew where documents, model or the code that reads them have changed."""
    home = settings.data_dir / "evals"
    home.mkdir(parents=True, exist_ok=True)
    with FileLock(home / "library.lock"):
        folder = home / "library"
        version, known = digest(settings), folder / "version"
        if known.exists() and known.read_text(encoding="utf-8") == version:
            return folder
        shutil.rmtree(folder, ignore_errors=True)
        mine = settings.model_copy(update={"data_dir": folder, "database_url": "", "chroma_url": None})
        database = bootstrap.build_database(mine)
        Ingest(Library(database), embedder, settings.knowledge_dir, folder / "ingest.lock").run()
        with bootstrap.open_search(mine, database, embedder) as search:
            search.refresh()
        database.close()
        known.write_text(version, encoding="utf-8")
        return folder


def digest(settings: Settings) -> str:
    """What the index is made of: documents, embedding model, and the code that reads and cuts them."""
    found = hashlib.sha256(settings.embedding_model.encode())
    folders = [settings.knowledge_dir, *(Path(one.__path__[0]) for one in (ingest_package, knowledge_base))]
    for folder in folders:
        inside = [path for path in sorted(folder.rglob("*")) if path.is_file() and "__pycache__" not in path.parts]
        for path in inside:
            found.update(str(path.relative_to(folder)).encode() + b"\0" + path.read_bytes())
    return found.hexdigest()
