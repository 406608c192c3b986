"""Errors as OpenAI clients read them, made of the problems that every other call answers with."""

from __future__ import annotations

import json
from collections.abc import Callable, Coroutine
from http import HTTPStatus
from typing import Any

from fastapi import Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from fastapi.routing import APIRoute

from ui.chat_request import Refused
from ui.problem import told

_TYPES = {
    HTTPStatus.UNAUTHORIZED: ("authentication_error", "invalid_api_key"),
    HTTPStatus.FORBIDDEN: ("permission_error", "insufficient_permissions"),
    HTTPStatus.NOT_FOUND: ("invalid_request_error", "model_not_found"),
}

_SHAPE = {
    "type": "object",
    "required": ["error"],
    "properties": {"error": {"type": "object", "required": ["message", "type", "param", "code"]}},
}
REFUSED: dict[int | str, dict[str, Any]] = {
    "4XX": {
        "description": "refused, in OpenAI's shape; before it is read at all, as everywhere",
        "content": {
            "application/json": {"schema": _SHAPE},
            "application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}},
        },
    },
    "503": {"description": "out of reach, in OpenAI's shape", "content": {"application/json": {"schema": _SHAPE}}},
}
"""What the interface's description says of errors."""


class OpenAIRoute(APIRoute):
    """A route whose errors have OpenAI's shape; what is said, and with which status, is as `ui.problem` has it."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """The route's handler, its errors reshaped."""
        handle = super().get_route_handler()

        async def answered(request: Request) -> Response:
            try:
                return await handle(request)
            except Exception as error:
                return reshaped(request, error)

        return answered


def reshaped(request: Request, error: Exception) -> JSONResponse:
    """What a client of OpenAI's is told of this error."""
    problem = told(request, error)
    # OpenAI has no 422: what a request says wrong is 400 there, and clients tell errors apart by it.
    wrong = problem.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    status = HTTPStatus.BAD_REQUEST if wrong else HTTPStatus(problem.status_code)
    fallback = "server_error" if status >= HTTPStatus.INTERNAL_SERVER_ERROR else "invalid_request_error"
    kind, code = _TYPES.get(status, (fallback, None))
    body = {
        "message": json.loads(bytes(problem.body))["detail"],
        "type": kind,
        "param": _param(error),
        "code": code,
    }
    headers = {name: value for name, value in problem.headers.items() if name in ("retry-after", "www-authenticate")}
    return JSONResponse({"error": body}, status, headers)


def _param(error: Exception) -> str | None:
    if isinstance(error, RequestValidationError):
        place = error.errors()[0]["loc"]
        return ".".join(str(part) for part in place[1:]) or None
    return error.param if isinstance(error, Refused) else None
