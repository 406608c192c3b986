"""One-time codes by SMS."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter
from pydantic import BaseModel, Field

from assistant.demo_bank.desk import AtDesk
from assistant.demo_bank.outcome import Answer
from assistant.demo_bank.request import Name

router = APIRouter(tags=["codes"])


class Wanted(BaseModel):
    """A code for a purpose, to this phone or to the registered one."""

    customer: Name
    purpose: Name
    phone: Annotated[str, Field(pattern=r"^1[3-9][0-9]{9}$")] | None = None
    locale: Name = "zh-CN"


class Given(BaseModel):
    """A code as the customer typed it."""

    customer: Name
    purpose: Name
    code: Annotated[str, Field(max_length=64)]


@router.post("/v1/codes")
def send(wanted: Wanted, desk: AtDesk) -> dict[str, object]:
    """Sends a code; the one sent before for this purpose no longer works.

    Outcome `sent` (values phone, covered; seconds_valid; seconds_to_resend), `too_soon` (phone, seconds_to_resend), or `locked`
    (minutes) after too many wrong codes, or too many codes in a day.
    """
    return _body(desk.codes.send(wanted.customer, wanted.purpose, wanted.phone))


@router.post("/v1/codes/check")
def check(given: Given, desk: AtDesk) -> dict[str, object]:
    """Checks a code: outcome `right` (and it is used up), `wrong` (attempts_left), `expired`, or `locked` (minutes)."""
    return _body(desk.codes.check(given.customer, given.purpose, given.code))


def _body(answer: Answer) -> dict[str, object]:
    return {"outcome": answer.outcome, "values": answer.values}
