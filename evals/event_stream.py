"""The plainest client of server-sent events there is, so that what is measured is the server."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

_END = b"0\r\n"
_LONGEST_LINE = 2**20


@dataclass(frozen=True)
class Heard:
    """One event: when it came (time.perf_counter), what it is called, its data."""

    at: float
    name: str
    data: str


class Refused(Exception):
    """The server answered with another status than 200."""


async def events(url: str, body: Mapping[str, Any], headers: Mapping[str, str]) -> AsyncIterator[Heard]:
    """The events that answer this POST, as they come; servers send each as one chunk."""
    place = urlsplit(url)
    reader, writer = await asyncio.open_connection(place.hostname, place.port, limit=_LONGEST_LINE)
    try:
        writer.write(_request(place.netloc, place.path, json.dumps(body).encode(), headers))
        status = await reader.readline()
        if b" 200 " not in status:
            raise Refused(f"{url} answered {status.decode().strip()}")
        while await reader.readline() != b"\r\n":
            pass
        name = ""
        while (line := await reader.readline()) not in (_END, b""):
            field, _, value = line.decode().rstrip("\r\n").partition(": ")
            if field == "event":
                name = value
            elif field == "data":
                yield Heard(time.perf_counter(), name, value)
    finally:
        writer.close()


def _request(host: str, path: str, body: bytes, headers: Mapping[str, str]) -> bytes:
    own = {"Host": host, "Content-Type": "application/json", "Content-Length": str(len(body)), "Connection": "close"}
    head = "".join(f"{name}: {value}\r\n" for name, value in {**own, **headers}.items())
    return f"POST {path} HTTP/1.1\r\n{head}\r\n".encode() + body
