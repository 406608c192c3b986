"""Commands as they are kept with what happened: each by its name, for what they hold does not tell them apart."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Annotated, Any, get_args

from pydantic import BeforeValidator, SerializerFunctionWrapHandler, TypeAdapter, ValidationInfo, WrapSerializer

from assistant.command import Command

_NAME = "command"


@cache
def _adapter(name: str) -> TypeAdapter[Any]:
    """Reads the command of this name; raises ValueError where there is none."""
    kind = next((one for one in get_args(Command) if one.__name__ == name), None)
    if kind is None:
        raise ValueError(f"there is no command {name!r}")
    return TypeAdapter(kind)


def _written(command: Command, inner: SerializerFunctionWrapHandler) -> dict[str, Any]:
    return {_NAME: type(command).__name__, **inner(command)}


def _read(value: object, info: ValidationInfo) -> object:
    """The command that was kept; one that was kept without its name is told by what it holds."""
    if not isinstance(value, Mapping) or _NAME not in value:
        return value
    held = {name: one for name, one in value.items() if name != _NAME}
    return _adapter(value[_NAME]).validate_python(held, context=info.context)


KeptCommand = Annotated[Command, BeforeValidator(_read), WrapSerializer(_written)]
"""A command in an event."""
