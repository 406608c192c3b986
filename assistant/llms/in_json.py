"""Answers that have a shape: its schema as servers want it, and the object found in what a model wrote."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, ValidationError

from assistant.cloak import Cloak
from assistant.llm import Failure, ModelFailed, Shape

_DECODER = json.JSONDecoder()
_UNWANTED = ("default", "title")
"""Strict schemas know no defaults, and titles only lengthen the prompt."""


def schema(shape: type[BaseModel]) -> dict[str, Any]:
    """The shape as a strict JSON schema: nothing may be left out of an object or added to it."""
    strict = _strict(shape.model_json_schema())
    assert isinstance(strict, dict)  # noqa: S101 - a model's schema is an object
    return strict


def read(text: str, shape: type[Shape], cloak: Cloak) -> Shape:
    """The first JSON object in a text, in this shape, its texts uncovered; raises ModelFailed."""
    try:
        return shape.model_validate(_uncovered(_first_object(text), cloak))
    except ValidationError as error:
        places = ", ".join(sorted({".".join(map(str, item["loc"])) for item in error.errors()}))
        raise ModelFailed(Failure.OTHER_SHAPE, f"{shape.__name__}: {places[:200]}") from None


def _strict(part: Any, is_names: bool = False) -> Any:
    if isinstance(part, list):
        return [_strict(item) for item in part]
    if not isinstance(part, Mapping):
        return part
    kept = {
        name: _strict(value, is_names=name in ("properties", "$defs") and not is_names)
        for name, value in part.items()
        if is_names or name not in _UNWANTED
    }
    if not is_names and kept.get("type") == "object" and "properties" in kept:
        kept |= {"required": list(kept["properties"]), "additionalProperties": False}
    return kept


def _first_object(text: str) -> dict[str, Any]:
    start = text.find("{")
    while start >= 0:
        try:
            found, _ = _DECODER.raw_decode(text, start)
        except (ValueError, RecursionError):
            start = text.find("{", start + 1)
        else:
            return dict(found)
    raise ModelFailed(Failure.OTHER_SHAPE, "no JSON object")


def _uncovered(value: Any, cloak: Cloak) -> Any:
    if isinstance(value, str):
        return cloak.uncover(value)
    if isinstance(value, list):
        return [_uncovered(item, cloak) for item in value]
    if isinstance(value, dict):
        return {name: _uncovered(item, cloak) for name, item in value.items()}
    return value
