"""Errors over HTTP, as application/problem+json (RFC 9457)."""

from __future__ import annotations

import logging
from http import HTTPStatus

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from assistant.demo_bank.customer import UnknownCustomer
from assistant.demo_bank.operation import KeyTaken, UnknownOperation
from assistant.demo_bank.outcome import BadInput
from assistant.demo_bank.query import UnknownQuery

log = logging.getLogger(__name__)
_STATUS = {
    UnknownCustomer: HTTPStatus.NOT_FOUND,
    UnknownOperation: HTTPStatus.NOT_FOUND,
    UnknownQuery: HTTPStatus.NOT_FOUND,
    BadInput: HTTPStatus.UNPROCESSABLE_ENTITY,
    KeyTaken: HTTPStatus.UNPROCESSABLE_ENTITY,
}


def install(app: FastAPI) -> None:
    """Makes every error of the service a problem+json."""
    for error in _STATUS:
        app.add_exception_handler(error, _on_known)

    @app.exception_handler(RequestValidationError)
    def on_validation(_request: Request, error: RequestValidationError) -> JSONResponse:
        details = [f"{'.'.join(map(str, item['loc']))}: {item['msg']}" for item in error.errors()]
        return respond(HTTPStatus.UNPROCESSABLE_ENTITY, "; ".join(details))

    @app.exception_handler(HTTPException)
    def on_http(_request: Request, error: HTTPException) -> JSONResponse:
        return respond(HTTPStatus(error.status_code), str(error.detail))

    @app.exception_handler(Exception)
    def on_bug(_request: Request, error: Exception) -> JSONResponse:
        log.error("unexpected error", exc_info=error)
        return respond(HTTPStatus.INTERNAL_SERVER_ERROR, "Something went wrong; it has been logged.")


def unauthorized() -> JSONResponse:
    """For a call without the key."""
    return respond(HTTPStatus.UNAUTHORIZED, "Send the key as `Authorization: Bearer KEY`.")


def unavailable() -> JSONResponse:
    """For a call that nothing was done about."""
    return respond(HTTPStatus.SERVICE_UNAVAILABLE, "The bank takes no calls at the moment; nothing was done.")


def respond(status: HTTPStatus, detail: str) -> JSONResponse:
    """A problem of this status."""
    # A lone surrogate in the request can come back in the detail, and cannot be sent.
    safe = detail.encode("utf-8", "replace").decode()
    body = {"type": "about:blank", "title": status.phrase, "detail": safe, "status": status.value}
    return JSONResponse(body, status, media_type="application/problem+json")


def _on_known(_request: Request, error: Exception) -> JSONResponse:
    return respond(_STATUS[type(error)], str(error))
