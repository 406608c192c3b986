"""How many calls and open streams one address, one key and the whole process may have; health is always answered."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from http import HTTPStatus

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from assistant.pace import Pace
from assistant.settings import Settings
from ui import client_address, problem
from ui.problem import Problem

_COUNTED = ("/v1/", "/gradio_api/queue/", "/gradio_api/upload", "/gradio_api/call", "/gradio_api/run")
"""What makes the service work; what pages are made of is read from memory."""
_STREAM = "text/event-stream"
_STREAM_ENDS = ("/live", "/queue/data")
_TRY_STREAM_AGAIN = "5"


class Limits:
    """Middleware that refuses what is too much with 429, and with 503 where the process itself is full."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self._app = app
        self._believed = settings.trusted_proxies
        self._address, self._key = Pace(settings.calls_per_address), Pace(settings.calls_per_key)
        self._most, self._most_of_one = settings.streams, settings.streams_per_address
        self._open: Counter[str] = Counter()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes the call on, or refuses it."""
        if scope["type"] != "http" or not scope["path"].startswith(_COUNTED):
            await self._app(scope, receive, send)
            return
        address, headers = client_address.of(scope, self._believed), Headers(scope=scope)
        refused = self._refused(address, headers)
        if refused:
            await problem.answer(refused)(scope, receive, send)
            return
        if not _is_stream(scope, headers):
            await self._app(scope, receive, send)
            return
        refused = self._full(address)
        if refused:
            await problem.answer(refused)(scope, receive, send)
            return
        with self._held(address):
            await self._app(scope, receive, send)

    def _refused(self, address: str, headers: Headers) -> Problem | None:
        """Why a call is not taken: the address's calls are counted, and its bearer token's."""
        key = headers.get("authorization")
        wait = self._address.wait(address) or (self._key.wait(sha256(key.encode()).hexdigest()) if key else 0)
        if not wait:
            return None
        detail = f"Too many calls came from here within a minute; try again in {wait} seconds."
        return Problem(HTTPStatus.TOO_MANY_REQUESTS, detail, {"Retry-After": str(wait)})

    def _full(self, address: str) -> Problem | None:
        """Why another stream is not opened."""
        again = {"Retry-After": _TRY_STREAM_AGAIN}
        if self._open[address] >= self._most_of_one:
            detail = "Too many event streams are open from here; close one, or try again shortly."
            return Problem(HTTPStatus.TOO_MANY_REQUESTS, detail, again)
        if self._open.total() >= self._most:
            detail = "As many event streams are open as this process holds; try again shortly."
            return Problem(HTTPStatus.SERVICE_UNAVAILABLE, detail, again)
        return None

    @contextmanager
    def _held(self, address: str) -> Iterator[None]:
        self._open[address] += 1
        try:
            yield
        finally:
            self._open[address] -= 1
            self._open += Counter()  # forgets addresses that hold none


def _is_stream(scope: Scope, headers: Headers) -> bool:
    return _STREAM in headers.get("accept", "") or scope["path"].endswith(_STREAM_ENDS)
