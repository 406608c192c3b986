"""The OpenAI-compatible interface: any OpenAI client can talk to the assistant."""

from __future__ import annotations

import json
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from http import HTTPStatus
from typing import Annotated, Any

from fastapi import APIRouter, Header, Request, Response
from fastapi.responses import JSONResponse
from sse_starlette import EventSourceResponse, ServerSentEvent

from assistant.live import Live
from assistant.reply import Turn
from knowledge_base.passage import Audience
from ui import chat_completion, chat_request, chat_thread, live_turn, metrics
from ui.api.conversations import stretches
from ui.chat_completion import Chunks, Writer
from ui.chat_request import MODELS, Asked, Refused
from ui.chat_thread import Seat
from ui.live_turn import LiveTurn
from ui.openai_error import REFUSED, OpenAIRoute, reshaped
from ui.service import Parts, Service

router = APIRouter(prefix="/v1", tags=["openai"], route_class=OpenAIRoute, responses=REFUSED)
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
async def complete(
    request: Request,
    parts: Parts,
    asked: Asked,
    authorization: Annotated[str | None, Header()] = None,
    teller_conversation: Annotated[str | None, Header(max_length=200)] = None,
    idempotency_key: Annotated[str | None, Header(max_length=200)] = None,
) -> Response:
    """One turn; `ui.chat_thread` says which conversation it goes on with. A stream flows while the reply is written."""

    def seated() -> Seat:
        chat_request.check(asked)
        who = chat_thread.caller(parts.sign_ins, Audience(MODELS[asked.model]), authorization)
        handle = teller_conversation or (asked.metadata or {}).get("conversation")
        return chat_thread.find(parts, who, asked, handle, idempotency_key)

    completion = Completion(parts, _writer(request, parts), await live_turn.aside(seated), str(request.base_url))
    headers = {_HANDLE: completion.seat.handle} if completion.seat.handle else {}
    if not asked.stream:
        body = await live_turn.aside(lambda: completion.whole(asked.model))
        return JSONResponse(body, headers=headers)
    live = LiveTurn(completion.make)
    await live.begin(request)
    more = {"X-Accel-Buffering": "no", "Cache-Control": "no-store"}
    return EventSourceResponse(_stream(completion, live, asked.model, request), headers=headers | more)


class Completion:
    """One turn and what a client of OpenAI's is told of it."""

    def __init__(self, parts: Service, writer: Writer, seat: Seat, base: str) -> None:
        self._parts = parts
        self._writer = writer
        self._base = base
        self.seat = seat
        self.opening = ""

    def make(self, live: Live | None = None) -> Made:
        """The turn, stored, and its whole text."""
        assistant, seat = self._parts.assistant, self.seat
        self.opening = self._writer.opening(assistant.conversation(seat.conversation)) if live else ""
        turn = assistant.respond(seat.conversation, seat.text, seat.choice, seat.key, live)
        metrics.count(turn)
        state = assistant.conversation(seat.conversation)
        content = self._writer.content(turn, state, remembered=seat.remembered)
        said = self.opening + live.said if live and live.said else ""
        if not content.startswith(said):
            content = self._writer.otherwise(said, content, state)
        return Made(turn, content, content[len(said) :], chat_completion.cited(content, turn.reply, self._base))

    def whole(self, model: str) -> dict[str, Any]:
        """The completion at once."""
        made = self.make()
        return chat_completion.whole(made.turn, model, made.content, made.notes, self.seat.handle)


@dataclass(frozen=True)
class Made:
    """A turn, its whole text, what of that is still to be sent, and where it stands."""

    turn: Turn
    content: str
    rest: str
    notes: list[dict[str, Any]]


def _writer(request: Request, parts: Service) -> Writer:
    """The writer of this application, its texts read once."""
    kept: Writer | None = getattr(request.app.state, "completion_writer", None)
    if kept is None:
        kept = request.app.state.completion_writer = Writer(parts.settings)
    return kept


async def _stream(
    completion: Completion, live: LiveTurn[Made], model: str, request: Request
) -> AsyncIterator[ServerSentEvent]:
    chunks = Chunks(model, completion.seat.handle, None if live.said else (await live.made()).turn)
    yield _sent(chunks.begin())
    try:
        opening = completion.opening
        async for words in live.words():
            yield _sent(chunks.say(opening + words))
            opening = ""
        made = await live.made()
    except Exception as error:  # the status is sent already: logged where it is told, and told to the client as it is
        yield ServerSentEvent(bytes(reshaped(request, error).body).decode())
        return
    for stretch in stretches(made.rest):
        yield _sent(chunks.say(stretch))
    yield _sent(chunks.end(made.notes))
    yield ServerSentEvent("[DONE]")


def _sent(chunk: dict[str, Any]) -> ServerSentEvent:
    return ServerSentEvent(json.dumps(chunk, ensure_ascii=False))


def _model(bank: str, name: str) -> dict[str, Any]:
    return {"id": name, "object": "model", "created": _SINCE, "owned_by": bank}
