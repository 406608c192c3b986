"""Ends connections at their time: a read that waits cannot look at the clock by itself."""

from __future__ import annotations

import heapq
import itertools
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress


class Ending:
    """One thread for all connections; it runs from the first one on."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._due: list[tuple[float, int, socket.socket]] = []
        self._numbers = itertools.count()
        self._held: set[int] = set()
        self._thread: threading.Thread | None = None

    @contextmanager
    def at(self, until: float, connection: socket.socket) -> Iterator[None]:
        """Within this the connection is shut when `until`, of time.monotonic, has come; whoever reads from it wakes then."""
        number = next(self._numbers)
        with self._changed:
            self._held.add(number)
            heapq.heappush(self._due, (until, number, connection))
            self._run()
            if self._due[0][1] == number:
                self._changed.notify()
        try:
            yield
        finally:
            with self._changed:
                self._held.discard(number)

    def _run(self) -> None:
        if self._thread is None:
            self._thread = threading.Thread(target=self._watch, name="endings", daemon=True)
            self._thread.start()

    def _watch(self) -> None:
        with self._changed:
            while True:
                self._changed.wait(max(0.0, self._due[0][0] - time.monotonic()) if self._due else None)
                while self._due and self._is_past(self._due[0]):
                    _, number, connection = heapq.heappop(self._due)
                    if number in self._held:
                        _shut(connection)

    def _is_past(self, due: tuple[float, int, socket.socket]) -> bool:
        """Those that have ended by themselves are cleared away with those whose time has come."""
        return due[0] <= time.monotonic() or due[1] not in self._held


def _shut(connection: socket.socket) -> None:
    # Of the plain socket: that of TLS would first forget its encryption, which the reader is using.
    with suppress(OSError):
        socket.socket.shutdown(connection, socket.SHUT_RDWR)
