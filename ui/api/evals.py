"""Evaluation runs over HTTP; role qa."""

from __future__ import annotations

from dataclasses import asdict
from http import HTTPStatus
from typing import Annotated, Any

from fastapi import APIRouter, Path
from fastapi.responses import HTMLResponse
from pydantic import BaseModel, ConfigDict, Field

from assistant.whole_number import Whole
from evals.run_desk import MOST_OFTEN
from ui.problem import Problem
from ui.service import Parts
from ui.signin import Judge

router = APIRouter(prefix="/v1/evals/runs", tags=["evals"])
Id = Annotated[str, Path(max_length=80)]
Name = Annotated[str, Field(max_length=100)]
_ALONE = {
    "Content-Security-Policy": "sandbox allow-scripts; default-src 'none'; style-src 'unsafe-inline'; "
    "script-src 'unsafe-inline'; img-src data:; font-src data:; base-uri 'none'; form-action 'none'",
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
}
"""A report reaches nothing: neither the page's sign-in nor any other address."""


class Wish(BaseModel):
    """What to play: suites by name, how often each case, and the run to compare it with."""

    model_config = ConfigDict(extra="forbid")

    suites: list[Name] = Field(min_length=1, max_length=100)
    repeat: Whole = Field(1, ge=1, le=MOST_OFTEN)
    baseline: str = Field("", max_length=80)


@router.get("")
def runs(parts: Parts, _who: Judge) -> list[dict[str, Any]]:
    """The runs, the newest first."""
    return [asdict(one) for one in parts.runs.listed()]


@router.post("", status_code=HTTPStatus.CREATED)
def order(parts: Parts, who: Judge, wish: Wish) -> dict[str, Any]:
    """Orders a run; one is played at a time."""
    return asdict(parts.runs.one(parts.runs.order(who.name, wish.suites, wish.repeat, wish.baseline)))


@router.get("/{id}")
def run(parts: Parts, _who: Judge, id: Id) -> dict[str, Any]:
    """One run as it stands."""
    return asdict(parts.runs.one(id))


@router.post("/{id}/stop")
def stop(parts: Parts, who: Judge, id: Id) -> dict[str, Any]:
    """Stops a run that waits or is being played; what was played of it stays."""
    parts.runs.stop(who.name, id)
    return asdict(parts.runs.one(id))


@router.get("/{id}/report", response_class=HTMLResponse)
def report(parts: Parts, who: Judge, id: Id) -> HTMLResponse:
    """The run's report, for people to read."""
    path = parts.runs.shelf.folder(id) / "report.html"
    if not path.exists():
        raise Problem(HTTPStatus.NOT_FOUND, "This run has no report yet; it is written when the run has ended.")
    parts.audit.note_look(who.name, "read_eval_report", id)
    return HTMLResponse(path.read_text(encoding="utf-8"), headers=_ALONE)
