"""The server-sent events of a streamed completion, read from its bytes."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from assistant.llm import Failure, ModelFailed
from assistant.llms.refusal import refused

_DONE = b"[DONE]"
_LONGEST_LINE = 1_000_000
"""Bytes; an event holds a few words."""


@dataclass(frozen=True)
class Event:
    """What an event says: words, why the answer ends, tokens read and written; all empty where it says nothing."""

    words: str = ""
    finish: str = ""
    usage: tuple[int, int] | None = None
    is_last: bool = False


_NOTHING = Event()


def events(pieces: Iterable[bytes]) -> Iterator[Event]:
    """One for each line that has come, comments and blank ones too, so that their reader can look at the clock.

    Raises ModelFailed for what cannot be read, and where the server tells of a failure of its own.
    """
    for line in _lines(pieces):
        # A server that does not stream answers with one object, which is read as one event.
        data = line[5:].strip() if line.startswith(b"data:") else line.strip() if line.startswith(b"{") else b""
        if not data:
            yield _NOTHING
            continue
        yield Event(is_last=True) if data == _DONE else _event(data)


def _lines(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """Split at line feeds alone: a text may hold other characters that end lines elsewhere."""
    held = b""
    for piece in pieces:
        *whole, held = (held + piece).split(b"\n")
        yield from whole
        if len(held) > _LONGEST_LINE:
            raise ModelFailed(Failure.UNREADABLE)
    if held:
        yield held


def _event(data: bytes) -> Event:
    try:
        body = json.loads(data)
        if "error" in body:
            raise refused(_status(body["error"]), body, {})
        usage, choices = body.get("usage"), body.get("choices")
        counted = (int(usage["prompt_tokens"]), int(usage["completion_tokens"])) if usage else None
        if not choices:
            return Event(usage=counted)
        said = choices[0]["delta"] if "delta" in choices[0] else choices[0]["message"]
        words, finish = said.get("content") or "", choices[0].get("finish_reason") or ""
        if not isinstance(words, str):
            raise TypeError("the words are no text")
        return Event(words, str(finish), counted)
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
        raise ModelFailed(Failure.UNREADABLE) from None


def _status(error: Any) -> int:
    code = error.get("code") if isinstance(error, dict) else None
    return code if isinstance(code, int) and 400 <= code < 600 else 500
