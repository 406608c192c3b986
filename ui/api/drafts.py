"""The check of texts for customers over HTTP, for whoever is signed in."""

from __future__ import annotations

from dataclasses import asdict
from http import HTTPStatus
from typing import Annotated, Any

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field

from knowledge_base.index import IndexUnavailable
from ui.problem import Problem
from ui.service import Parts
from ui.signin import Anyone

router = APIRouter(prefix="/v1/drafts", tags=["drafts"])


class Draft(BaseModel):
    """A text that customers are to read."""

    model_config = ConfigDict(extra="forbid")

    text: str = Field(min_length=1, max_length=5_000)


@router.post("/check")
def check(
    parts: Parts, _who: Anyone, body: Draft, locale: Annotated[str, Query(max_length=35)] = "zh-CN"
) -> dict[str, Any]:
    """Passed or refused, with each thing to mend: the words, why, what to write instead, and the rule."""
    try:
        verdict = parts.drafts.of(body.text, "en" if locale.startswith("en") else "zh")
    except IndexUnavailable as error:
        detail = "The index cannot be reached, so nothing was checked; try again shortly."
        raise Problem(HTTPStatus.SERVICE_UNAVAILABLE, detail, {"Retry-After": "5"}) from error
    return {"verdict": "passed" if verdict.passed else "refused", "findings": [asdict(one) for one in verdict.findings]}
