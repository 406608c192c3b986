"""Errors over HTTP, as application/problem+json (RFC 9457)."""

from __future__ import annotations

import logging
from http import HTTPStatus

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from sqlalchemy.exc import DataError, SQLAlchemyError
from starlette.exceptions import HTTPException

from assistant.assistant import UnknownTurn
from assistant.bank import BankUnavailable
from assistant.banks.demo import UnknownCustomer
from assistant.desk import NoReason, SamePerson, TooFewPictures, UnknownAgent, UnknownCode, UnknownSkill
from assistant.faq_desk import DraftFaulty, NeedsSecondPerson, NoRefusalReason
from assistant.faq_draft import DraftMoved, NoSuchDraft
from assistant.gap_desk import NoReasonGiven, NoSuchGap
from assistant.guard import MessageRefused
from assistant.guiding import OtherCustomer, UnknownTicket
from assistant.lead import LeadGone, NoSuchLead
from assistant.password import WeakPassword
from assistant.picture import NoPictureWanted, NoSuchPicture, WrongPicture
from assistant.storage import UnknownConversation
from assistant.ticket import IllegalMove, NoSuchTicket
from assistant.user import NameTaken, NoSuchUser, WrongName
from ingest.reader import Unreadable
from knowledge_base.edition import EditionRefused, NoSuchDocument
from knowledge_base.index import IndexUnavailable

log = logging.getLogger(__name__)


class Problem(Exception):
    """A request that cannot be met: the status, and what the caller can do."""

    def __init__(self, status: HTTPStatus, detail: str, headers: dict[str, str] | None = None) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.headers = headers


def install(app: FastAPI) -> None:  # noqa: C901 - one handler an error
    """Makes every error of the service a problem+json."""

    @app.exception_handler(Problem)
    def on_problem(_request: Request, error: Problem) -> JSONResponse:
        return _response(error.status, error.detail, error.headers)

    @app.exception_handler(RequestValidationError)
    def on_validation(_request: Request, error: RequestValidationError) -> JSONResponse:
        details = [f"{'.'.join(map(str, item['loc']))}: {item['msg']}" for item in error.errors()]
        return _response(HTTPStatus.UNPROCESSABLE_ENTITY, "; ".join(details))

    @app.exception_handler(HTTPException)
    def on_http(_request: Request, error: HTTPException) -> JSONResponse:
        return _response(HTTPStatus(error.status_code), str(error.detail), dict(error.headers or {}))

    @app.exception_handler(MessageRefused)
    @app.exception_handler(NoReason)
    @app.exception_handler(WrongPicture)
    @app.exception_handler(UnknownAgent)
    @app.exception_handler(UnknownCode)
    @app.exception_handler(UnknownSkill)
    @app.exception_handler(NoReasonGiven)
    @app.exception_handler(NoRefusalReason)
    @app.exception_handler(DraftFaulty)
    @app.exception_handler(WeakPassword)
    @app.exception_handler(WrongName)
    def on_refused(_request: Request, error: Exception) -> JSONResponse:
        return _response(HTTPStatus.UNPROCESSABLE_ENTITY, str(error))

    @app.exception_handler(UnknownConversation)
    @app.exception_handler(UnknownTurn)
    @app.exception_handler(UnknownCustomer)
    @app.exception_handler(NoSuchTicket)
    @app.exception_handler(NoSuchLead)
    @app.exception_handler(NoSuchGap)
    @app.exception_handler(NoSuchDraft)
    @app.exception_handler(NoSuchPicture)
    @app.exception_handler(NoSuchUser)
    def on_unknown(_request: Request, error: Exception) -> JSONResponse:
        return _response(HTTPStatus.NOT_FOUND, str(error))

    @app.exception_handler(UnknownTicket)
    @app.exception_handler(OtherCustomer)
    @app.exception_handler(IllegalMove)
    @app.exception_handler(SamePerson)
    @app.exception_handler(LeadGone)
    @app.exception_handler(DraftMoved)
    @app.exception_handler(NeedsSecondPerson)
    @app.exception_handler(TooFewPictures)
    @app.exception_handler(NoPictureWanted)
    @app.exception_handler(NameTaken)
    def on_conflict(_request: Request, error: Exception) -> JSONResponse:
        return _response(HTTPStatus.CONFLICT, str(error))

    @app.exception_handler(EditionRefused)
    def on_edition(_request: Request, error: EditionRefused) -> JSONResponse:
        gone = isinstance(error, NoSuchDocument)
        return _response(HTTPStatus.NOT_FOUND if gone else HTTPStatus.CONFLICT, str(error))

    @app.exception_handler(Unreadable)
    def on_unreadable(_request: Request, error: Unreadable) -> JSONResponse:
        return _response(HTTPStatus.UNPROCESSABLE_ENTITY, f"This file cannot be taken: {error}.")

    @app.exception_handler(IndexUnavailable)
    def on_index(_request: Request, error: IndexUnavailable) -> JSONResponse:
        log.error("index unavailable: %s", error)
        detail = "The index cannot be reached; try again shortly."
        return _response(HTTPStatus.SERVICE_UNAVAILABLE, detail, {"Retry-After": "5"})

    @app.exception_handler(BankUnavailable)
    def on_bank(_request: Request, error: BankUnavailable) -> JSONResponse:
        log.error("bank unavailable: %s", error)
        detail = "The bank's system does not answer at the moment; try again shortly."
        return _response(HTTPStatus.SERVICE_UNAVAILABLE, detail, {"Retry-After": "5"})

    @app.exception_handler(DataError)
    def on_data(_request: Request, _error: DataError) -> JSONResponse:
        detail = "The request holds something that cannot be stored: a NUL character, or a name that is too long."
        return _response(HTTPStatus.UNPROCESSABLE_ENTITY, detail)

    @app.exception_handler(SQLAlchemyError)
    def on_database(_request: Request, error: SQLAlchemyError) -> JSONResponse:
        log.error("database unavailable: %s", error)
        detail = "The service cannot store anything at the moment, so nothing was done; try again shortly."
        return _response(HTTPStatus.SERVICE_UNAVAILABLE, detail, {"Retry-After": "5"})

    @app.exception_handler(Exception)
    def on_bug(_request: Request, error: Exception) -> JSONResponse:
        log.error("unexpected error", exc_info=error)
        return _response(HTTPStatus.INTERNAL_SERVER_ERROR, "Something went wrong on our side; it has been logged.")


def _response(status: HTTPStatus, detail: str, headers: dict[str, str] | None = None) -> JSONResponse:
    body = {"type": "about:blank", "title": status.phrase, "detail": detail, "status": status.value}
    # A lone surrogate in the request can come back in the detail, and cannot be sent.
    safe = {
        key: value.encode("utf-8", "replace").decode() if isinstance(value, str) else value
        for key, value in body.items()
    }
    return JSONResponse(safe, status, headers, media_type="application/problem+json")
