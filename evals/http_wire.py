"""As much HTTP as a scripted server needs: requests read, answers, chunks and server-sent events written."""

from __future__ import annotations

import asyncio
import json

from evals.model_behaviour import Sent


async def read(reader: asyncio.StreamReader, first: bytes) -> Sent | None:
    """The next request of a connection; None where the client is done."""
    try:
        lines = (first + await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
    except asyncio.IncompleteReadError:
        return None
    path = lines[0].split(" ")[1]
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines[1:] if line)}
    body = await reader.readexactly(int(headers.get("content-length", 0)))
    return Sent(path, headers, json.loads(body) if body else {})


def head(status: int, kind: str, *more: str) -> bytes:
    """The head of an answer, with more header lines."""
    return "\r\n".join([f"HTTP/1.1 {status} -", f"Content-Type: {kind}", *more, "", ""]).encode()


async def reply(writer: asyncio.StreamWriter, status: int, body: object, *headers: str) -> None:
    """A whole answer, as JSON; a text is sent as it stands."""
    content = (body if isinstance(body, str) else json.dumps(body, ensure_ascii=False)).encode()
    writer.write(head(status, "application/json", f"Content-Length: {len(content)}", *headers) + content)
    await writer.drain()


async def refuse(writer: asyncio.StreamWriter, status: int, code: str, retry_after: float | None = None) -> None:
    """A refusal in OpenAI's form; `retry_after` in seconds."""
    more = [] if retry_after is None else [f"Retry-After: {retry_after:g}"]
    await reply(writer, status, {"error": {"message": f"refused: {code}", "type": "refused", "code": code}}, *more)


async def chunk(writer: asyncio.StreamWriter, text: str) -> None:
    """A piece of a chunked answer."""
    content = text.encode()
    writer.write(f"{len(content):x}\r\n".encode() + content + b"\r\n")
    await writer.drain()


async def event(writer: asyncio.StreamWriter, body: object) -> None:
    """A server-sent event."""
    await chunk(writer, f"data: {json.dumps(body, ensure_ascii=False)}\n\n")
