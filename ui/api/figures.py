"""What a stretch of days came to, over HTTP; role qa."""

from __future__ import annotations

from datetime import date

from fastapi import APIRouter

from assistant.figures import Period
from ui.service import Parts
from ui.signin import Judge

router = APIRouter(prefix="/v1/figures", tags=["figures"])


@router.get("")
def figures(parts: Parts, _who: Judge, first: date, last: date) -> Period:
    """Customers' conversations from the first day to the last, days of the bank's time zone: counts, waits in seconds, tasks by step."""
    return parts.figures.between(first, last)
