"""The queue and the agent's moves, over HTTP; role agent."""

from __future__ import annotations

from dataclasses import asdict
from http import HTTPStatus
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Path, Query, Response
from pydantic import BaseModel, ConfigDict, Field, StrictBool, model_validator

from assistant.desk import LONGEST_REASON
from assistant.ticket import Status
from ui.service import Parts
from ui.signin import Agent

router = APIRouter(prefix="/v1/tickets", tags=["desk"])
Id = Annotated[str, Path(max_length=64)]
Text = Annotated[str, Field(max_length=20_000)]
Language = Literal["zh", "en"]
_NOTE = 2_000


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Wished(_Body):
    """Which tickets to take; without skills, those of the agent."""

    skills: list[Annotated[str, Field(max_length=40)]] = Field(default=[], max_length=50)


class Words(_Body):
    """What is said or noted."""

    text: Text


class Message(Words):
    """What is said to the customer; with `check` it is looked at and not sent."""

    check: StrictBool = False


class Transfer(_Body):
    """To whom it goes: whoever has a skill, or one agent; and what they should know."""

    skill: str | None = Field(None, max_length=40)
    agent: str | None = Field(None, max_length=100)
    note: str = Field("", max_length=_NOTE)

    @model_validator(mode="after")
    def _somewhere(self) -> Transfer:
        if self.skill is None and self.agent is None:
            raise ValueError("send a skill, an agent, or both")
        return self


class Return(_Body):
    """What the assistant's next reader should know."""

    note: str = Field("", max_length=_NOTE)


class Resolution(_Body):
    """How it was settled: a code of the desk's rules; `end_task` where the open task needs no going on."""

    code: str = Field(max_length=40)
    note: str = Field("", max_length=_NOTE)
    end_task: StrictBool = False


class Decision(_Body):
    """What was decided; a refusal says why, in words for the customer."""

    decision: Literal["approved", "refused"]
    reason: str = Field("", max_length=LONGEST_REASON)


@router.get("")
def tickets(
    parts: Parts,
    _agent: Agent,
    status: Status | None = None,
    limit: Annotated[int, Query(ge=1, le=1_000)] = 200,
) -> list[dict[str, Any]]:
    """The tickets, in the order of service."""
    return [asdict(ticket) for ticket in parts.queue.listed(status, limit)]


@router.post("/claim", response_model=None, responses={204: {"description": "none waits"}})
def claim_next(parts: Parts, agent: Agent, body: Wished | None = None) -> Response | dict[str, Any]:
    """Takes the next ticket; 204 where none waits."""
    ticket = parts.desk.claim_next(agent.name, (body or Wished()).skills)
    return asdict(ticket) if ticket else Response(status_code=HTTPStatus.NO_CONTENT)


@router.get("/{id}")
def ticket(parts: Parts, agent: Agent, id: Id, language: Language = "zh") -> dict[str, Any]:
    """One ticket, with all that an agent must know of it; what is said in words is in this language."""
    parts.desk.agents.seen(agent.name)
    view = asdict(parts.views.of(id, language, agent.name))
    own = view.pop("ticket")
    video = parts.desk.video_url(parts.queue.get(id))
    return {**view, **own, "reason_name": view["reason"], "skill_name": view["skill"], "video_url": video}


@router.post("/{id}/claim")
def claim(parts: Parts, agent: Agent, id: Id) -> dict[str, Any]:
    """Takes this ticket; 409 where another has it."""
    return asdict(parts.desk.claim(agent.name, id))


@router.post("/{id}/messages", status_code=HTTPStatus.CREATED)
def write(
    parts: Parts, agent: Agent, id: Id, body: Message, response: Response, language: Language = "zh"
) -> dict[str, Any]:
    """Says something to the customer, and tells what to mind in it; 200 where it was only checked."""
    warnings = {"warnings": [asdict(one) for one in parts.views.warnings(id, body.text, language)]}
    if body.check:
        response.status_code = HTTPStatus.OK
        return warnings
    return asdict(parts.desk.write(agent.name, id, body.text)) | warnings


@router.post("/{id}/notes", status_code=HTTPStatus.CREATED)
def note(parts: Parts, agent: Agent, id: Id, body: Words) -> dict[str, Any]:
    """Notes something for colleagues; customers never see it."""
    return asdict(parts.desk.note(agent.name, id, body.text))


@router.post("/{id}/transfer")
def transfer(parts: Parts, agent: Agent, id: Id, body: Transfer) -> dict[str, Any]:
    """Passes the ticket on."""
    return asdict(parts.desk.transfer(agent.name, id, body.skill, body.agent, body.note))


@router.post("/{id}/return")
def give_back(parts: Parts, agent: Agent, id: Id, body: Return | None = None) -> dict[str, Any]:
    """Gives the conversation back to the assistant, which goes on at the very step where it stopped."""
    parts.desk.give_back(agent.name, id, (body or Return()).note)
    return asdict(parts.queue.get(id))


@router.post("/{id}/resolve")
def resolve(parts: Parts, agent: Agent, id: Id, body: Resolution) -> dict[str, Any]:
    """The matter is settled; the customer is asked how satisfied they are."""
    parts.desk.resolve(agent.name, id, body.code, body.note, end_task=body.end_task)
    return asdict(parts.queue.get(id))


@router.post("/{id}/review")
def review(parts: Parts, agent: Agent, id: Id, body: Decision) -> dict[str, Any]:
    """Approves or refuses what a task waits for; the customer's conversation goes on from there."""
    return asdict(parts.desk.review(agent.name, id, approved=body.decision == "approved", reason=body.reason))
