"""Conversations over HTTP: start, talk, read back, rate."""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator
from dataclasses import asdict
from datetime import datetime
from http import HTTPStatus
from typing import Annotated, Any, Literal
from urllib.parse import quote
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Depends, Header, Path, Request, Response
from fastapi.responses import HTMLResponse
from pydantic import BaseModel, ConfigDict, Field, StrictBool, TypeAdapter, model_validator
from sse_starlette import EventSourceResponse, ServerSentEvent

from assistant.event import FeedbackGiven
from assistant.live import Live
from assistant.reply import Turn
from knowledge_base.passage import Audience
from ui import live_turn, metrics
from ui.live_turn import LiveTurn
from ui.pages import chat_text
from ui.problem import Problem, told
from ui.service import Parts
from ui.signin import bearer
from ui.transcript import transcript

router = APIRouter(prefix="/v1/conversations", tags=["conversations"])
_turn_json = TypeAdapter(Turn)
_STRETCH = re.compile(r"[^，。；！？\n]*[，。；！？\n]?")


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Start(_Body):
    """How a conversation begins."""

    audience: Audience = Audience.CUSTOMER
    elder: StrictBool | None = Field(None, description="elder mode; by the customer's age where nothing is said")
    locale: str = Field("zh-CN", max_length=35, pattern=r"^[A-Za-z]{2,3}([_-][A-Za-z0-9]{2,8})*$")


class ElderMode(_Body):
    """Whether elder mode is to be on."""

    on: StrictBool


class Say(_Body):
    """A message, the id of a choice of the last reply, or what stands in the fields that `flow.asks` named."""

    text: str | None = None
    choice: str | None = Field(None, max_length=200)
    form: dict[Annotated[str, Field(max_length=64)], str] | None = Field(None, min_length=1, max_length=20)

    @model_validator(mode="after")
    def _one_of_them(self) -> Say:
        if sum(one is not None for one in (self.text, self.choice, self.form)) != 1:
            raise ValueError("send one of text, choice and form")
        return self


class Identity(_Body):
    """The token of a customer who has signed in."""

    token: str = Field(max_length=2_000)


class Feedback(_Body):
    """What someone thought of a turn."""

    turn: str = Field(max_length=64)
    rating: Literal["up", "down"]
    comment: str | None = Field(None, max_length=1_000)


def _opened(
    parts: Parts, id: Annotated[str, Path(max_length=64)], authorization: Annotated[str | None, Header()] = None
) -> str:
    token = bearer(authorization)
    if token is None or not parts.storage.opens(id, token):
        detail = "This conversation opens only with the token that POST /v1/conversations gave."
        raise Problem(HTTPStatus.UNAUTHORIZED, detail, {"WWW-Authenticate": "Bearer"})
    return id


Opened = Annotated[str, Depends(_opened)]


@router.post("", status_code=HTTPStatus.CREATED)
def start(parts: Parts, body: Start, authorization: Annotated[str | None, Header()] = None) -> dict[str, Any]:
    """Opens a conversation; the token opens this one only."""
    customer = parts.sign_ins.customer_of(body.audience, authorization)
    colleague = parts.sign_ins.colleague_of(body.audience, authorization)
    name, branch = (colleague.name, colleague.branch) if colleague else (None, "")
    conversation, token, reply = parts.assistant.start(
        body.audience, body.locale, customer, name, branch, elder=body.elder
    )
    return {"id": conversation, "token": token, "reply": asdict(reply)}


@router.post("/{id}/turns", response_model=None)
async def say(
    request: Request,
    parts: Parts,
    conversation: Opened,
    body: Say,
    accept: Annotated[str, Header()] = "application/json",
    idempotency_key: Annotated[str | None, Header(max_length=200)] = None,
) -> Response:
    """One turn; the same idempotency key gives the same turn again.

    As an event stream: `delta` {text} as the reply is written, each the next words of it; at the end one `turn`, the stored turn,
    which holds: where the deltas are not the beginning of its text, it replaces them. What goes wrong before the first event has
    its HTTP status; after that it comes as one `error` with a problem, and the stream ends.
    """

    def make(live: Live | None = None) -> Turn:
        turn = parts.assistant.respond(
            conversation, body.text or "", body.choice, idempotency_key or None, live, body.form
        )
        metrics.count(turn)
        return turn

    if "text/event-stream" not in accept:
        content = await live_turn.aside(lambda: _turn_json.dump_json(make()))
        return Response(content, media_type="application/json")
    turn = LiveTurn(make)
    await turn.begin(request)
    return EventSourceResponse(_stream(turn, request), headers={"X-Accel-Buffering": "no", "Cache-Control": "no-store"})


@router.get("/{id}")
def read(parts: Parts, conversation: Opened) -> dict[str, Any]:
    """The conversation as it stands."""
    state = parts.assistant.conversation(conversation)
    messages = [asdict(message) for message in state.messages]
    return {
        "id": conversation,
        "audience": state.audience,
        "mode": state.mode,
        "elder": bool(state.elder),
        "messages": messages,
        "flow": asdict(flow) if (flow := parts.assistant.flow_state(state)) else None,
        "ticket": asdict(ticket) if (ticket := parts.assistant.ticket(state)) else None,
    }


@router.put("/{id}/elder", status_code=HTTPStatus.NO_CONTENT)
def set_elder_mode(parts: Parts, conversation: Opened, body: ElderMode) -> None:
    """Turns elder mode on or off: plainer words, fewer choices, and a person sooner."""
    parts.assistant.set_elder_mode(conversation, on=body.on)


@router.get("/{id}/export", response_class=HTMLResponse)
def export(parts: Parts, conversation: Opened) -> HTMLResponse:
    """The conversation as a page to keep or print, with what a machine wrote marked as such."""
    state = parts.assistant.conversation(conversation)
    times = {number: at for number, (at, _event) in enumerate(parts.storage.history(conversation))}
    text = chat_text.load(parts.settings)[parts.assistant.words(conversation).language]
    page = transcript(conversation, state, times, parts.settings, text, ZoneInfo(parts.desk.rules.time_zone))
    name = quote(f"{parts.settings.bank_name}-{text.transcript}-{datetime.now():%Y%m%d-%H%M}.html")
    return HTMLResponse(page, headers={"Content-Disposition": f"attachment; filename*=UTF-8''{name}"})


@router.post("/{id}/identity", response_model=None)
def identify(parts: Parts, conversation: Opened, body: Identity) -> Response:
    """Tells a conversation who is talking, by a customer's token of the bank's sign-in; an open task goes on from there."""
    turn = parts.assistant.sign_in(conversation, parts.sign_ins.read_customer(body.token))
    return Response(_turn_json.dump_json(turn), media_type="application/json")


@router.post("/{id}/feedback", status_code=HTTPStatus.NO_CONTENT)
def rate(parts: Parts, conversation: Opened, body: Feedback) -> None:
    """Notes a thumb up or down."""
    parts.assistant.rate(conversation, FeedbackGiven(body.turn, body.rating, body.comment))


def stretches(text: str) -> list[str]:
    """A text clause by clause, as it is streamed."""
    return [stretch for stretch in _STRETCH.findall(text) if stretch]


def rest(text: str, said: str) -> list[str]:
    """What is left of a text of which this was said, clause by clause; nothing where it turned out otherwise."""
    return stretches(text[len(said) :]) if text.startswith(said) else []


async def _stream(live: LiveTurn[Turn], request: Request) -> AsyncIterator[ServerSentEvent]:
    """The reply as it is written, what is left of it clause by clause, and the whole turn at the end."""
    try:
        async for words in live.words():
            yield _delta(words)
        turn = await live.made()
    except Exception as error:  # the status is sent already: logged where it is told, and told to the client as it is
        yield ServerSentEvent(bytes(told(request, error).body).decode(), event="error")
        return
    for stretch in rest(turn.reply.text, live.said):
        yield _delta(stretch)
    yield ServerSentEvent(_turn_json.dump_json(turn).decode(), event="turn")


def _delta(words: str) -> ServerSentEvent:
    return ServerSentEvent(json.dumps({"text": words}, ensure_ascii=False), event="delta")
