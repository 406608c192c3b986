"""The OpenAI-compatible interface: any OpenAI client can talk to the assistant."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from http import HTTPStatus
from typing import Annotated, Any

from fastapi import APIRouter, Header, Request, Response
from fastapi.responses import JSONResponse
from sse_starlette import EventSourceResponse, ServerSentEvent

from knowledge_base.passage import Audience
from ui import chat_completion, chat_request, chat_thread, metrics
from ui.api.conversations import stretches
from ui.chat_completion import Writer
from ui.chat_request import MODELS, Asked, Refused
from ui.openai_error import OpenAIRoute
from ui.service import Parts, Service

router = APIRouter(prefix="/v1", tags=["openai"], route_class=OpenAIRoute)
_HANDLE = "Teller-Conversation"
_SINCE = int(time.time())


@router.get("/models")
def models(parts: Parts) -> dict[str, Any]:
    """`teller` talks to customers; `teller-staff` asks for a staff sign-in's token as the API key."""
    return {"object": "list", "data": [_model(parts.settings.bank_name, name) for name in MODELS]}


@router.get("/models/{name}")
def model(parts: Parts, name: str) -> dict[str, Any]:
    """One model."""
    if name not in MODELS:
        raise Refused(f"There is no model {name!r}.", "model", HTTPStatus.NOT_FOUND)
    return _model(parts.settings.bank_name, name)


@router.post("/chat/completions", response_model=None)
def complete(
    request: Request,
    parts: Parts,
    asked: Asked,
    authorization: Annotated[str | None, Header()] = None,
    teller_conversation: Annotated[str | None, Header(max_length=200)] = None,
    idempotency_key: Annotated[str | None, Header(max_length=200)] = None,
) -> Response:
    """One turn, stored before the first word is sent; `ui.chat_thread` says which conversation it goes on with."""
    chat_request.check(asked)
    who = chat_thread.caller(parts.sign_ins, Audience(MODELS[asked.model]), authorization)
    handle = teller_conversation or (asked.metadata or {}).get("conversation")
    seat = chat_thread.find(parts, who, asked, handle, idempotency_key)
    turn = parts.assistant.respond(seat.conversation, seat.text, seat.choice, seat.key)
    metrics.count(turn)
    state = parts.assistant.conversation(seat.conversation)
    content = _writer(request, parts).content(turn, state, remembered=seat.remembered)
    notes = chat_completion.cited(content, turn.reply, str(request.base_url))
    headers = {_HANDLE: seat.handle} if seat.handle else {}
    if asked.stream:
        told = chat_completion.chunks(turn, asked.model, stretches(content), notes, seat.handle)
        more = {"X-Accel-Buffering": "no", "Cache-Control": "no-store"}
        return EventSourceResponse(_stream(told), headers=headers | more)
    body = chat_completion.whole(turn, asked.model, content, notes, seat.handle)
    return JSONResponse(body, headers=headers)


def _writer(request: Request, parts: Service) -> Writer:
    """The writer of this application, its texts read once."""
    kept: Writer | None = getattr(request.app.state, "completion_writer", None)
    if kept is None:
        kept = request.app.state.completion_writer = Writer(parts.settings)
    return kept


def _stream(chunks: Iterator[dict[str, Any]]) -> Iterator[ServerSentEvent]:
    for chunk in chunks:
        yield ServerSentEvent(json.dumps(chunk, ensure_ascii=False))
    yield ServerSentEvent("[DONE]")


def _model(bank: str, name: str) -> dict[str, Any]:
    return {"id": name, "object": "model", "created": _SINCE, "owned_by": bank}
