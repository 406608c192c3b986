"""The queue of what waits for a person, over HTTP; role agent."""

from __future__ import annotations

from dataclasses import asdict
from http import HTTPStatus
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Header, Path
from pydantic import BaseModel, ConfigDict

from assistant.ticket import Status
from ui.problem import Problem
from ui.service import Parts
from ui.signin import Role, SignIn, bearer

router = APIRouter(prefix="/v1/tickets", tags=["tickets"])


def _agent(parts: Parts, authorization: Annotated[str | None, Header()] = None) -> SignIn:
    who = parts.desk.read(bearer(authorization) or "")
    if who.role not in (Role.AGENT, Role.ADMIN):
        raise Problem(HTTPStatus.FORBIDDEN, "The queue is for the role agent.")
    return who


Agent = Annotated[SignIn, Depends(_agent)]
Id = Annotated[str, Path(max_length=64)]


class Decision(BaseModel):
    """What was decided."""

    model_config = ConfigDict(extra="forbid")

    decision: Literal["approved", "refused"]


@router.get("")
def tickets(parts: Parts, _agent: Agent, status: Status | None = None) -> list[dict[str, Any]]:
    """The tickets, the longest waiting first."""
    return [asdict(ticket) for ticket in parts.tickets.listed(status)]


@router.get("/{id}")
def ticket(parts: Parts, _agent: Agent, id: Id) -> dict[str, Any]:
    """One ticket."""
    return asdict(parts.tickets.get(id))


@router.post("/{id}/review")
def review(parts: Parts, agent: Agent, id: Id, body: Decision) -> dict[str, Any]:
    """Approves or refuses what a task waits for; the customer's conversation goes on from there."""
    found = parts.tickets.get(id)
    if found.status is not Status.WAITING:
        raise Problem(HTTPStatus.CONFLICT, f"This ticket is {found.status.value}; nothing waits for it any more.")
    parts.assistant.review(found.conversation, id, agent.name, approved=body.decision == "approved")
    return asdict(parts.tickets.get(id))
