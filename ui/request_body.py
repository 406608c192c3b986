"""A call's body: no longer than its place allows, and here within half a minute."""

from __future__ import annotations

import asyncio
import time
from http import HTTPStatus

from fastapi import HTTPException
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ui import problem
from ui.problem import Problem

MOST_BYTES = 1024 * 1024
"""Of a call that sends no file; those that take files have limits of their own."""
_SECONDS = 30
_SECONDS_OF_A_FILE = 600
_FILE = "multipart/form-data"
_TOO_LONG = f"The body is longer than the {MOST_BYTES // 1024} KiB that are read; send less."
_TOO_SLOW = "The body did not arrive in time; send it again."


class RequestBody:
    """Middleware that answers 413 to a body that is too long, and 408 to one that does not come."""

    def __init__(self, app: ASGIApp, seconds: float = _SECONDS) -> None:
        self._app = app
        self._seconds = seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes the call on, its body watched."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        is_file = headers.get("content-type", "").startswith(_FILE)
        told = headers.get("content-length", "")
        if not is_file and told.isdecimal() and int(told) > MOST_BYTES:
            await problem.answer(Problem(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, _TOO_LONG))(scope, receive, send)
            return
        body = _Body(receive, None if is_file else MOST_BYTES, _SECONDS_OF_A_FILE if is_file else self._seconds)
        await self._app(scope, body.receive, send)


class _Body:
    """What is received, counted and timed until its end; what comes after, a hanging up, is waited for without limit."""

    def __init__(self, receive: Receive, most: int | None, seconds: float) -> None:
        self._receive = receive
        self._left = most
        self._until = time.monotonic() + seconds
        self._whole = False

    async def receive(self) -> Message:
        """The next message. FastAPI makes any other exception than its own a 400."""
        if self._whole:
            return await self._receive()
        try:
            message = await asyncio.wait_for(self._receive(), max(0.0, self._until - time.monotonic()))
        except TimeoutError:
            raise HTTPException(HTTPStatus.REQUEST_TIMEOUT, _TOO_SLOW, {"Connection": "close"}) from None
        self._whole = message["type"] != "http.request" or not message.get("more_body", False)
        if self._left is not None:
            self._left -= len(message.get("body", b""))
            if self._left < 0:
                raise HTTPException(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, _TOO_LONG, {"Connection": "close"})
        return message
