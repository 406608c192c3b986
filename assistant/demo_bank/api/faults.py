"""Failures to order, for tests and demonstrations."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

from fastapi import APIRouter
from pydantic import BaseModel, Field

from assistant.demo_bank.desk import AtDesk
from assistant.demo_bank.faults import Fault, Mode

router = APIRouter(tags=["demo only"])


class Ordered(BaseModel):
    """`paths` is a prefix such as /v1/operations, or a pattern such as /v1/operations/*/commit; empty means all calls."""

    mode: Mode = "none"
    latency_ms: Annotated[int, Field(ge=0, le=60_000)] = 0
    seconds: Annotated[int, Field(ge=0, le=600)] = 30
    calls: Annotated[int, Field(ge=0, le=1_000_000)] = 1
    paths: Annotated[str, Field(max_length=200)] = ""


@router.put("/v1/faults")
def order(ordered: Ordered, desk: AtDesk) -> dict[str, object]:
    """Orders a failure in place of the one before.

    `refuse` answers 503 and does nothing; `drop_before` closes the connection and does nothing; `drop_after` does everything
    and closes the connection instead of answering; `hang` waits for `seconds`, and then does everything; `none` does no harm
    but the latency. It is for the next `calls` calls; the demo's own addresses and /healthz are spared.
    """
    desk.faults.order(Fault(**ordered.model_dump()))
    return asdict(desk.faults.read())


@router.get("/v1/faults")
def read(desk: AtDesk) -> dict[str, object]:
    """The failure that has been ordered, with the calls that it is still for."""
    return asdict(desk.faults.read())
