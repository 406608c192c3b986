"""Search over HTTP."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Header
from pydantic import BaseModel, ConfigDict, Field

from assistant.iso_day import IsoDay
from assistant.whole_number import Whole
from knowledge_base.passage import Audience, Hit
from knowledge_base.search import Query
from ui.service import Parts

router = APIRouter(prefix="/v1/search", tags=["search"])


class Wanted(BaseModel):
    """What to look for."""

    model_config = ConfigDict(extra="forbid")

    query: str = Field(min_length=1, max_length=2_000)
    audience: Audience = Audience.CUSTOMER
    limit: Whole = Field(5, ge=1, le=50)
    as_of: IsoDay | None = None


class FoundPassage(BaseModel):
    """A passage and how well it matches."""

    id: str
    document: str
    title: str
    section: str
    page: int | None
    text: str
    score: float


class Found(BaseModel):
    """The passages, best first."""

    passages: list[FoundPassage]


@router.post("")
def search(parts: Parts, wanted: Wanted, authorization: Annotated[str | None, Header()] = None) -> Found:
    """The passages nearest to a query, among those that the audience may read and that are in force."""
    parts.sign_ins.allow(wanted.audience, authorization)
    hits = parts.search.find(Query(wanted.query, wanted.audience, wanted.as_of, wanted.limit))
    return Found(passages=[passage(hit) for hit in hits])


def passage(hit: Hit) -> FoundPassage:
    """A hit as it is sent."""
    found = hit.passage
    return FoundPassage(
        id=found.id,
        document=hit.document.id,
        title=hit.document.title,
        section=found.section,
        page=found.page,
        text=found.text,
        score=round(hit.score, 4),
    )
