"""The audit trail over HTTP; role admin."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any

from fastapi import APIRouter, Query

from ui.service import Parts
from ui.signin import Admin

router = APIRouter(prefix="/v1/audit", tags=["audit"])
Words = Annotated[str | None, Query(max_length=200)]


@router.get("")
def entries(
    parts: Parts,
    _admin: Admin,
    who: Words = None,
    what: Words = None,
    before: Annotated[int | None, Query(ge=1, description="a number, to read on from there")] = None,
    limit: Annotated[int, Query(ge=1, le=1_000)] = 100,
) -> list[dict[str, Any]]:
    """Who read or changed what, the last first."""
    return [asdict(entry) for entry in parts.audit.listed(who, what, before, limit)]
