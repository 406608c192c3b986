"""A turn's reply, put together: what was done, what was answered, and the question that is open."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from assistant.conversation import Conversation
from assistant.errand import Errand
from assistant.frame import Frame
from assistant.guiding import offers_human
from assistant.part import Text
from assistant.question import Wants
from assistant.reply import Choice, FlowState, Outcome, Reply, TicketState
from assistant.slot import Filled
from assistant.step import Status
from assistant.talking import ASK_CHOICE, HUMAN_CHOICE, Said, human_choice

_HELD_UP = frozenset({Wants.BANK, Wants.SIGN_IN, Wants.REVIEW, Wants.CODE})


@dataclass(frozen=True)
class OpenTask:
    """The task that a conversation has open: its flow, what that is called, and what would answer its question."""

    flow: str
    title: Text
    wants: Wants | None


def where(errand: Errand) -> tuple[FlowState | None, TicketState | None]:
    """The task of this turn, and what it waits for a person to decide."""
    return flow_state(errand), ticket_state(errand.state)


def flow_state(errand: Errand) -> FlowState | None:
    """The task that ended in this turn, or else the one that is open."""
    if errand.ended:
        frame, status = errand.ended
        return _of(frame, "done" if status is Status.DONE else "cancelled")
    return open_flow(errand.state)


def _beside(said: Said) -> tuple[Choice, ...]:
    """Of what an answer offers, what still makes sense beside an open question: the meanings asked back for, and tasks."""
    asks_back = said.outcome is Outcome.CLARIFYING
    offered = [one for one in said.reply.choices if one.id != HUMAN_CHOICE]
    return tuple(one for one in offered if asks_back or not one.id.startswith(ASK_CHOICE))


def open_flow(state: Conversation) -> FlowState | None:
    """The task that is open in a conversation."""
    return _of(state.frame, "open") if state.frame else None


def ticket_state(state: Conversation) -> TicketState | None:
    """What the open task waits for a person to decide."""
    frame = state.frame
    return TicketState(frame.ticket, "waiting") if frame and frame.ticket and frame.decided is None else None


def _of(frame: Frame, status: Literal["open", "done", "cancelled"]) -> FlowState:
    slots = {name: known.shown for name, known in frame.slots.items() if isinstance(known, Filled)}
    return FlowState(frame.flow, frame.step, status, slots)


def outcome(errand: Errand, said: Said | None) -> Outcome:
    """How the turn ended."""
    if said:
        return said.outcome
    if errand.needs_person:
        return Outcome.HANDED_OFF
    if errand.ended:
        return Outcome.FLOW_DONE if errand.ended[1] is Status.DONE else Outcome.FLOW_CANCELLED
    return Outcome.IN_FLOW if errand.question else Outcome.SMALLTALK


def reply(errand: Errand, said: Said | None) -> Reply:
    """What was done, what was answered, and then the open question, with its buttons and a way to a person."""
    words, question = errand.words, errand.question
    parts = [*errand.said, *([said.reply.text] if said else [])]
    if question is None:
        beside = said.reply if said else Reply("", (human_choice(words),) if errand.needs_person else ())
        return replace(beside, text="\n\n".join(parts), links=(*errand.links, *beside.links))
    if question.text not in parts:
        parts.append(question.text)
    tried = offers_human(errand)
    if tried:
        parts.append(words.offer_human)
    helpless = said is not None and said.outcome in (Outcome.HANDED_OFF, Outcome.ABSTAINED)
    held = question.wants in _HELD_UP or tried or errand.alarmed or helpless
    also = _beside(said) if said else ()
    choices = (*also, *question.choices, *((human_choice(words),) if held else ()))
    return Reply("\n\n".join(parts), choices, (*errand.links, *question.links), said.reply.citations if said else ())
