"""The whole service as one web application: every module in api/ and pages/ adds its part."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator
from http import HTTPStatus

from fastapi import APIRouter, FastAPI, Request
from fastapi.middleware.cors import CORSMiddleware
from starlette.routing import Match

from assistant.settings import Settings
from ui import api, pages, problem
from ui.headers import SecurityHeaders
from ui.limits import Limits
from ui.request_body import RequestBody
from ui.service import Service

_WIDGET_SENDS = ["Authorization", "Content-Type", "Idempotency-Key", "Last-Event-ID"]
_METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]


def create(service: Service) -> FastAPI:
    """The application over these parts."""
    app = FastAPI(
        title="Teller", version="1", description="A digital employee for banks.", docs_url=None, redoc_url=None
    )
    app.state.service = service
    problem.install(app)
    _guard(app, service.settings)
    for router in _routers():
        app.include_router(router)
    _refuse_the_rest(app)
    # Gradio takes seconds to import, and only a running service needs it.
    from ui.pages import chat, desk, knowledge, oidc_page, qa, staff

    oidc_page.mount(app, service)
    for page in (desk, staff, knowledge, qa):
        app = page.mount(app, service)
    # The chat page stands at / and takes every path that is left.
    return chat.mount(app, service)


def _guard(app: FastAPI, settings: Settings) -> None:
    """Puts around the application what looks at each call first: the last one added is the outermost."""
    origins = [str(origin).rstrip("/") for origin in settings.widget_origins]
    app.add_middleware(RequestBody)
    app.add_middleware(Limits, settings=settings)
    if origins:
        app.add_middleware(
            CORSMiddleware,
            allow_origins=origins,
            allow_methods=["GET", "POST"],
            allow_headers=_WIDGET_SENDS,
            max_age=600,
        )
    app.add_middleware(SecurityHeaders, framing=origins)


def _routers() -> Iterator[APIRouter]:
    for package in (api, pages):
        for entry in pkgutil.iter_modules(package.__path__, f"{package.__name__}."):
            router = getattr(importlib.import_module(entry.name), "router", None)
            if router is not None:
                yield router


def _refuse_the_rest(app: FastAPI) -> None:
    """Keeps addresses under /v1 that no module serves from the pages, whose answers are no problem+json."""

    @app.api_route("/v1/{rest:path}", methods=_METHODS, include_in_schema=False)
    def refuse(request: Request) -> None:
        known = any(route.matches(request.scope)[0] is Match.PARTIAL for route in app.routes)
        status = HTTPStatus.METHOD_NOT_ALLOWED if known else HTTPStatus.NOT_FOUND
        raise problem.Problem(status, f"{request.method} {request.url.path} is not served; see /openapi.json.")
