"""A turn that a page hears while it is being made in a thread."""

from __future__ import annotations

import contextvars
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from queue import SimpleQueue
from threading import Thread

from assistant.live import Live
from assistant.reply import Turn


class Speech:
    """What is said of a turn, as it is said. The turn is made to its end even if nobody listens."""

    def __init__(self, make: Callable[[Live], Turn]) -> None:
        self._words: SimpleQueue[str | None] = SimpleQueue()
        self._live = Live(self._words.put)
        self._made: Future[Turn] = Future()
        here = contextvars.copy_context()
        Thread(target=here.run, args=(self._work, make), name="turn").start()

    def words(self) -> Iterator[str]:
        """What is said, as it is said, up to its end."""
        try:
            while (piece := self._words.get()) is not None:
                yield piece
        finally:
            self._live.gone = not self._made.done()

    @property
    def turn(self) -> Turn:
        """What came of it; raises what went wrong."""
        return self._made.result()

    def _work(self, make: Callable[[Live], Turn]) -> None:
        try:
            self._made.set_result(make(self._live))
        except BaseException as error:  # whoever asks for the turn is told
            self._made.set_exception(error)
        finally:
            self._words.put(None)
