"""The plainest HTTP client there is that holds conversations, so that what is measured is the server."""

from __future__ import annotations

import http.client
import json
from collections.abc import Iterator
from contextlib import closing, contextmanager
from http import HTTPStatus
from typing import Protocol

_TURNS = 12
_PATIENCE = 30


class Talker(Protocol):
    """Says these in one conversation; returns when the last answer is there.

    Raises RuntimeError where one is refused, ConnectionError where none comes.
    """

    def __call__(self, *texts: str, streamed: bool = False) -> None:
        """`streamed`: the answers come as server-sent events."""
        ...


@contextmanager
def talking(address: str) -> Iterator[Talker]:
    """Turns over one kept-alive connection, in a new conversation each dozen."""
    connection = http.client.HTTPConnection(address.removeprefix("http://"), timeout=_PATIENCE)
    with closing(connection):
        yield _Conversations(connection)


class _Conversations:
    def __init__(self, connection: http.client.HTTPConnection) -> None:
        self._connection = connection
        self._left = 0
        self._turns, self._own = "", {"": ""}

    def __call__(self, *texts: str, streamed: bool = False) -> None:
        if self._left < len(texts):
            self._open()
        wanted = {"Accept": "text/event-stream" if streamed else "application/json"}
        for text in texts:
            self._left -= 1
            self._post(self._turns, {"text": text}, self._own | wanted)

    def _open(self) -> None:
        opened = json.loads(self._post("/v1/conversations", {}, {}))
        self._turns = f"/v1/conversations/{opened['id']}/turns"
        self._own = {"Authorization": f"Bearer {opened['token']}"}
        self._left = _TURNS

    def _post(self, path: str, body: dict[str, str], headers: dict[str, str]) -> bytes:
        try:
            self._connection.request("POST", path, json.dumps(body), {"Content-Type": "application/json"} | headers)
            response = self._connection.getresponse()
            content = response.read()
        except (OSError, http.client.HTTPException) as error:
            self._connection.close()
            raise ConnectionError(f"{path} did not answer: {error!r}") from error
        if response.status >= HTTPStatus.BAD_REQUEST:
            raise RuntimeError(f"{path} answered {response.status}: {content.decode(errors='replace')}")
        return content
