"""Whether the service lives, whether it is ready, and its figures for Prometheus."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from fastapi import APIRouter, Response
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from sqlalchemy.exc import SQLAlchemyError

from knowledge_base.index import IndexUnavailable
from ui.problem import Problem
from ui.service import Parts

router = APIRouter(tags=["health"])


@router.get("/healthz")
async def live() -> dict[str, str]:
    """The process answers."""
    return {"status": "ok"}


@router.get("/readyz")
def ready(parts: Parts) -> dict[str, Any]:
    """The database answers and the index is loaded; `degraded` where a part fails that answering does without, by its name."""
    try:
        return parts.readiness.found()
    except SQLAlchemyError as error:
        raise Problem(HTTPStatus.SERVICE_UNAVAILABLE, "The database cannot be reached.") from error
    except IndexUnavailable as error:
        raise Problem(HTTPStatus.SERVICE_UNAVAILABLE, "The index cannot be reached.") from error


@router.get("/metrics", include_in_schema=False)
def prometheus() -> Response:
    """Turns by outcome and their times."""
    return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)
