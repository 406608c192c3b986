"""Tasks that customers left and agreed to be contacted about, over HTTP; roles staff, agent and admin."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Path, Query, Response
from pydantic import BaseModel, ConfigDict, Field

from assistant.lead import Status
from assistant.lead_desk import LeadView
from ui import lead_sheet
from ui.service import Parts
from ui.signin import Colleague

router = APIRouter(prefix="/v1/leads", tags=["leads"])
Id = Annotated[str, Path(max_length=64)]
Name = Annotated[str | None, Query(max_length=100)]
Locale = Annotated[str, Query(max_length=35)]


class Note(BaseModel):
    """What came of it."""

    model_config = ConfigDict(extra="forbid")

    note: str = Field("", max_length=2_000)


@router.get("")
def leads(
    parts: Parts,
    who: Colleague,
    status: Status | None = None,
    branch: Name = None,
    flow: Name = None,
    limit: Annotated[int, Query(ge=1, le=1_000)] = 200,
    locale: Locale = "zh-CN",
) -> list[dict[str, Any]]:
    """The leads, those left last first; names are in the language of `locale`."""
    return [asdict(one) for one in parts.lead_desk.listed(who, locale, status, branch, flow, limit)]


@router.get("/export", response_class=Response)
def export(
    parts: Parts,
    who: Colleague,
    format: Literal["csv", "xlsx"] = "csv",
    status: Status | None = None,
    branch: Name = None,
    flow: Name = None,
    locale: Locale = "zh-CN",
) -> Response:
    """The same as a sheet."""
    found = parts.lead_desk.exported(who, locale, status, branch, flow)
    name = {"Content-Disposition": f'attachment; filename="leads.{format}"', "Cache-Control": "no-store"}
    return Response(lead_sheet.written(found, locale, format), 200, name, lead_sheet.MEDIA[format])


@router.post("/{id}/take")
def take(parts: Parts, who: Colleague, id: Id, locale: Locale = "zh-CN") -> dict[str, Any]:
    """Sees to it, and is told who the customer is; 409 where somebody else does, or the customer no longer wishes it."""
    return asdict(parts.lead_desk.take(who, id, locale))


@router.post("/{id}/done")
def done(parts: Parts, who: Colleague, id: Id, body: Note | None = None, locale: Locale = "zh-CN") -> dict[str, Any]:
    """It is done; 409 unless you have taken it."""
    return asdict(_close(parts, who, id, "done", body, locale))


@router.post("/{id}/drop")
def drop(parts: Parts, who: Colleague, id: Id, body: Note | None = None, locale: Locale = "zh-CN") -> dict[str, Any]:
    """Nothing came of it; 409 unless you have taken it."""
    return asdict(_close(parts, who, id, "dropped", body, locale))


def _close(
    parts: Parts, who: Colleague, id: str, how: Literal["done", "dropped"], body: Note | None, locale: str
) -> LeadView:
    return parts.lead_desk.close(who, id, how, (body or Note()).note, locale)
