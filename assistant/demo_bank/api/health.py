"""Whether the bank is up."""

from __future__ import annotations

from fastapi import APIRouter

router = APIRouter()


@router.get("/healthz")
def healthz() -> dict[str, str]:
    """Answers as soon as the bank takes calls; needs no key."""
    return {"status": "ok"}
