"""Guided tasks carried out: commands change the open task, the runner walks it on, and what it needs is done."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import assert_never

from assistant import flow_runner
from assistant.bank import Bank
from assistant.banking import Banking
from assistant.command import (
    Answer,
    CancelFlow,
    CorrectSlot,
    NotUnderstood,
    RejectSlot,
    ResendCode,
    ResumeFlow,
    Retry,
    SetSlot,
    SkipSlot,
    StartFlow,
    SubmitCode,
)
from assistant.conversation import Conversation
from assistant.errand import Errand, Wanted
from assistant.event import AlarmRaised, SignedIn
from assistant.flow import Flow
from assistant.flow_event import CallEnded, FlowEnded, FlowResumed, FlowStarted, Retried, ReviewDecided, ReviewRequested
from assistant.flow_runner import NeedCall, NeedCode, NeedFlow, NeedPerson, NeedReview
from assistant.frame import Frame
from assistant.handoff import TRIES
from assistant.question import IDENTITY, Question, Wants, open_question
from assistant.reason import Reason
from assistant.reply import Link
from assistant.slot_wording import rejection
from assistant.step import Identity, Review, Status, Subflow
from assistant.ticket_kind import Kind
from assistant.video import VideoCall
from assistant.wording import Wording

_SIGN_IN_LASTS = timedelta(hours=8)

TaskCommand = (
    StartFlow
    | SetSlot
    | RejectSlot
    | CorrectSlot
    | SkipSlot
    | Answer
    | SubmitCode
    | ResendCode
    | Retry
    | CancelFlow
    | ResumeFlow
    | NotUnderstood
)


class OtherCustomer(Exception):
    """This conversation belongs to another customer; start a new one."""


class UnknownTicket(Exception):
    """Nothing waits for this ticket: it does not exist, or was decided already."""


def signed_in_until(now: datetime) -> str:
    """How long a sign-in holds in a conversation."""
    return (now + _SIGN_IN_LASTS).isoformat()


class Guiding:
    """Takes customers through the flows."""

    def __init__(
        self, flows: Mapping[str, Flow], bank: Bank, sign_in_url: str = "", video: VideoCall | None = None
    ) -> None:
        self.flows = flows
        self._sign_in_url = sign_in_url
        self._video = video or VideoCall()
        self._banking = Banking(flows, bank)

    def question(self, state: Conversation, words: Wording, now: datetime) -> Question | None:
        """What the open task waits for."""
        if state.frame is None:
            return None
        asked = open_question(self.flows[state.frame.flow], state.frame, state.identity(now), words)
        if asked and asked.wants is Wants.SIGN_IN and self._sign_in_url:
            return replace(asked, links=(Link(words.sign_in_link, self._sign_in_url),))
        if asked and asked.wants is Wants.REVIEW:
            call = self._video.link(state.frame.ticket or "", "customer")
            return replace(asked, links=(Link(words.video_link, call),)) if call else asked
        return asked

    def pictures_needed(self, state: Conversation, ticket: str) -> int:
        """How many pictures the customer must show before what waits for this ticket may be approved."""
        waiting = next((frame for frame in state.frames if frame.ticket == ticket), None)
        step = self.flows[waiting.flow].steps[waiting.step] if waiting else None
        return step.needs_pictures if isinstance(step, Review) else 0

    def settle(self, errand: Errand, *, resend: bool) -> bool:
        """Finds out how a commit ended whose answer was never heard, and goes on from there; whether that was found out.

        What the bank never saw is sent again only where the customer still wants it.
        """
        pending = next((frame for frame in errand.state.frames if frame.pending), None)
        if pending is None:
            return False
        before = errand.frame
        if before.id != pending.id:
            errand.happen(FlowResumed(pending.id))
        settled = self._banking.settle(errand, resend=resend)
        if settled:
            self.walk(errand)
        elif before.id != pending.id:
            errand.happen(FlowResumed(before.id))
        return settled

    def sign_in(self, customer: str, errand: Errand) -> None:
        """Who is talking is known now; what one customer had begun is not gone on with by another."""
        if errand.state.customer not in (None, customer):
            raise OtherCustomer(OtherCustomer.__doc__)
        if errand.state.identity(errand.now) is Identity.ANONYMOUS:
            errand.happen(SignedIn(customer, signed_in_until(errand.now)))
        errand.said.append(errand.words.signed_in)

    def review(self, ticket: str, reviewer: str, errand: Errand, *, approved: bool, reason: str = "") -> None:
        """A person has decided on what a task waits for."""
        waiting = next(
            (frame for frame in errand.state.frames if frame.ticket == ticket and frame.decided is None), None
        )
        if waiting is None:
            raise UnknownTicket(UnknownTicket.__doc__)
        errand.happen(ReviewDecided(waiting.id, ticket, approved, reviewer, reason))
        if errand.frame.id != waiting.id:  # the question that is before the customer stays there
            errand.said.append(errand.words.review_done.format(title=self._title(waiting, errand.words)))

    def end_task(self, errand: Errand) -> None:
        """A person of the bank has settled the open task; one that the bank is still working on stays."""
        if errand.state.frame and not errand.frame.pending:
            errand.said.append(errand.words.flow_closed.format(title=self._title(errand.frame, errand.words)))
            _give_up(errand)

    def go_on(self, errand: Errand) -> None:
        """Takes the conversation up again after a person of the bank had it: with the open task, if there is one."""
        if errand.state.frame:
            self._announce(errand.frame, errand)

    def obey(self, commands: Sequence[TaskCommand], errand: Errand) -> None:
        """Does what the commands ask, then walks on until the customer is needed. Of several tasks the first comes first."""
        allowed = [command for command in commands if not self._is_held(command, errand)]
        if any(command not in allowed and not isinstance(command, Retry) for command in commands):
            errand.said.append(errand.words.still_pending)
        first: str | None = None
        for command in allowed:
            if isinstance(command, StartFlow):
                self._start(command, errand, first)
                first = first or errand.frame.id
            else:
                self._do(command, errand)
        self.walk(errand)

    def _is_held(self, command: TaskCommand, errand: Errand) -> bool:
        """Whether a command must wait until a pending commit is known to have ended: only other tasks may be begun."""
        pending = {frame.flow for frame in errand.state.frames if frame.pending}
        if isinstance(command, StartFlow):
            return command.flow in pending
        return errand.state.frame is not None and errand.state.frame.pending

    def walk(self, errand: Errand) -> None:
        """Goes on with the tasks, from the one on top, until one of them waits for the customer or none is left."""
        while errand.state.frame:
            frame = errand.frame
            flow = self.flows[frame.flow]
            move = flow_runner.advance(flow, frame, errand.state.identity(errand.now), errand.words)
            errand.move(move)
            if move.question:
                errand.question = move.question
                return
            if move.need:
                self._meet(move.need, errand)
            if all(one.id != frame.id for one in errand.state.frames):
                self._return(frame, errand)

    def _meet(self, need: flow_runner.Need, errand: Errand) -> None:
        match need:
            case NeedCall() if errand.frame.pending:
                self._banking.settle(errand, resend=False)
            case NeedCall():
                self._banking.call(need, errand)
            case NeedCode():
                if need.target == IDENTITY and not errand.frame.tries:
                    errand.said.append(errand.words.code_needed)
                self._banking.send_code(need.target, errand)
            case NeedReview():
                frame, ticket = errand.frame, secrets.token_hex(6)
                errand.happen(ReviewRequested(frame.id, frame.step, ticket, need.skill, need.text))
                about = (need.skill, ticket, frame.id, need.text, need.two_people)
                errand.wanted.append(Wanted(Reason.REVIEW, Kind.REVIEW, *about))
            case NeedFlow():
                self._enter(need.flow, errand)
            case NeedPerson():
                skill = self._skill(errand)
                wanted = Wanted(need.reason, need.kind, skill, due_at=need.due_at, details=need.details)
                errand.wanted.append(wanted)
            case _:
                assert_never(need)

    def _skill(self, errand: Errand) -> str | None:
        """What a person must know to help with the task that has just ended."""
        return self.flows[errand.ended[0].flow].skill if errand.ended else None

    def _enter(self, flow: str, errand: Errand) -> None:
        """A flow that is a step of another knows what that one knows."""
        known, parent = errand.frame.slots, errand.frame.id
        shared = {name: known[name] for name in self.flows[flow].slots if name in known}
        errand.happen(FlowStarted(_frame_id(flow, errand), flow, self.flows[flow].first, parent, slots=shared))

    def _return(self, before: Frame, errand: Errand) -> None:
        """A task is over and another is on top: a parent goes on by how its part ended, any other is announced."""
        frame = errand.state.frame
        if frame is None:
            return
        flow = self.flows[frame.flow]
        step = flow.steps[frame.step]
        if before.parent == frame.id and isinstance(step, Subflow) and errand.ended:
            ended, status = errand.ended
            shared = {name: known for name, known in ended.slots.items() if name in flow.slots}
            errand.happen(CallEnded(frame.id, step.subflow, "", status.value, shared))
            errand.take(flow, status.value)
        else:
            self._announce(frame, errand)

    def _announce(self, frame: Frame, errand: Errand) -> None:
        told = errand.words.flow_back if frame.begun else errand.words.flow_next
        errand.said.append(told.format(title=self._title(frame, errand.words)))

    def _title(self, frame: Frame, words: Wording) -> str:
        return self.flows[frame.flow].title.of(words.language)

    def _start(self, command: StartFlow, errand: Errand, first: str | None) -> None:
        """A task begins, or the customer comes back to it; where another was wished for first, it waits beneath that one."""
        flow, words = self.flows[command.flow], errand.words
        opened = next((frame for frame in errand.state.frames if frame.flow == flow.id), None)
        if command.alarm:
            errand.alarmed = True
            errand.happen(AlarmRaised(command.alarm))
            errand.said.append(getattr(words, f"alarm_{command.alarm.value}"))
        if opened:
            errand.happen(FlowResumed(opened.id))
            return
        errand.happen(FlowStarted(_frame_id(flow.id, errand), flow.id, flow.first, beneath=first))
        if first is None and not command.alarm:
            errand.said.append(words.flow_begins.format(title=flow.title.of(words.language)))

    def _do(self, command: TaskCommand, errand: Errand) -> None:  # noqa: C901 - one arm a command
        if errand.state.frame is None:
            idle = isinstance(command, CancelFlow)
            errand.said.append(errand.words.nothing_to_cancel if idle else errand.words.nothing_to_answer)
            return
        frame, flow = errand.frame, self.flows[errand.frame.flow]
        match command:
            case SetSlot():
                errand.happen(*flow_runner.fill(flow, frame, command.slot, command.value))
            case RejectSlot():
                errand.happen(*flow_runner.reject(frame, command.slot, command.reason))
                errand.said.append(_why(flow, command, errand.words))
            case CorrectSlot():
                errand.happen(*flow_runner.correct(flow, frame, command.slot, command.value))
            case SkipSlot():
                errand.happen(*flow_runner.skip(frame, command.slot))
            case Answer():
                self._answer(command, flow, errand)
            case SubmitCode():
                self._banking.check_code(command.code, errand)
            case ResendCode() if frame.code:
                self._banking.send_code(frame.code.target, errand)
            case Retry():
                errand.happen(Retried(frame.id))
            case CancelFlow():
                self._cancel(errand)
            case NotUnderstood():
                self._puzzled(errand)
            case ResumeFlow() | ResendCode() | StartFlow():
                pass
            case _:
                assert_never(command)

    def _answer(self, command: Answer, flow: Flow, errand: Errand) -> None:
        asked = errand.asked
        if asked and asked.wants is Wants.YES_NO:
            errand.happen(*flow_runner.answer(flow, errand.frame, asked, yes=command.yes, at=errand.now))

    def _puzzled(self, errand: Errand) -> None:
        words, asked = errand.words, self.question(errand.state, errand.words, errand.now)
        if asked:
            errand.happen(*flow_runner.reject(errand.frame, asked.slot or asked.wants.value, "not_understood"))
        wants = asked.wants if asked else None
        told = {Wants.YES_NO: words.plain_yes_please, Wants.CODE: words.code_digits}
        errand.said.append(told.get(wants, words.not_understood) if wants else words.not_understood)

    def _cancel(self, errand: Errand) -> None:
        """The customer gives the open task up."""
        errand.said.append(errand.words.flow_cancelled.format(title=self._title(errand.frame, errand.words)))
        _give_up(errand)
        if errand.state.frame:
            self._announce(errand.state.frame, errand)


def _give_up(errand: Errand) -> None:
    """The open task ends undone, and with it the one that it was a part of."""
    frame: Frame | None = errand.frame
    while frame:
        errand.happen(FlowEnded(frame.id, frame.flow, Status.CANCELLED))
        frame = errand.state.frame if frame.parent else None


def offers_human(errand: Errand) -> bool:
    """Whether the customer has tried often enough to be offered a person."""
    return errand.state.frame is not None and errand.state.frame.tries >= TRIES


def _frame_id(flow: str, errand: Errand) -> str:
    return f"{flow}:{errand.state.events}-{secrets.token_hex(2)}"


def _why(flow: Flow, command: RejectSlot, words: Wording) -> str:
    if command.reason == "cannot_skip":
        return words.cannot_skip
    own = flow.slots[command.slot].reject.get(command.reason)
    return own.of(words.language) if own else rejection(flow.slots[command.slot].kind, command.reason, words.language)
