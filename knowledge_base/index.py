"""The dense side of search: vectors in Chroma, one collection an audience."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import chromadb
import httpx
import numpy as np
from chromadb.api import ClientAPI
from chromadb.api.collection_configuration import CreateCollectionConfiguration
from chromadb.config import Settings
from chromadb.errors import ChromaError, NotFoundError

from knowledge_base.embedder import Vectors

PATIENCE = 15.0
"""Seconds that a Chroma server may take to answer."""
_BATCH = 2_000
_CONFIGURATION: CreateCollectionConfiguration = {"hnsw": {"space": "cosine", "ef_search": 128, "ef_construction": 128}}


class IndexUnavailable(Exception):
    """The Chroma store cannot be reached or read; the library can make it anew when it is back."""


class IndexLost(IndexUnavailable):
    """The collection is there no more; what it held must be put in again."""


def connect(place: Path | str | None) -> ClientAPI:
    """A Chroma client: a folder for the embedded store, an http(s) address for a server, None for memory.

    The embedded store belongs to one process at a time: two that write lose vectors without an error.
    """
    logging.getLogger("chromadb").setLevel(logging.WARNING)
    try:
        return _client(place)
    except (ChromaError, httpx.HTTPError, ValueError) as error:
        raise IndexUnavailable(f"{place}: {error}") from error


def _client(place: Path | str | None) -> ClientAPI:
    settings = Settings(anonymized_telemetry=False)
    match place:
        case None:
            return chromadb.EphemeralClient(settings)
        case Path():
            place.mkdir(parents=True, exist_ok=True)
            return chromadb.PersistentClient(str(place), settings)
        case str():
            return _of_server(place, settings)


def _of_server(place: str, settings: Settings) -> ClientAPI:
    """A client that does not wait for ever: Chroma's own sets no time limit, and a server that hangs would hold up every turn."""
    address = urlsplit(place)
    secure = address.scheme == "https"
    port = address.port or (443 if secure else 8000)
    httpx.get(f"{place.rstrip('/')}/api/v2/heartbeat", timeout=PATIENCE, trust_env=False).raise_for_status()
    client = chromadb.HttpClient(host=address.hostname or "127.0.0.1", port=port, ssl=secure, settings=settings)
    client._server._session.timeout = httpx.Timeout(PATIENCE)  # type: ignore[attr-defined]
    return client


class Index:
    """One collection of vectors; several vectors may lead to one passage."""

    def __init__(self, client: ClientAPI, name: str) -> None:
        self._client = client
        self._name = name
        self.open()

    def open(self) -> None:
        """Opens the collection that has the name now: another process may have made it anew."""
        # Without embedding_function=None Chroma would fetch a model of its own.
        with _reaching():
            self._collection = self._client.get_or_create_collection(
                self._name, embedding_function=None, configuration=_CONFIGURATION
            )

    @property
    def id(self) -> str:
        """Names this very collection: one made anew under the same name has another id."""
        return str(self._collection.id)

    def count(self) -> int:
        """How many vectors it holds."""
        with _reaching():
            return int(self._collection.count())

    def clear(self) -> None:
        """Starts again from an empty collection."""
        with _reaching():
            self._client.delete_collection(self._name)
        self.open()

    def add(self, passages: Sequence[str], revisions: Sequence[str], vectors: Vectors) -> None:
        """Adds vectors, each leading to the passage beside it; adding them twice changes nothing."""
        seen: dict[str, int] = {}
        ids = []
        for passage in passages:
            seen[passage] = seen.get(passage, -1) + 1
            ids.append(f"{passage}#{seen[passage]}")
        metadatas: list[dict[str, str]] = [{"revision": revision} for revision in revisions]
        for start in range(0, len(ids), _BATCH):
            part = slice(start, start + _BATCH)
            with _reaching():
                self._collection.upsert(ids=ids[part], embeddings=vectors[part], metadatas=metadatas[part])  # type: ignore[arg-type]

    def remove(self, revision: str) -> None:
        """Takes out what was added under a revision."""
        with _reaching():
            self._collection.delete(where={"revision": revision})

    def nearest(self, vector: Vectors, count: int) -> list[str]:
        """The passages of the nearest vectors, nearest first, each once."""
        found = self._query(vector, count)
        return list(dict.fromkeys(identifier.rpartition("#")[0] for identifier in found))

    def _query(self, vector: Vectors, count: int) -> list[str]:
        query = np.asarray([vector], dtype=np.float32)
        with _reaching():
            try:
                return self._collection.query(query_embeddings=query, n_results=count, include=[])["ids"][0]
            except NotFoundError:
                # Another process may have made it anew, which then fills it; or it was lost.
                self.open()
                if not self._collection.count():
                    raise IndexLost(IndexLost.__doc__) from None
                return self._collection.query(query_embeddings=query, n_results=count, include=[])["ids"][0]


@contextmanager
def _reaching() -> Iterator[None]:
    """Makes every failure of the store an IndexUnavailable."""
    try:
        yield
    except (ChromaError, httpx.HTTPError) as error:
        raise IndexUnavailable(f"{type(error).__name__}: {error}") from error
