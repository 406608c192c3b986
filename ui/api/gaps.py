"""What the documents left open, over HTTP; role editor, and qa to read."""

from __future__ import annotations

from dataclasses import asdict
from http import HTTPStatus
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query
from pydantic import BaseModel, ConfigDict, Field

from assistant.gap_desk import GapGroup, Standing
from assistant.iso_day import IsoTime
from knowledge_base.passage import Audience
from ui.api.faq_drafts import told
from ui.service import Parts
from ui.signin import Editor, KnowledgeReader

router = APIRouter(prefix="/v1/gaps", tags=["knowledge"])
Id = Annotated[str, Path(max_length=64)]


class Because(BaseModel):
    """Why."""

    model_config = ConfigDict(extra="forbid")

    because: str = Field(max_length=200)


@router.get("")
def gaps(
    parts: Parts,
    _who: KnowledgeReader,
    standing: Standing | None = Standing.OPEN,
    audience: Audience | None = None,
    since: IsoTime | None = None,
    replied: bool = False,
    limit: Annotated[int, Query(ge=1, le=1_000)] = 100,
) -> list[dict[str, Any]]:
    """The groups of questions, those asked most often first; what is new is read before."""
    parts.gaps.refresh()
    day = since.astimezone().isoformat(timespec="milliseconds") if since else None
    return [asdict(one) for one in parts.gaps.listed(standing, audience, day, replied, limit)]


@router.get("/{id}")
def gap(parts: Parts, _who: KnowledgeReader, id: Id) -> dict[str, Any]:
    """One group with its latest questions, and the drafts that were made from it."""
    found, drafts = parts.gaps.get(id), parts.faqs.drafts.listed(group=id)
    questions = [asdict(one) for one in parts.gaps.questions(id)]
    return {**asdict(found), "questions": questions, "drafts": [told(one) for one in drafts]}


@router.post("/{id}/draft", status_code=HTTPStatus.CREATED)
def draft(parts: Parts, who: Editor, id: Id) -> dict[str, Any]:
    """A draft of an answer, for those who asked."""
    return told(parts.faqs.make_from_gap(who.name, id))


@router.post("/{id}/ignore")
def ignore(parts: Parts, who: Editor, id: Id, body: Because) -> GapGroup:
    """Sets a group aside for a reason."""
    return parts.gaps.ignore(who.name, id, body.because)


@router.post("/{id}/reopen")
def reopen(parts: Parts, who: Editor, id: Id) -> GapGroup:
    """Takes a group up again."""
    return parts.gaps.reopen(who.name, id)
