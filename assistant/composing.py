"""A turn's reply, put together: what was done, what was answered, and the question that is open."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from assistant.conversation import Conversation
from assistant.errand import Errand
from assistant.flow import Flow
from assistant.frame import Frame
from assistant.guiding import offers_human
from assistant.part import Text
from assistant.question import Question, Wants
from assistant.reply import Choice, Field, FlowState, Link, Outcome, Reply
from assistant.said import ASK_CHOICE, HUMAN_CHOICE, Said, human_choice
from assistant.slot import Filled
from assistant.step import Status
from assistant.wording import Wording
from knowledge_base.passage import Audience

FEW = 3
"""How many buttons are offered at a time in elder mode, beside those that a question needs."""
_HELD_UP = frozenset({Wants.BANK, Wants.SIGN_IN, Wants.REVIEW, Wants.CODE})


@dataclass(frozen=True)
class OpenTask:
    """The task that a conversation has open: its flow, what that is called, what would answer its question, the slot that is asked for,
    its ways out, all that may be told at once, and how far it has got, from 0 to 1.
    """

    flow: str
    title: Text
    wants: Wants | None
    slot: str | None = None
    links: tuple[Link, ...] = ()
    fields: tuple[Field, ...] = ()
    progress: float = 0


def flow_state(errand: Errand, flows: Mapping[str, Flow]) -> FlowState | None:
    """The task that ended in this turn, or else the one that is open."""
    if errand.ended:
        frame, status = errand.ended
        told = _of(frame, "done" if status is Status.DONE else "cancelled", flows[frame.flow], errand.words)
        return replace(told, progress=1)
    return open_flow(errand.state, flows, errand.words, errand.question)


def _beside(said: Said) -> tuple[Choice, ...]:
    """Of what an answer offers, what still makes sense beside an open question: the meanings asked back for, and tasks."""
    asks_back = said.outcome is Outcome.CLARIFYING
    offered = [one for one in said.reply.choices if one.id != HUMAN_CHOICE]
    return tuple(one for one in offered if asks_back or not one.id.startswith(ASK_CHOICE))


def open_flow(
    state: Conversation, flows: Mapping[str, Flow], words: Wording, asked: Question | None = None
) -> FlowState | None:
    """The task that is open in a conversation, and what would answer its question."""
    if state.frame is None:
        return None
    told = _of(state.frame, "open", flows[state.frame.flow], words)
    return replace(told, asks=asked.fields if asked else ())


def _of(frame: Frame, status: Literal["open", "done", "cancelled"], flow: Flow, words: Wording) -> FlowState:
    slots = {name: known.shown for name, known in frame.slots.items() if isinstance(known, Filled)}
    title, progress = flow.title.of(words.language), flow.progress(frame.step)
    return FlowState(frame.flow, frame.step, status, slots, title, progress)


def outcome(errand: Errand, said: Said | None) -> Outcome:
    """How the turn ended."""
    if errand.handed_over:
        return Outcome.HANDED_OFF
    if said:
        return said.outcome
    if errand.ended:
        return Outcome.FLOW_DONE if errand.ended[1] is Status.DONE else Outcome.FLOW_CANCELLED
    return Outcome.IN_FLOW if errand.question else Outcome.SMALLTALK


def reply(errand: Errand, said: Said | None) -> Reply:
    """What was done, what was answered, that a person is wanted, and the open question with its buttons."""
    question = errand.question
    answered = [*errand.said, *([said.reply.text] if said and said.reply.text else [])]
    asked = [question.text + _person_hint(question, errand)] if question and question.text not in answered else []
    # What holds a task up is why a person is wanted, and said before that.
    held_up = question is not None and question.wants is Wants.BANK
    parts = [*answered, *asked, *errand.told] if held_up else [*answered, *errand.told, *asked]
    if question is None:
        choices = (*(said.reply.choices if said else ()), *errand.offers)
    else:
        choices = (*(_beside(said) if said else ()), *question.choices, *errand.offers, *_way_out(errand, said))
    links = (*errand.links, *(question.links if question else said.reply.links if said else ()))
    text = "\n\n".join(parts)
    return Reply(text, _still_needed(choices, errand), links, said.reply.citations if said else ())


def _person_hint(question: Question, errand: Errand) -> str:
    """That a person can help where the customer may be held up; nothing to who waits for one already."""
    hints = {Wants.CODE: errand.words.code_person, Wants.BANK: errand.words.held_up_person}
    return hints.get(question.wants, "") if errand.state.talk is None else ""


def _way_out(errand: Errand, said: Said | None) -> tuple[Choice, ...]:
    """The button to a person, where the open question may be too much for the customer, or for the assistant."""
    question = errand.question
    helpless = said is not None and said.outcome in (Outcome.HANDED_OFF, Outcome.ABSTAINED)
    held_up = question is not None and question.wants in _HELD_UP
    return (human_choice(errand.words),) if held_up or offers_human(errand) or errand.alarmed or helpless else ()


def _still_needed(choices: Sequence[Choice], errand: Errand) -> tuple[Choice, ...]:
    """No button twice, and none to a person for who waits for one already, or is one of the bank's own; few in elder mode."""
    without = errand.state.talk is not None or errand.state.audience is Audience.STAFF
    kept = {one.id: one for one in choices if not (without and one.id == HUMAN_CHOICE)}
    return _few(tuple(kept.values()), errand) if errand.words.elder else tuple(kept.values())


def _few(choices: tuple[Choice, ...], errand: Errand) -> tuple[Choice, ...]:
    """The open question's buttons, all of them, and the way to a person; of what is only offered, the first."""
    needed = {one.id for one in errand.question.choices} if errand.question else set()
    offered = [one.id for one in choices if one.id not in needed and one.id != HUMAN_CHOICE]
    left_out = set(offered[max(0, FEW - len(needed)) :])
    return tuple(one for one in choices if one.id not in left_out)
