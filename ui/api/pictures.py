"""Pictures over HTTP: customers show them while a review waits, agents look at them."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from http import HTTPStatus
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Request, Response
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser

from assistant.photo import MOST_BYTES
from assistant.picture import Picture, too_large
from ui.api.conversations import Opened
from ui.multipart import is_form, limited
from ui.problem import Problem
from ui.service import Parts
from ui.signin import Agent

router = APIRouter(prefix="/v1", tags=["pictures"])
Id = Annotated[str, Path(max_length=64)]
_ENVELOPE = 16 * 1024
_ONE_FILE = "Send one picture, as multipart/form-data with the field file."
_HEADERS = {"Cache-Control": "no-store", "Content-Disposition": "inline", "X-Content-Type-Options": "nosniff"}
_FILE = {"type": "object", "required": ["file"], "properties": {"file": {"type": "string", "format": "binary"}}}
_BODY = {"requestBody": {"required": True, "content": {"multipart/form-data": {"schema": _FILE}}}}
_IMAGE: dict[int | str, dict[str, Any]] = {200: {"content": {"image/jpeg": {}}, "description": "the picture"}}


@dataclass(frozen=True)
class _Sent:
    conversation: str
    name: str
    data: bytes


class _InMemory(MultiPartParser):
    """A document's picture is never laid down on a disk unsealed, not even for a moment."""

    spool_max_size = MOST_BYTES + _ENVELOPE


async def _sent(parts: Parts, conversation: Opened, request: Request) -> _Sent:
    """The file, read only after the token was found right, and no further than it may be long."""
    if not is_form(request):
        raise Problem(HTTPStatus.UNPROCESSABLE_ENTITY, _ONE_FILE)

    async def refusal() -> Problem:
        words = await run_in_threadpool(parts.assistant.words, conversation)
        return Problem(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, too_large(words))

    body = limited(request, MOST_BYTES + _ENVELOPE, refusal)
    try:
        form = await _InMemory(request.headers, body, max_files=1, max_fields=0).parse()
    except MultiPartException as error:
        raise Problem(HTTPStatus.UNPROCESSABLE_ENTITY, _ONE_FILE) from error
    file = form.get("file")
    if not isinstance(file, UploadFile):
        raise Problem(HTTPStatus.UNPROCESSABLE_ENTITY, _ONE_FILE)
    data = await file.read()
    await form.close()
    return _Sent(conversation, file.filename or "", data)


@router.post("/conversations/{id}/pictures", status_code=HTTPStatus.CREATED, openapi_extra=_BODY)
def send(parts: Parts, sent: Annotated[_Sent, Depends(_sent)]) -> dict[str, Any]:
    """Shows a picture to whoever decides on what the conversation waits for; 409 where nothing waits."""
    picture = parts.desk.pictures.send(sent.conversation, sent.name, sent.data)
    return {"id": picture.id, "name": picture.name}


@router.get("/conversations/{id}/pictures/{picture}", response_class=Response, responses=_IMAGE)
def own(parts: Parts, conversation: Opened, picture: Id) -> Response:
    """A picture that this conversation's customer sent."""
    return _image(*parts.desk.pictures.shown_to_customer(conversation, picture))


@router.get("/tickets/{id}/pictures")
def of_ticket(parts: Parts, _agent: Agent, id: Id) -> list[dict[str, Any]]:
    """What the customer has shown for a ticket; nothing any more, 30 days after it was closed."""
    return [asdict(picture) for picture in parts.desk.pictures.of_ticket(parts.queue.get(id).id)]


@router.get("/tickets/{id}/pictures/{picture}", response_class=Response, responses=_IMAGE)
def seen(parts: Parts, agent: Agent, id: Id, picture: Id) -> Response:
    """One of these pictures; that this agent looked at it is noted."""
    return _image(*parts.desk.pictures.shown_to_agent(agent.name, id, picture))


def _image(picture: Picture, body: bytes) -> Response:
    return Response(body, media_type=picture.media_type, headers=_HEADERS)
