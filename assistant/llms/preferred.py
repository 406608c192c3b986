"""Several models in order of preference, at most so many calls of them at once."""

from __future__ import annotations

import threading
from collections.abc import Generator, Iterator, Sequence
from contextlib import closing, contextmanager

from assistant.llm import Allowance, Asked, Failure, ModelFailed, Shape
from assistant.llms.call import Call
from assistant.llms.server import Server

_WAIT_SECONDS = 0.5
"""How long a call waits for its place; a customer is better answered without a model than late."""


class Preferred:
    """The next is asked where one fails before its first word; `places` is how many calls may run at once."""

    def __init__(self, servers: Sequence[Server], places: int) -> None:
        self._servers = servers
        self._places = threading.BoundedSemaphore(places)

    def stream(self, asked: Asked, allowance: Allowance) -> Generator[str, None, None]:
        """The answer piece by piece; raises ModelFailed, that of the last that was asked."""
        with self._placed(asked, allowance):
            for server in self._servers:
                pieces = server.stream(asked, allowance)
                with closing(pieces):
                    try:
                        first = next(pieces)
                    except ModelFailed as failed:
                        self._check_more(server, failed, allowance)
                        continue
                    yield first
                    yield from pieces
                    return

    def fill(self, asked: Asked, shape: type[Shape], allowance: Allowance) -> Shape:
        """An answer of this shape; raises ModelFailed, that of the last that was asked."""
        with self._placed(asked, allowance):
            for server in self._servers:
                try:
                    return server.fill(asked, shape, allowance)
                except ModelFailed as failed:
                    self._check_more(server, failed, allowance)
        raise AssertionError  # the last one has answered or failed

    def resting(self) -> dict[str, bool]:
        """The servers by name, each with whether calls are being kept from it."""
        return {server.wire.name: server.circuit.is_open for server in self._servers}

    def close(self) -> None:
        """Gives all connections back."""
        for server in self._servers:
            server.close()

    def _check_more(self, server: Server, failed: ModelFailed, allowance: Allowance) -> None:
        """Raises what failed where nobody else can be asked."""
        if server is self._servers[-1] or not allowance.left:
            raise failed

    @contextmanager
    def _placed(self, asked: Asked, allowance: Allowance) -> Iterator[None]:
        if not self._places.acquire(timeout=min(_WAIT_SECONDS, allowance.left)):
            first = self._servers[0]
            call = Call(asked, first.models[asked.size], allowance.until, first.silence)
            allowance.asked.append(call.note(first.prices, Failure.BUSY))
            raise ModelFailed(Failure.BUSY)
        try:
            yield
        finally:
            self._places.release()
