"""What arrives from elsewhere, as it arrives: event streams for customers and for the desk.

The bell only wakes a stream; what is new it reads from the database, so nothing is lost or told twice, whichever process wrote it.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Header, Query
from sse_starlette import EventSourceResponse, ServerSentEvent
from starlette.concurrency import run_in_threadpool

from assistant.conversation import Conversation
from assistant.storage import DESK, topic
from assistant.ticket import OPEN, Ticket
from ui.api.conversations import Opened
from ui.problem import Problem
from ui.service import Parts, Service
from ui.signin import Agent, Token

router = APIRouter(prefix="/v1", tags=["live"])
_QUIET = 15.0
_WAITING = 5.0
_HEADERS = {"X-Accel-Buffering": "no", "Cache-Control": "no-store"}


@router.get("/conversations/{id}/live", response_class=EventSourceResponse)
async def conversation_live(
    parts: Parts,
    conversation: Opened,
    after: Annotated[int | None, Query(ge=0, description="the number of the last message that is known")] = None,
    last_event_id: Annotated[int | None, Header()] = None,
) -> EventSourceResponse:
    """`message` for what a person of the bank, or the assistant unasked, says; `ticket` {mode, ticket} when that changes.

    A stream that was cut goes on after Last-Event-ID, or `after`; without either it begins with what comes next.
    """
    known = last_event_id if last_event_id is not None else after
    return EventSourceResponse(_conversation(parts, conversation, known), headers=_HEADERS, ping=15)


async def _conversation(parts: Service, conversation: str, known: int | None) -> AsyncIterator[ServerSentEvent]:
    shown: dict[str, Any] | None = None
    with parts.bell.listening(topic(conversation)) as ear:
        while True:
            state = await run_in_threadpool(parts.assistant.conversation, conversation)
            known = state.events - 1 if known is None else known
            for message in state.messages:
                if message.number > known and message.unasked:
                    yield _event("message", asdict(message), message.number)
            known = max(known, state.events - 1)
            stands = await run_in_threadpool(_stands, parts, conversation, state)
            if stands != shown:
                shown = stands
                yield _event("ticket", stands, known)
            # A place in the queue changes by what others do.
            await ear.rung(_WAITING if state.mode == "waiting" else _QUIET)


def _stands(parts: Service, conversation: str, state: Conversation) -> dict[str, Any]:
    """Who answers now and where the customer stands in the queue; that somebody asks is the customer's sign of life."""
    if state.tickets:
        parts.desk.seen(conversation)
    ticket = parts.assistant.ticket(state, lately=True)
    return {"mode": state.mode, "ticket": asdict(ticket) if ticket else None}


@router.get("/desk/live", response_class=EventSourceResponse)
async def desk_live(parts: Parts, agent: Agent, token: Token) -> EventSourceResponse:
    """`ticket` for every open ticket at first, and then whenever one changes or something is said in its conversation.

    As long as the stream is open, the agent is there. It ends with the token; open it again with a renewed one.
    """
    return EventSourceResponse(_desk(parts, agent.name, token), headers=_HEADERS, ping=15)


async def _desk(parts: Service, agent: str, token: str) -> AsyncIterator[ServerSentEvent]:
    shown: dict[str, dict[str, Any]] = {}
    with parts.bell.listening(DESK) as ear:
        while (left := await run_in_threadpool(_seconds_left, parts, token)) > 0:
            now = await run_in_threadpool(_open_tickets, parts, agent)
            for ticket in [*now, *await run_in_threadpool(_gone, parts, shown, now)]:
                if shown.get(ticket["id"]) != ticket:
                    shown[ticket["id"]] = ticket
                    yield _event("ticket", ticket)
            shown = {ticket["id"]: ticket for ticket in now}
            await ear.rung(min(_QUIET, left))


def _seconds_left(parts: Service, token: str) -> float:
    """How long the token still counts; nothing where it does no more."""
    try:
        return (parts.sign_ins.expiry(token) - datetime.now(UTC)).total_seconds()
    except Problem:
        return 0


def _open_tickets(parts: Service, agent: str) -> list[dict[str, Any]]:
    parts.desk.agents.seen(agent)
    found = [ticket for status in OPEN for ticket in parts.queue.listed(status, limit=1_000)]
    return _sent(parts, found)


def _gone(parts: Service, shown: dict[str, dict[str, Any]], now: list[dict[str, Any]]) -> list[dict[str, Any]]:
    here = {ticket["id"] for ticket in now}
    return _sent(parts, [parts.queue.get(ticket) for ticket in shown if ticket not in here])


def _sent(parts: Service, tickets: Sequence[Ticket]) -> list[dict[str, Any]]:
    """Tickets with the length of their conversations, which grows when something is said."""
    lengths = parts.storage.lengths([ticket.conversation for ticket in tickets]) if tickets else {}
    return [asdict(ticket) | {"events": lengths[ticket.conversation]} for ticket in tickets]


def _event(name: str, content: dict[str, Any], number: int | None = None) -> ServerSentEvent:
    return ServerSentEvent(
        json.dumps(content, ensure_ascii=False), event=name, id=None if number is None else str(number)
    )
