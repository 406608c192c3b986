"""Middleware at the door: who has no key stays out, and what is under way is known."""

from __future__ import annotations

import hmac
from collections import Counter

from starlette.types import ASGIApp, Receive, Scope, Send

from assistant.demo_bank.problem import unauthorized

_OPEN = frozenset({"/healthz"})


class Door:
    """Asks for the key."""

    def __init__(self, app: ASGIApp, key: str) -> None:
        self._app = app
        self._expected = f"Bearer {key}".encode()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes on what may come in."""
        given = dict(scope.get("headers", ())).get(b"authorization", b"")
        if scope["type"] != "http" or scope["path"] in _OPEN or hmac.compare_digest(given, self._expected):
            await self._app(scope, receive, send)
        else:
            await unauthorized()(scope, receive, send)


class Underway:
    """The paths of the calls that have come in and have not been answered.

    A commit may wait for long before anything is written; whoever looks it up meanwhile must not be told that it never came.
    """

    def __init__(self) -> None:
        self._paths: Counter[str] = Counter()

    def has(self, path: str) -> bool:
        """Whether such a call is under way."""
        return self._paths[path] > 0

    def enter(self, path: str) -> None:
        """A call has come in."""
        self._paths[path] += 1

    def leave(self, path: str) -> None:
        """It has been answered, or never will be."""
        self._paths[path] -= 1
        if not self._paths[path]:
            del self._paths[path]


class Watch:
    """Notes what comes in and goes out."""

    def __init__(self, app: ASGIApp, underway: Underway) -> None:
        self._app = app
        self._underway = underway

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes everything on."""
        path = scope.get("path", "")
        self._underway.enter(path)
        try:
            await self._app(scope, receive, send)
        finally:
            self._underway.leave(path)
