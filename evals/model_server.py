"""A scripted OpenAI-compatible server: it answers, lies, stalls and fails as it is told.

In a test or an evaluation: `with running(Behaviour(text="…")) as server:`, `server.url`. As a process of its own:
`python -m evals.model_server --port 8001 --behaviour '{"act": "lie"}'`, changed by PUT /behaviour with the same JSON.
"""

from __future__ import annotations

import argparse
import asyncio
import importlib
import json
import threading
import time
from collections import deque
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager, suppress
from typing import Any

from evals import http_wire
from evals.model_behaviour import Act, Behaviour, Sent

_REFUSALS = {
    Act.WRONG_KEY: (401, "invalid_api_key"),
    Act.UNKNOWN_MODEL: (404, "model_not_found"),
    Act.RATE_LIMITED: (429, "rate_limit_exceeded"),
    Act.SERVER_ERROR: (500, "internal_error"),
    Act.TOO_LONG: (400, "context_length_exceeded"),
}
_MEGABYTE = 1_000_000
GARBAGE = '{"choices": [{<html>'
"""What is sent in the place of JSON."""


class _Cut(Exception):
    """The connection is to be cut now."""


class ModelServer:
    """The server; what it does next may be changed while it runs, from any thread.

    `requests` are those for completions, `hung_up` counts clients that left before their answer was whole, `at_once` is the
    most that were being answered at one time.
    """

    def __init__(self, behaviour: Behaviour, models: tuple[str, ...]) -> None:
        self.behaviour = behaviour
        self.models = models
        self.requests: list[Sent] = []
        self.hung_up = 0
        self.at_once = 0
        self.connections = 0
        self.url = ""
        self._next: deque[Behaviour] = deque()
        self._answering = 0

    def then(self, *behaviours: Behaviour) -> None:
        """The next requests are met so, in turn; those after them by `behaviour` again."""
        self._next.extend(behaviours)

    async def listen(self, port: int = 0) -> asyncio.Server:
        """Opens the door on 127.0.0.1; port 0 is a free one."""
        server = await asyncio.start_server(self._connection, "127.0.0.1", port, backlog=1_024, limit=16 * _MEGABYTE)
        self.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/v1"
        return server

    async def _connection(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        first = b""
        try:
            while sent := await http_wire.read(reader, first):
                first = await self._watched(self._respond(sent, writer), reader)
        except (ConnectionError, asyncio.IncompleteReadError, _Cut):
            pass
        finally:
            writer.close()

    async def _watched(self, answer: Any, reader: asyncio.StreamReader) -> bytes:
        """Answers while it watches whether the client leaves; the first byte of a next request, if it was there already."""
        answering, leaving = asyncio.ensure_future(answer), asyncio.ensure_future(reader.read(1))
        try:
            await asyncio.wait({answering, leaving}, return_when=asyncio.FIRST_COMPLETED)
            if not answering.done() and not leaving.result():
                raise ConnectionError
            await answering
        except ConnectionError:
            self.hung_up += 1
            raise
        finally:
            for task in (answering, leaving):
                task.cancel()
            # Both are waited for, so that what they raise late is nobody's surprise.
            ended = await asyncio.gather(answering, leaving, return_exceptions=True)
        return ended[1] if isinstance(ended[1], bytes) else b""

    async def _respond(self, sent: Sent, writer: asyncio.StreamWriter) -> None:
        if sent.path == "/behaviour":
            self.behaviour = Behaviour.of(sent.body)
            await http_wire.reply(writer, 200, {"now": self.behaviour.act})
            return
        asks = sent.path == "/v1/chat/completions"
        behaviour = self._next.popleft() if asks and self._next else self.behaviour
        if asks:
            self.requests.append(sent)
        self._answering += 1
        self.at_once = max(self.at_once, self._answering)
        try:
            await self._meet(sent, behaviour, writer, asks)
        finally:
            self._answering -= 1

    async def _meet(self, sent: Sent, behaviour: Behaviour, writer: asyncio.StreamWriter, asks: bool) -> None:
        if behaviour.act is Act.HANG:
            await asyncio.Event().wait()
        if refusal := _refusal(sent, behaviour, asks):
            await http_wire.refuse(writer, *refusal, behaviour.retry_after)
        elif not asks:
            await http_wire.reply(writer, 200, {"data": [{"id": name} for name in self.models]})
        elif sent.body.get("stream"):
            await self._stream(sent, behaviour, writer)
        else:
            await self._whole(sent, behaviour, writer)

    async def _whole(self, sent: Sent, behaviour: Behaviour, writer: asyncio.StreamWriter) -> None:
        pieces = [piece async for piece in self._pieces(sent, behaviour)]
        if None in pieces:
            await http_wire.reply(writer, 200, GARBAGE)
            return
        text = "".join(piece for piece in pieces if piece)
        usage = {"usage": _usage(sent, text)} if behaviour.usage else {}
        message = {"role": "assistant", "content": text, "reasoning_content": behaviour.reasoning}
        choice = {"index": 0, "message": message, "finish_reason": "stop"}
        await http_wire.reply(writer, 200, _about(sent) | {"choices": [choice]} | usage)

    async def _pieces(self, sent: Sent, behaviour: Behaviour) -> AsyncIterator[str | None]:
        """The answer's tokens at their pace; None where there is garbage."""
        await asyncio.sleep(behaviour.pause)
        text = self._text(sent, behaviour)
        pieces = [text[start : start + behaviour.piece] for start in range(0, len(text), behaviour.piece)]
        broken = behaviour.act in (Act.STALL, Act.CUT, Act.GARBAGE)
        for piece in pieces[: behaviour.after] if broken else pieces:
            yield piece
            await asyncio.sleep(behaviour.pace)
        if behaviour.act is Act.STALL:
            await asyncio.Event().wait()
        if behaviour.act is Act.CUT:
            raise _Cut
        if behaviour.act is Act.GARBAGE:
            yield None

    def _text(self, sent: Sent, behaviour: Behaviour) -> str:
        if behaviour.act is Act.OVERLONG:
            return "很长的回答。" * (_MEGABYTE // 18)
        if behaviour.act is Act.LIE and sent.shape is None:
            return str(importlib.import_module("evals.lies").lie(sent.user, len(self.requests)))
        return behaviour.answer(sent)

    async def _stream(self, sent: Sent, behaviour: Behaviour, writer: asyncio.StreamWriter) -> None:
        writer.write(http_wire.head(200, "text/event-stream", "Transfer-Encoding: chunked"))
        while behaviour.act is Act.KEEP_ALIVE:
            await http_wire.chunk(writer, ": still here\n\n")
            await asyncio.sleep(0.02)
        if behaviour.reasoning:
            await http_wire.event(writer, _about(sent) | _delta({"reasoning_content": behaviour.reasoning}))
        text = ""
        async for piece in self._pieces(sent, behaviour):
            text += piece or ""
            if piece is None:
                await http_wire.chunk(writer, f"data: {GARBAGE}\n\n")
            else:
                await http_wire.event(writer, _about(sent) | _delta({"content": piece}))
        await http_wire.event(writer, _about(sent) | _delta({}, "stop"))
        if behaviour.usage and (sent.body.get("stream_options") or {}).get("include_usage"):
            await http_wire.event(writer, _about(sent) | {"choices": [], "usage": _usage(sent, text)})
        await http_wire.chunk(writer, "data: [DONE]\n\n")
        writer.write(b"0\r\n\r\n")
        await writer.drain()


@contextmanager
def running(behaviour: Behaviour | None = None, models: tuple[str, ...] = ("large", "small")) -> Iterator[ModelServer]:
    """The server in a thread of its own, for as long as this lasts."""
    server, ready, loop = ModelServer(behaviour or Behaviour(), models), threading.Event(), asyncio.new_event_loop()

    async def serve() -> None:
        door = await server.listen()
        ready.set()
        with suppress(asyncio.CancelledError):
            await door.serve_forever()
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)

    main = loop.create_task(serve())
    thread = threading.Thread(target=loop.run_until_complete, args=(main,), name="model server")
    thread.start()
    ready.wait()
    try:
        yield server
    finally:
        loop.call_soon_threadsafe(main.cancel)
        thread.join()
        loop.close()


def _refusal(sent: Sent, behaviour: Behaviour, asks: bool) -> tuple[int, str] | None:
    """The status and code with which a request is refused, where it is."""
    if behaviour.act in (_REFUSALS if asks else (Act.WRONG_KEY, Act.SERVER_ERROR)):
        return _REFUSALS[behaviour.act]
    if not asks:
        return None if sent.path == "/v1/models" else (404, "not_found")
    if "response_format" in sent.body and not behaviour.structured:
        return 400, "response_format is not supported"
    if "stream_options" in sent.body and not behaviour.stream_options:
        return 400, "stream_options is not supported"
    return None


def _about(sent: Sent) -> dict[str, Any]:
    kind = "chat.completion.chunk" if sent.body.get("stream") else "chat.completion"
    return {"id": "scripted", "object": kind, "created": int(time.time()), "model": sent.body.get("model", "")}


def _delta(delta: dict[str, Any], finish: str | None = None) -> dict[str, Any]:
    return {"choices": [{"index": 0, "delta": delta, "finish_reason": finish}]}


def _usage(sent: Sent, text: str) -> dict[str, int]:
    read, written = sum(len(str(message["content"])) for message in sent.body.get("messages", ())), len(text)
    return {"prompt_tokens": read, "completion_tokens": written, "total_tokens": read + written}


def main() -> None:
    """Serves until it is ended."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--models", default="large,small")
    parser.add_argument("--behaviour", type=json.loads, default={})
    options = parser.parse_args()
    server = ModelServer(Behaviour.of(options.behaviour), tuple(options.models.split(",")))

    async def serve() -> None:
        door = await server.listen(options.port)
        print(json.dumps({"url": server.url}), flush=True)
        await door.serve_forever()

    with suppress(KeyboardInterrupt):
        asyncio.run(serve())


if __name__ == "__main__":
    main()
