"""The whole service as one web application: every module in api/ and pages/ adds its part."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator, Sequence
from http import HTTPStatus

from fastapi import APIRouter, FastAPI, Request
from fastapi.middleware.cors import CORSMiddleware
from fastapi.routing import APIRoute

from assistant.settings import Settings
from ui import api, openapi, pages, problem
from ui.headers import SecurityHeaders
from ui.limits import Limits
from ui.request_body import RequestBody
from ui.service import Service

_WIDGET_SENDS = ["Authorization", "Content-Type", "Idempotency-Key", "Last-Event-ID"]
_METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "QUERY"]


def create(service: Service) -> FastAPI:
    """The application over these parts."""
    app = FastAPI(
        title="Teller", version="1", description="A digital employee for banks.", docs_url=None, redoc_url=None
    )
    app.state.service = service
    problem.install(app)
    _guard(app, service.settings)
    routers = list(_routers())
    for router in routers:
        app.include_router(router)
    openapi.install(app, routers)
    _refuse_the_rest(app, routers)
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
            allow_methods=["GET", "POST", "PUT"],
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


def _refuse_the_rest(app: FastAPI, routers: Sequence[APIRouter]) -> None:
    """Keeps what no module serves of the interface's addresses from the pages, whose answers are no problem+json."""

    @app.api_route("/healthz", methods=_METHODS, include_in_schema=False)
    @app.api_route("/readyz", methods=_METHODS, include_in_schema=False)
    @app.api_route("/v1/{rest:path}", methods=_METHODS, include_in_schema=False)
    def refuse(request: Request) -> None:
        detail = f"{request.method} {request.url.path} is not served; see /openapi.json."
        allowed = sorted(_methods(routers, request.url.path))
        if allowed:
            raise problem.Problem(HTTPStatus.METHOD_NOT_ALLOWED, detail, {"Allow": ", ".join(allowed)})
        raise problem.Problem(HTTPStatus.NOT_FOUND, detail)


def _methods(routers: Sequence[APIRouter], path: str) -> set[str]:
    """What is served at a path; a path that is written out hides those that it would fit as well."""
    routes = [route for router in routers for route in router.routes if isinstance(route, APIRoute)]
    found = [route for route in routes if route.path == path] or [one for one in routes if one.path_regex.match(path)]
    return {method for route in found for method in route.methods or ()}
