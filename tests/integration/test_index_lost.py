"""Where the vectors' store hangs, or has lost what it held: nobody waits for ever, and it is filled again from the library."""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from knowledge_base import index
from knowledge_base.index import Index, IndexUnavailable, connect
from tests.conftest import KnowledgeBase

QUESTION = "云杉白金信用卡的年费是多少"
FEE = "# 白金卡\n\n## 年费\n\n云杉白金信用卡主卡年费为每年3600元。\n"


@pytest.fixture
def filled(knowledge: KnowledgeBase) -> KnowledgeBase:
    knowledge.write("白金卡.md", FEE)
    knowledge.ingest()
    assert knowledge.texts(QUESTION)
    return knowledge


def _vectors(knowledge: KnowledgeBase) -> int:
    return sum(collection.count() for collection in knowledge.client.list_collections())


def test_what_was_lost_is_put_in_again_by_the_next_question(filled: KnowledgeBase) -> None:
    before, found = _vectors(filled), filled.texts(QUESTION)
    for collection in filled.client.list_collections():
        filled.client.delete_collection(collection.name)
    assert filled.texts(QUESTION) == found
    assert _vectors(filled) == before


@pytest.fixture
def silent() -> Iterator[str]:
    """A server that takes every connection and never answers."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield f"http://127.0.0.1:{server.getsockname()[1]}"


@pytest.fixture
def held_up() -> Iterator[tuple[str, threading.Event]]:
    """A server that answers like Chroma's until it is told to hang."""
    hangs = threading.Event()
    answers = {"heartbeat": {"nanosecond heartbeat": 1}, "identity": {"user_id": "", "tenant": "t", "databases": ["d"]}}

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            while hangs.is_set():
                time.sleep(0.05)
            found = next(
                (told for name, told in answers.items() if name in self.path), {"id": "1", "name": "n", "tenant": "t"}
            )
            body = json.dumps(found).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            with suppress(OSError):
                self.wfile.write(body)

        def do_POST(self) -> None:
            self.do_GET()

        def log_message(self, *_: object) -> None: ...

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}", hangs
    hangs.clear()
    server.shutdown()
    server.server_close()


def test_one_that_begins_to_hang_holds_no_question_up(
    held_up: tuple[str, threading.Event], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(index, "PATIENCE", 0.3)
    address, hangs = held_up
    client = connect(address)
    hangs.set()
    started = time.monotonic()
    with pytest.raises(IndexUnavailable):
        Index(client, "customer")
    assert time.monotonic() - started < 10


def test_one_that_hangs_from_the_start_is_told_of(silent: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(index, "PATIENCE", 0.3)
    started = time.monotonic()
    with pytest.raises(IndexUnavailable):
        connect(silent)
    assert time.monotonic() - started < 10
