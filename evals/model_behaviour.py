"""What the scripted model server may do with a request, and the requests it was sent."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class Act(StrEnum):
    """What is done with a request."""

    ANSWER = "answer"
    LIE = "lie"
    WRONG_KEY = "wrong_key"
    UNKNOWN_MODEL = "unknown_model"
    RATE_LIMITED = "rate_limited"
    SERVER_ERROR = "server_error"
    TOO_LONG = "too_long"
    HANG = "hang"
    """The connection is taken, the request read, and nothing is ever said."""
    KEEP_ALIVE = "keep_alive"
    """Comments of server-sent events for ever, and never a token."""
    STALL = "stall"
    """`after` tokens, then nothing more on an open connection."""
    CUT = "cut"
    """`after` tokens, then the connection is cut."""
    GARBAGE = "garbage"
    """`after` tokens, then what is no JSON."""
    OVERLONG = "overlong"
    """A megabyte of answer."""


@dataclass(frozen=True)
class Sent:
    """A request: its path, its headers in small letters, and its body, parsed."""

    path: str
    headers: Mapping[str, str]
    body: Mapping[str, Any]

    @property
    def user(self) -> str:
        """The last message of the user."""
        said = [message["content"] for message in self.body.get("messages", ()) if message["role"] == "user"]
        return str(said[-1]) if said else ""

    @property
    def shape(self) -> Mapping[str, Any] | None:
        """The JSON schema that the answer is to follow, where one is named."""
        named = self.body.get("response_format") or {}
        return (named.get("json_schema") or {}).get("schema") if named.get("type") == "json_schema" else None


@dataclass(frozen=True)
class Behaviour:
    """How requests are met; times in seconds.

    Without a `text` the answer is a short sentence, or the smallest object of the schema that was asked for. `reasoning`
    comes before it in the way of thinking models. `structured` off refuses response_format, `stream_options` off refuses
    that option, both with 400.
    """

    act: Act = Act.ANSWER
    text: str | Callable[[Sent], str] | None = None
    reasoning: str = ""
    pause: float = 0
    pace: float = 0
    piece: int = 2
    after: int = 3
    retry_after: float | None = None
    usage: bool = True
    structured: bool = True
    stream_options: bool = True

    @classmethod
    def of(cls, values: Mapping[str, Any]) -> Behaviour:
        """One from JSON, as a server that is a process of its own is told it."""
        return cls(**{**values, "act": Act(values.get("act", Act.ANSWER))})

    def answer(self, sent: Sent) -> str:
        """What is said to this request, where it is a plain answer."""
        if callable(self.text):
            return self.text(sent)
        if self.text is not None:
            return self.text
        return "好的。" if sent.shape is None else json.dumps(smallest(sent.shape), ensure_ascii=False)


def smallest(schema: Mapping[str, Any], root: Mapping[str, Any] | None = None) -> Any:
    """The smallest value of a JSON schema, as far as pydantic's schemas go."""
    root = root or schema
    if "$ref" in schema:
        return smallest(root["$defs"][schema["$ref"].rpartition("/")[2]], root)
    if "const" in schema or "enum" in schema:
        return schema["const"] if "const" in schema else schema["enum"][0]
    if "anyOf" in schema:
        return None if {"type": "null"} in schema["anyOf"] else smallest(schema["anyOf"][0], root)
    if schema.get("type") == "object":
        return {name: smallest(part, root) for name, part in schema.get("properties", {}).items()}
    if schema.get("type") == "array":
        return [smallest(schema["items"], root)] * schema.get("minItems", 0)
    return {
        "string": "",
        "integer": schema.get("minimum", 0),
        "number": schema.get("minimum", 0),
        "boolean": False,
    }.get(str(schema.get("type")))
