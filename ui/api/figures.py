"""What a stretch of days came to, and how the desk stands now, over HTTP; role qa."""

from __future__ import annotations

from datetime import date

from fastapi import APIRouter

from assistant.desk_now import DeskNow
from assistant.figures import Period
from ui.service import Parts
from ui.signin import Judge

router = APIRouter(prefix="/v1/figures", tags=["figures"])


@router.get("")
def figures(parts: Parts, _who: Judge, first: date, last: date) -> Period:
    """Customers' conversations from the first day to the last, days of the bank's time zone: counts, waits in seconds, tasks by step."""
    return parts.figures.between(first, last)


@router.get("/now")
def now(parts: Parts, _who: Judge) -> DeskNow:
    """The desk at this moment: what waits, the longest wait so far in seconds, what people have in hand, and how many agents are there."""
    return parts.desk.now()
