"""Another model with a span for each call of it, made of what was noted in the allowance."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Mapping
from contextlib import contextmanager

from pydantic import HttpUrl

from assistant import tracing
from assistant.llm import LLM, Allowance, Asked, Shape
from assistant.settings import Settings
from assistant.tracing import Values


class Traced:
    """The model `inner`; `servers` are the attributes of the server at which each model runs, by the model's name."""

    def __init__(self, inner: LLM, servers: Mapping[str, Values]) -> None:
        self._inner = inner
        self._servers = servers

    def stream(self, asked: Asked, allowance: Allowance) -> Generator[str, None, None]:
        """As the inner model's."""
        with self._telling(allowance):
            yield from self._inner.stream(asked, allowance)

    def fill(self, asked: Asked, shape: type[Shape], allowance: Allowance) -> Shape:
        """As the inner model's."""
        with self._telling(allowance):
            return self._inner.fill(asked, shape, allowance)

    def resting(self) -> Mapping[str, bool]:
        """As the inner model's."""
        return self._inner.resting()

    def close(self) -> None:
        """As the inner model's."""
        self._inner.close()

    @contextmanager
    def _telling(self, allowance: Allowance) -> Iterator[None]:
        before, end = len(allowance.asked), None
        try:
            yield
        finally:
            # The last of several, where others had failed before it, ended now; each of those when the next began.
            for call in reversed(allowance.asked[before:]):
                end = tracing.asked(call, self._servers.get(call.model, {}), end)


def servers(settings: Settings) -> dict[str, Values]:
    """The attributes of the server of each model that the settings name."""
    found: dict[str, Values] = {}
    for named in settings.llms:
        for model in filter(None, (named.model, named.small_model)):
            found.setdefault(model, _server(named.base_url))
    return found


def _server(url: HttpUrl) -> Values:
    return {"server.address": url.host or "", "server.port": url.port or 0}
