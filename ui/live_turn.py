"""A turn that is heard from an event loop while it is being made in a thread."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from typing import Generic, TypeVar

from anyio import CapacityLimiter, to_thread
from fastapi import Request

from assistant.live import Live

Made = TypeVar("Made")
log = logging.getLogger(__name__)
_room = CapacityLimiter(512)
_running: set[asyncio.Task[object]] = set()


async def aside(work: Callable[[], Made]) -> Made:
    """Does this in a thread of those kept for turns, so that one that waits for a model leaves the threads of other calls free."""
    return await to_thread.run_sync(work, limiter=_room)


class LiveTurn(Generic[Made]):
    """What is said of a turn, as it is said, and what comes of it. The turn is made to its end even if nobody listens."""

    def __init__(self, make: Callable[[Live], Made]) -> None:
        self._loop = asyncio.get_running_loop()
        self._words: asyncio.Queue[str | None] = asyncio.Queue()
        self._first: str | None = None
        self._live = Live(self._hear)
        self._made: asyncio.Task[Made] = self._loop.create_task(aside(lambda: make(self._live)))
        self._made.add_done_callback(self._end)
        _running.add(self._made)

    @property
    def said(self) -> str:
        """All that was heard of it so far."""
        return self._live.said

    @property
    def over(self) -> bool:
        """Whether it is made."""
        return self._made.done()

    async def begin(self, request: Request) -> None:
        """Returns with the first words, or without any at its end; raises what went wrong before them."""
        leaving = self._loop.create_task(self._notice_leaving(request))
        try:
            self._first = await self._words.get()
        finally:
            leaving.cancel()
        if self._first is None:
            await self._made

    async def words(self) -> AsyncIterator[str]:
        """What is said, as it is said, up to its end."""
        try:
            piece = self._first
            while piece is not None:
                yield piece
                piece = await self._words.get()
        finally:
            self._live.gone = not self._made.done()

    async def made(self) -> Made:
        """What came of it; raises what went wrong."""
        return await self._made

    def _hear(self, text: str) -> None:
        try:
            self._loop.call_soon_threadsafe(self._words.put_nowait, text)
        except RuntimeError:  # the service is being stopped; the turn is still stored
            self._live.gone = True

    def _end(self, made: asyncio.Task[Made]) -> None:
        _running.discard(made)
        self._words.put_nowait(None)
        if not made.cancelled() and made.exception() and self._live.gone:
            log.error("a turn that nobody waited for any more failed", exc_info=made.exception())

    async def _notice_leaving(self, request: Request) -> None:
        while (await request.receive())["type"] != "http.disconnect":
            continue
        self._live.gone = True
