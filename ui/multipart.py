"""Bodies with a file in them, read no further than they may be long."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Awaitable, Callable

from fastapi import Request

from ui.problem import Problem

IS_FORM = "multipart/form-data"
TooLarge = Callable[[], Awaitable[Problem]]
"""Called where a body is longer than it may be."""


async def limited(request: Request, most: int, too_large: TooLarge) -> AsyncGenerator[bytes, None]:
    """The body piece by piece, up to `most` bytes."""
    length = 0
    async for piece in request.stream():
        length += len(piece)
        if length > most:
            raise await too_large()
        yield piece


def is_form(request: Request) -> bool:
    """Whether the body says that it is a form with a file."""
    return request.headers.get("content-type", "").startswith(IS_FORM)
