"""How long things last at the bank, and how often they may be tried; and its clock."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone

ZONE = timezone(timedelta(hours=8), "Asia/Shanghai")


def _now() -> datetime:
    return datetime.now(ZONE)


@dataclass(frozen=True)
class Rules:
    """Times and limits; tests shorten them and set the clock."""

    operation_lives: timedelta = timedelta(minutes=15)
    code_lives: timedelta = timedelta(seconds=300)
    resend_pause: timedelta = timedelta(seconds=60)
    wrong_attempts: int = 5
    locked: timedelta = timedelta(minutes=30)
    codes_a_day: int = 10
    now: Callable[[], datetime] = _now


def stamp(moment: datetime) -> str:
    """A moment as the database stores it; texts of this form sort by time."""
    return moment.astimezone(ZONE).isoformat(timespec="milliseconds")


def moment(stored: str) -> datetime:
    """The moment of a stored text."""
    return datetime.fromisoformat(stored)
