"""The whole service as one web application: every module in api/ and pages/ adds its part."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator

from fastapi import APIRouter, FastAPI

from ui import api, pages, problem
from ui.service import Service


def create(service: Service) -> FastAPI:
    """The application over these parts."""
    app = FastAPI(
        title="Teller", version="1", description="A digital employee for banks.", docs_url=None, redoc_url=None
    )
    app.state.service = service
    problem.install(app)
    for router in _routers():
        app.include_router(router)
    from ui.pages import chat  # Gradio takes seconds to import, and only a running service needs it

    return chat.mount(app, service)


def _routers() -> Iterator[APIRouter]:
    for package in (api, pages):
        for entry in pkgutil.iter_modules(package.__path__, f"{package.__name__}."):
            router = getattr(importlib.import_module(entry.name), "router", None)
            if router is not None:
                yield router
