"""What is sent to a server of models, without what it is known to refuse."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel

from assistant.cloak import Public
from assistant.llm import Asked, Failure
from assistant.llms import in_json
from assistant.llms.refusal import Refused, said
from assistant.prompt import load

OPTIONS = ("stream_options", "response_format", "temperature")
"""What a server may refuse; it is then asked without."""
_REFUSE_OPTIONS = (400, 404, 422)


def request(
    asked: Asked, model: str, shape: type[BaseModel] | None, without: frozenset[str], more: Mapping[str, Any]
) -> dict[str, Any]:
    """The body of a request, `more` in it; a shape that the server does not take as a schema is asked for in words."""
    system = asked.system
    options: dict[str, Any] = {"stream_options": {"include_usage": True}, "temperature": 0}
    if shape is not None:
        schema = in_json.schema(shape)
        named = {"name": shape.__name__.strip("_"), "schema": schema, "strict": True}
        options["response_format"] = {"type": "json_schema", "json_schema": named}
        if "response_format" in without:
            system = _in_words(asked, schema)
    messages = [{"role": "system", "content": system}, {"role": "user", "content": asked.user}]
    kept = {name: value for name, value in options.items() if name not in without}
    return {**kept, **more, "model": model, "messages": messages, "stream": True}


def to_leave_out(status: int, words: object, failed: Refused, body: Mapping[str, Any]) -> frozenset[str]:
    """The options in a refused request that it may have been refused for: those named, or else all; none where it was for more."""
    sent = [name for name in OPTIONS if name in body]
    # A server without schemas may not know even the way that is asked for them.
    if status == 404:
        sent = [name for name in sent if name == "response_format"]
    elif status not in _REFUSE_OPTIONS or failed.failure is not Failure.REFUSED:
        return frozenset()
    return frozenset(name for name in sent if name in said(words)) or frozenset(sent)


def _in_words(asked: Asked, schema: Mapping[str, Any]) -> str:
    """The system's text with the schema at its end; what is in it is covered already."""
    texts = {"system": asked.system, "user": asked.user, "schema": json.dumps(schema, ensure_ascii=False)}
    covered = {name: Public(text) for name, text in texts.items()}
    return load("in_json").render(asked.cloak, **covered).system
