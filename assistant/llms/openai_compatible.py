"""Any server that speaks OpenAI's chat completions: vLLM, Ollama, llama.cpp, DeepSeek, Qwen, OpenAI.

The `openai` SDK sends the request and tells what went wrong; the events of the answer are read from its bytes here. With 200
streams in one process a piece cost so many milliseconds of processor time: 0.14 read from the SDK's bytes, 0.31 as the SDK's
objects, 0.39 through langchain's ChatOpenAI (0.12 with httpx2 alone). The SDK's own reading passes over comments in silence,
too, so that a server that sends nothing else would be waited for without end. The whole way from here adds 7 ms to the first
word of a single stream and 10 ms to that of 200 at once, in threads; an event loop for all of them added 1.8 s.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from typing import Any
from urllib.parse import urlsplit

import httpx2
import openai
from openai import APIResponse
from pydantic import BaseModel, SecretStr

from assistant.llm import Asked, Failure, ModelFailed
from assistant.llms.call import Call
from assistant.llms.ending import Ending
from assistant.llms.reading import words
from assistant.llms.refusal import refused
from assistant.llms.request import request, to_leave_out

log = logging.getLogger(__name__)
_CONNECT_SECONDS = 2.0
_LAST_BYTES_SECONDS = 0.2
"""How long the end of a connection's answer is waited for when all words have come, to use the connection again."""
_NAMED = ("model", "messages", "stream")
_LOOPBACK = ("127.0.0.1", "localhost", "::1")

# These would write prompts into a log at the level DEBUG.
for _name in ("openai", "httpx2", "httpcore2"):
    logging.getLogger(_name).setLevel(logging.WARNING)


class OpenAICompatible:
    """One server; `more` is sent in the body of every request. All threads may use it."""

    def __init__(
        self, base_url: str, key: SecretStr | None, more: Mapping[str, Any], connections: int, ending: Ending
    ) -> None:
        place = urlsplit(base_url)
        self.name = f"{place.hostname}:{place.port}" if place.port else str(place.hostname)
        self._more = dict(more)
        self._ending = ending
        self._without: frozenset[str] = frozenset()
        limits = httpx2.Limits(max_connections=connections, max_keepalive_connections=min(connections, 64))
        # Proxies of the environment are for servers elsewhere.
        http = httpx2.Client(limits=limits, trust_env=place.hostname not in _LOOPBACK, follow_redirects=True)
        given = key.get_secret_value() if key else ""
        # What the environment tells the SDK is for another server than this one.
        unwanted = ["OpenAI-Organization", "OpenAI-Project", *([] if given else ["Authorization"])]
        self._headers: dict[str, Any] = {name: openai.Omit() for name in unwanted}
        self._client = openai.OpenAI(base_url=base_url, api_key=given or "none", max_retries=0, http_client=http)

    def say(self, asked: Asked, call: Call, shape: type[BaseModel] | None) -> Iterator[str]:
        """The answer's words as they come; raises ModelFailed. Closing the iterator closes the connection."""
        with ExitStack() as stack:
            response = self._begun(asked, call, shape, stack)
            connection = response.http_response.extensions["network_stream"].get_extra_info("socket")
            stack.enter_context(self._ending.at(call.until, connection))

            def at_last() -> None:
                stack.enter_context(self._ending.at(time.monotonic() + _LAST_BYTES_SECONDS, connection))

            yield from words(response.iter_bytes(), call, at_last)

    def close(self) -> None:
        """Gives the connections back."""
        self._client.close()

    def _begun(self, asked: Asked, call: Call, shape: type[BaseModel] | None, stack: ExitStack) -> APIResponse[Any]:
        """The answer, of which only the head has come. What the server refuses to be told is left out from then on."""
        without = self._without
        while True:
            body = request(asked, call.model, shape, without, self._more)
            try:
                response = self._sent(body, call, stack)
            except openai.APIStatusError as error:
                failed = refused(error.status_code, error.body, error.response.headers)
                options = to_leave_out(error.status_code, error.body, failed, body)
                if not options:
                    raise failed from None
                without |= options
            else:
                self._learn(without)
                return response

    def _sent(self, body: dict[str, Any], call: Call, stack: ExitStack) -> APIResponse[Any]:
        patience = call.patience()
        call.sent = True
        try:
            return stack.enter_context(
                self._client.chat.completions.with_streaming_response.create(
                    model=body["model"],
                    messages=body["messages"],
                    stream=True,
                    extra_headers=self._headers,
                    extra_body={name: value for name, value in body.items() if name not in _NAMED},
                    timeout=httpx2.Timeout(patience, connect=min(_CONNECT_SECONDS, patience)),
                )
            )
        except openai.APIConnectionError as error:
            raise _unanswered(error, call) from None

    def _learn(self, without: frozenset[str]) -> None:
        if without != self._without:
            log.info("models at %s are asked without %s", self.name, ", ".join(sorted(without)))
            self._without = without


def _unanswered(error: openai.APIConnectionError, call: Call) -> ModelFailed:
    cause = error.__cause__
    if isinstance(cause, httpx2.TimeoutException) and not isinstance(cause, httpx2.ConnectTimeout):
        return call.too_late()
    return ModelFailed(Failure.UNREACHABLE, type(cause).__name__)
