"""Who is at the desk, over HTTP; role agent."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from assistant.human_agent import Presence
from assistant.whole_number import Whole
from ui.service import Parts
from ui.signin import Agent

router = APIRouter(prefix="/v1/agents", tags=["desk"])


class Me(BaseModel):
    """What an agent says of themselves; what is left out stays as it was. No skills means every skill."""

    model_config = ConfigDict(extra="forbid")

    presence: Presence | None = None
    capacity: Whole | None = Field(None, ge=1, le=50)
    skills: list[Annotated[str, Field(max_length=40)]] | None = Field(None, max_length=50)
    shown_as: str | None = Field(None, min_length=1, max_length=40)


@router.get("/me")
def me(parts: Parts, agent: Agent) -> dict[str, Any]:
    """How I stand at the desk."""
    return asdict(parts.desk.agents.seen(agent.name))


@router.put("/me")
def put(parts: Parts, agent: Agent, body: Me) -> dict[str, Any]:
    """Says whether I am there, how many conversations I take at a time, what I can do, and what customers see me as."""
    return asdict(parts.desk.be(agent.name, body.presence, body.capacity, body.skills, body.shown_as))
