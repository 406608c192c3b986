"""Walks a guided task forward: pure, from a frame to what happens next. It never asks the bank; it says what must be asked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import assert_never

from assistant import question
from assistant.flow import Flow
from assistant.flow_event import (
    Confirmed,
    Consented,
    FlowEnded,
    FlowEvent,
    SlotFilled,
    SlotRejected,
    SlotsCleared,
    SlotSkipped,
    StepTaken,
)
from assistant.frame import Frame
from assistant.question import IDENTITY, Question, open_question
from assistant.reason import Reason
from assistant.reply import Link
from assistant.slot import Filled
from assistant.step import (
    NO,
    YES,
    Call,
    Choose,
    Collect,
    Confirm,
    Disclose,
    End,
    HandOff,
    Identity,
    Linked,
    Review,
    Say,
    Status,
    Step,
    Subflow,
    Verify,
    asks,
)
from assistant.ticket_kind import Kind
from assistant.wording import Wording

_LONGEST_WALK = 100


@dataclass(frozen=True)
class NeedCall:
    """An action must be called before the task can go on."""

    action: str
    phase: str


@dataclass(frozen=True)
class NeedCode:
    """A one-time code must be sent: to the number in the slot `target`, or to the registered one."""

    target: str


@dataclass(frozen=True)
class NeedReview:
    """A person must be asked to approve."""

    skill: str
    text: str
    two_people: bool


@dataclass(frozen=True)
class NeedFlow:
    """Another flow must run first."""

    flow: str


@dataclass(frozen=True)
class NeedPerson:
    """A person must be brought in; the task has ended. `details` are what is left for them, `due_at` when it is due."""

    reason: Reason
    kind: Kind
    due_at: str | None = None
    details: Mapping[str, Filled] = field(default_factory=dict)


Need = NeedCall | NeedCode | NeedReview | NeedFlow | NeedPerson


@dataclass(frozen=True)
class Move:
    """What came of walking on: events, what is said on the way, and where it stopped - at a question, a need, or the end."""

    events: tuple[FlowEvent, ...] = ()
    said: tuple[str, ...] = ()
    links: tuple[Link, ...] = ()
    question: Question | None = None
    need: Need | None = None


class RunsForever(Exception):
    """A flow goes round without asking anything; `teller flows check` names the steps."""


def advance(flow: Flow, frame: Frame, identity: Identity, words: Wording) -> Move:
    """Walks from where the frame stands until something must be asked of the customer or of the world, or the flow ends."""
    events: list[FlowEvent] = []
    said: list[str] = []
    links: list[Link] = []
    for _ in range(_LONGEST_WALK):
        asked = open_question(flow, frame, identity, words)
        need = None if asked else _need(flow, frame, identity, words)
        if asked or need:
            return Move(tuple(events), tuple(said), tuple(links), asked, need)
        step = flow.steps[frame.step]
        said += _spoken(step, frame, words)
        links += _links(step, frame, words)
        for event in _onward(flow, frame, step):
            events.append(event)
            frame = frame.after(event)
            if isinstance(event, FlowEnded):
                need = _person(step, frame) if isinstance(step, HandOff) else None
                return Move(tuple(events), tuple(said), tuple(links), need=need)
    raise RunsForever(f"{flow.id}.yaml: {frame.step}: {RunsForever.__doc__}")


def _need(flow: Flow, frame: Frame, identity: Identity, words: Wording) -> Need | None:
    """What the step where the frame stands needs from outside before it is done."""
    step = flow.steps[frame.step]
    if question.needs_proof(flow, step, identity):
        return NeedCode(IDENTITY)
    match step:
        case Call():
            return NeedCall(step.action, step.phase)
        case Verify():
            return None if step.verify in frame.proven else NeedCode(step.verify)
        case Review():
            text = question.shown(step.review, frame, words)
            return NeedReview(step.skill, text, step.two_people) if frame.decided is None else None
        case Subflow():
            return NeedFlow(step.subflow)
        case _:
            return None


def _person(step: HandOff, frame: Frame) -> NeedPerson:
    known = {name: value for name, value in frame.slots.items() if isinstance(value, Filled)}
    left = known if step.leaves.is_left else {}
    return NeedPerson(step.handoff, step.leaves, frame.value(step.due) if step.due else None, left)


def _spoken(step: Step, frame: Frame, words: Wording) -> list[str]:
    match step:
        case Say():
            return [question.shown(step.say, frame, words, step.rows)]
        case Linked():
            return [question.shown(step.link, frame, words)]
        case HandOff():
            return [question.shown(step.text, frame, words)]
        case Review() if frame.refused_because:
            return [words.review_refused.format(reason=frame.refused_because)]
        case End() if step.text:
            return [question.shown(step.text, frame, words, step.rows)]
        case _:
            return []


def _links(step: Step, frame: Frame, words: Wording) -> list[Link]:
    return [Link(question.shown(step.label, frame, words), step.url)] if isinstance(step, Linked) else []


def _onward(flow: Flow, frame: Frame, step: Step) -> list[FlowEvent]:
    """What happens when a step is done: the flow ends, or the next step is taken, by its answer where it branches."""
    match step:
        case End():
            return [FlowEnded(frame.id, flow.id, step.end)]
        case HandOff():
            return [FlowEnded(frame.id, flow.id, step.ends)]
        case Choose():
            return taken(flow, frame, frame.value(step.choose))
        case Disclose():
            return taken(flow, frame, YES)
        case Review():
            return taken(flow, frame, "approved" if frame.decided else "refused")
        case Say() | Collect() | Verify() | Linked():
            return taken(flow, frame, None)
        case Confirm() | Call() | Subflow():
            raise AssertionError(f"{flow.id}: {frame.step} goes on by an answer or an outcome only")
        case _:
            assert_never(step)


def taken(flow: Flow, frame: Frame, answer: str | None) -> list[FlowEvent]:
    """The step that `answer` leads to is taken, and what the step forgets is forgotten; at the file's end the flow ends."""
    step = flow.steps[frame.step]
    to = flow.after(frame.step, answer)
    events: list[FlowEvent] = [SlotsCleared(frame.id, step.clear)] if step.clear else []
    if to is None:
        return [*events, FlowEnded(frame.id, flow.id, Status.DONE)]
    branches = not isinstance(step.next, str | None)
    return [*events, StepTaken(frame.id, frame.step, to, answer if branches else None)]


def answer(flow: Flow, frame: Frame, asked: Question, *, yes: bool, at: datetime) -> list[FlowEvent]:
    """A plain yes or no to what was read back or disclosed; the text itself is kept as evidence by its digest."""
    step = flow.steps[frame.step]
    digest = question.digest(asked.text)
    events: list[FlowEvent] = []
    if yes and isinstance(step, Confirm):
        events.append(Confirmed(frame.id, frame.step, digest, frame.operation))
    if yes and isinstance(step, Disclose):
        events.append(Consented(frame.id, frame.step, step.version, digest, at.isoformat(timespec="seconds")))
    return [*events, *taken(flow, frame, YES if yes else NO)]


def fill(flow: Flow, frame: Frame, slot: str, value: Filled) -> list[FlowEvent]:
    """Something that the task needs to know; where its step is passed and it was otherwise, that is a correction."""
    if frame.slots.get(slot) == value:
        return []
    passed = slot in frame.slots and any(slot in asks(flow.steps[step]) for step in frame.path)
    return correct(flow, frame, slot, value) if passed else [SlotFilled(frame.id, slot, value)]


def reject(frame: Frame, slot: str, reason: str) -> list[FlowEvent]:
    """An answer that cannot be taken."""
    return [SlotRejected(frame.id, slot, reason)]


def skip(frame: Frame, slot: str) -> list[FlowEvent]:
    """An optional slot is left unfilled."""
    return [SlotSkipped(frame.id, slot)]


def correct(flow: Flow, frame: Frame, slot: str, value: Filled | None) -> list[FlowEvent]:
    """Goes back to the step that asks for the slot, with the new value or with none; later steps are walked again."""
    back = next((step for step in reversed(frame.path) if slot in asks(flow.steps[step])), frame.step)
    if value is not None and frame.slots.get(slot) == value:
        return []
    changed: FlowEvent = SlotFilled(frame.id, slot, value) if value else SlotsCleared(frame.id, (slot,))
    return [changed, *([] if back == frame.step else [StepTaken(frame.id, frame.step, back)])]


def correctable(flow: Flow, frame: Frame) -> tuple[str, ...]:
    """The slots that the customer may correct: known, and asked for by a step that was come past."""
    past = {*frame.path, frame.step}
    return tuple(slot for slot in flow.slots if slot in frame.slots and past & set(flow.collects(slot)))
