"""Whole numbers as they come over HTTP: true is none of them."""

from __future__ import annotations

from typing import Annotated

from pydantic import BeforeValidator


def _counted(value: object) -> object:
    if isinstance(value, bool):
        raise ValueError("a number is wanted, not true or false")
    return value


Whole = Annotated[int, BeforeValidator(_counted)]
