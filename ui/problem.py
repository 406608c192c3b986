"""Errors over HTTP, as application/problem+json (RFC 9457)."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping
from http import HTTPStatus

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from sqlalchemy.exc import DataError, SQLAlchemyError
from starlette.exceptions import HTTPException

from assistant.assistant import UnknownTurn
from assistant.bank import BankUnavailable
from assistant.banks.demo import UnknownCustomer
from assistant.campaign import CampaignMoved, NoSuchCampaign, NotLive, QuotaSpent
from assistant.campaign_desk import NotComplete, NotYours, SameHand
from assistant.desk import NoReason, SamePerson, TooFewPictures, UnknownAgent, UnknownCode, UnknownSkill
from assistant.faq_desk import DraftFaulty, NeedsSecondPerson, NoRefusalReason
from assistant.faq_draft import DraftMoved, NoSuchDraft
from assistant.figures import WrongDays
from assistant.gap_desk import NoReasonGiven, NoSuchGap
from assistant.guard import MessageRefused
from assistant.guiding import OtherCustomer, UnknownTicket
from assistant.lead import LeadGone, NoSuchLead
from assistant.pace import TooFast
from assistant.password import WeakPassword
from assistant.picture import NoPictureWanted, NoSuchPicture, WrongPicture
from assistant.storage import UnknownConversation
from assistant.ticket import IllegalMove, NoSuchTicket
from assistant.user import NameTaken, NoSuchUser, WrongName
from evals.run_desk import NoSuchSuite, NothingToRun, OrderedAlready, TooManyWaiting
from evals.shelf import NoSuchRun
from evals.suite import WrongSuite
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


_REFUSED: Mapping[HTTPStatus, tuple[type[Exception], ...]] = {
    HTTPStatus.UNPROCESSABLE_ENTITY: (
        MessageRefused, NoReason, WrongPicture, UnknownAgent, UnknownCode, UnknownSkill, NotComplete, WeakPassword,
        WrongName, Unreadable, NoReasonGiven, NoRefusalReason, DraftFaulty, NothingToRun,
        NoSuchSuite, WrongSuite, WrongDays,
    ),
    HTTPStatus.FORBIDDEN: (NotYours,),
    HTTPStatus.NOT_FOUND: (
        UnknownConversation, UnknownTurn, UnknownCustomer, NoSuchTicket, NoSuchLead, NoSuchPicture, NoSuchCampaign,
        NoSuchUser, NoSuchDocument, NoSuchGap, NoSuchDraft, NoSuchRun,
    ),
    HTTPStatus.CONFLICT: (
        UnknownTicket, OtherCustomer, IllegalMove, SamePerson, LeadGone, TooFewPictures, NoPictureWanted, CampaignMoved,
        SameHand, NotLive, QuotaSpent, NameTaken, EditionRefused, DraftMoved, NeedsSecondPerson,
        OrderedAlready, TooManyWaiting,
    ),
}  # fmt: skip
"""What a caller may do about: the exception's own words say what."""
_OUT: Mapping[type[Exception], str] = {
    IndexUnavailable: "The index cannot be reached; try again shortly.",
    BankUnavailable: "The bank's system does not answer at the moment; try again shortly.",
    SQLAlchemyError: "The service cannot store anything at the moment, so nothing was done; try again shortly.",
}
_UNSTORABLE = "The request holds something that cannot be stored: a NUL character, or a name that is too long."
_BUG = "Something went wrong on our side; it has been logged."


def install(app: FastAPI) -> None:
    """Makes every error of the service a problem+json."""

    @app.exception_handler(Problem)
    def on_problem(_request: Request, error: Problem) -> JSONResponse:
        return answer(error)

    @app.exception_handler(TooFast)
    def on_too_fast(_request: Request, error: TooFast) -> JSONResponse:
        return _response(HTTPStatus.TOO_MANY_REQUESTS, str(error), {"Retry-After": str(error.seconds)})

    @app.exception_handler(RequestValidationError)
    def on_validation(_request: Request, error: RequestValidationError) -> JSONResponse:
        details = [f"{'.'.join(map(str, item['loc']))}: {item['msg']}" for item in error.errors()]
        return _response(HTTPStatus.UNPROCESSABLE_ENTITY, "; ".join(details))

    @app.exception_handler(HTTPException)
    def on_http(_request: Request, error: HTTPException) -> JSONResponse:
        return _response(HTTPStatus(error.status_code), str(error.detail), dict(error.headers or {}))

    @app.exception_handler(DataError)
    def on_data(_request: Request, _error: DataError) -> JSONResponse:
        return _response(HTTPStatus.UNPROCESSABLE_ENTITY, _UNSTORABLE)

    @app.exception_handler(Exception)
    def on_bug(_request: Request, error: Exception) -> JSONResponse:
        log.error("unexpected error", exc_info=error)
        return _response(HTTPStatus.INTERNAL_SERVER_ERROR, _BUG)

    for kind, tell in _handlers():
        app.add_exception_handler(kind, tell)


def answer(error: Problem) -> JSONResponse:
    """The answer that tells a problem."""
    return _response(error.status, error.detail, error.headers)


def told(request: Request, error: Exception) -> JSONResponse:
    """What a caller is told of this error."""
    handlers = request.app.exception_handlers
    handler = next(handlers[kind] for kind in type(error).__mro__ if kind in handlers)
    response: JSONResponse = handler(request, error)
    return response


def _handlers() -> Iterator[tuple[type[Exception], Callable[[Request, Exception], JSONResponse]]]:
    yield from ((kind, _refusing(status)) for status, kinds in _REFUSED.items() for kind in kinds)
    yield from ((kind, _telling_outage(detail)) for kind, detail in _OUT.items())


def _refusing(status: HTTPStatus) -> Callable[[Request, Exception], JSONResponse]:
    def refuse(_request: Request, error: Exception) -> JSONResponse:
        return _response(status, str(error))

    return refuse


def _telling_outage(detail: str) -> Callable[[Request, Exception], JSONResponse]:
    def tell(_request: Request, error: Exception) -> JSONResponse:
        log.error("out of reach: %s", error)
        return _response(HTTPStatus.SERVICE_UNAVAILABLE, detail, {"Retry-After": "5"})

    return tell


def _response(status: HTTPStatus, detail: str, headers: dict[str, str] | None = None) -> JSONResponse:
    body = {"type": "about:blank", "title": status.phrase, "detail": detail, "status": status.value}
    # A lone surrogate in the request can come back in the detail, and cannot be sent.
    safe = {
        key: value.encode("utf-8", "replace").decode() if isinstance(value, str) else value
        for key, value in body.items()
    }
    return JSONResponse(safe, status, headers, media_type="application/problem+json")
