"""What is said outside the tasks: answers from the documents, small talk, alarms."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import assert_never

from assistant import guard, handoff, tracing
from assistant.alarm import Kind
from assistant.answering import Abstained, Answered, Answering, Question, Unclear
from assistant.command import (
    AnswerObjection,
    AskKnowledge,
    CheckDraft,
    CheckSale,
    Clarify,
    CompareProducts,
    GuideSale,
    ListCampaigns,
    MakeSmalltalk,
    PressStaleChoice,
    RaiseAlarm,
    Repeat,
    Topic,
)
from assistant.conversation import Conversation, fold
from assistant.event import AlarmRaised, Event, KnowledgeAbstained, KnowledgeAnswered, SearchFailed
from assistant.flow import Flow
from assistant.guidance import Guidance
from assistant.reason import Reason
from assistant.reply import Choice, Outcome, Reply
from assistant.staff_help import HelpCommand, StaffHelp
from assistant.wording import Wording
from knowledge_base.index import IndexUnavailable
from knowledge_base.passage import Audience

HUMAN_CHOICE = "human"
ASK_CHOICE = "ask:"
STARTED_BY = {Kind.LOST_CARD: "report_lost_card", Kind.COMPLAINT: "file_complaint"}
"""The tasks that alarms start; whoever asks about one of them is offered a person as well."""
_SHOWN_TASKS = 6

SaleCommand = GuideSale | CompareProducts | CheckSale
StaffCommand = SaleCommand | HelpCommand
TalkCommand = AskKnowledge | MakeSmalltalk | Repeat | PressStaleChoice | Clarify | RaiseAlarm | StaffCommand


@dataclass(frozen=True)
class Said:
    """What came of a command outside the tasks, and why a person is wanted, if so; times in milliseconds."""

    outcome: Outcome
    reply: Reply
    events: tuple[Event, ...] = ()
    reason: Reason | None = None
    search: float = 0
    answer: float = 0


class Talking:
    """Answers, greets, clarifies, and hears alarms."""

    def __init__(
        self,
        answering: Answering,
        flows: Mapping[str, Flow],
        guidance: Guidance | None = None,
        help: StaffHelp | None = None,
    ) -> None:
        self._answering = answering
        self._flows = flows
        self._guidance = guidance
        self._help = help

    def obey(self, command: TalkCommand, state: Conversation, words: Wording) -> Said:
        """What a command comes to, in words."""
        match command:
            case AskKnowledge():
                return self._ask(command, state, words)
            case MakeSmalltalk():
                return self._chat(command.topic, words)
            case Repeat():
                return Said(Outcome.SMALLTALK, state.last_reply or Reply(words.nothing_to_repeat))
            case PressStaleChoice():
                return Said(Outcome.CLARIFYING, Reply(words.stale_choice, () if state.frame else state.choices))
            case Clarify():
                choices = (*self._tasks(command.flows, words), human_choice(words))
                return Said(Outcome.CLARIFYING, Reply(words.clarify, choices))
            case RaiseAlarm():
                return self._alarm(command.alarm, words)
            case GuideSale() | CompareProducts() | CheckSale() | CheckDraft() | AnswerObjection() | ListCampaigns():
                return self._for_staff(command, state, words)
            case _:
                assert_never(command)

    def _chat(self, topic: Topic, words: Wording) -> Said:
        text: str = getattr(words, topic.value)
        if topic is Topic.ABILITY and self._flows:
            names = "\n".join(f"- {flow.title.of(words.language)}" for flow in self._flows.values())
            return Said(
                Outcome.SMALLTALK,
                Reply(f"{text}\n\n{words.offer_tasks}\n{names}", self._tasks(tuple(self._flows), words)[:_SHOWN_TASKS]),
            )
        return Said(Outcome.SMALLTALK, Reply(text))

    def _alarm(self, alarm: Kind, words: Wording) -> Said:
        """Fraud, danger and disputes go to a person at once; the tasks that help are beside the words."""
        text: str = getattr(words, f"alarm_{alarm.value}")
        helps = {
            Kind.FRAUD: ("report_lost_card",),
            Kind.LOST_CARD: ("report_lost_card",),
            Kind.DISPUTE: ("file_complaint",),
        }.get(alarm, ())
        return Said(
            Outcome.HANDED_OFF, Reply(text, self._tasks(helps, words)), (AlarmRaised(alarm),), Reason(alarm.value)
        )

    def _ask(self, command: AskKnowledge, state: Conversation, words: Wording) -> Said:
        started = time.perf_counter()
        question = Question(command.question, state.audience, command.as_of, command.about, state.asked_back)
        try:
            with tracing.span("teller.search"):
                hits = self._answering.find(question)
        except IndexUnavailable as error:
            failed = SearchFailed(guard.mask(command.question), str(error))
            return Said(Outcome.ABSTAINED, Reply(words.search_failed, (human_choice(words),)), (failed,))
        searched = time.perf_counter()
        found = self._answering.answer(question, hits)
        match found:
            case Answered():
                task = command.task or found.flow if state.audience is Audience.CUSTOMER else None
                doing = any(frame.flow == task for frame in state.frames)
                said = self._answered(question, found, task if task in self._flows and not doing else None, words)
            case Abstained():
                said = self._abstained(question, found, command.task, state, words)
            case Unclear():
                said = Said(Outcome.CLARIFYING, Reply(words.unclear, (*offers(found.options), human_choice(words))))
            case _:
                assert_never(found)
        return replace(said, search=_ms(searched - started), answer=_ms(time.perf_counter() - searched))

    def _for_staff(self, command: StaffCommand, state: Conversation, words: Wording) -> Said:
        if isinstance(command, HelpCommand):
            return self._helped(command, state, words)
        return self._guide(command, state, words)

    def _guide(self, command: SaleCommand, state: Conversation, words: Wording) -> Said:
        """Guidance on a sale, for staff alone: a second lock behind the understanding, which never finds it for customers."""
        if state.audience is not Audience.STAFF or self._guidance is None:
            return Said(Outcome.ABSTAINED, Reply(words.abstain, (human_choice(words),)))
        started = time.perf_counter()
        try:
            guided = self._guidance.guide(command, state.branch, words.language)
        except IndexUnavailable as error:
            failed = SearchFailed("", str(error))
            return Said(Outcome.ABSTAINED, Reply(words.search_failed, (human_choice(words),)), (failed,))
        reply = Reply(guided.text, offers(guided.next), citations=guided.citations)
        return Said(Outcome.ANSWERED, reply, (guided.event,), answer=_ms(time.perf_counter() - started))

    def _helped(self, command: HelpCommand, state: Conversation, words: Wording) -> Said:
        """A draft that was checked, an objection answered, or what runs at the branch, for staff alone; what no row answers is asked of all documents."""
        if state.audience is not Audience.STAFF or self._help is None:
            return Said(Outcome.ABSTAINED, Reply(words.abstain, (human_choice(words),)))
        try:
            found = self._help.obey(command, words.language, state.branch)
        except IndexUnavailable as error:
            failed = SearchFailed("", str(error))
            return Said(Outcome.ABSTAINED, Reply(words.search_failed, (human_choice(words),)), (failed,))
        if found is None and isinstance(command, AnswerObjection):
            return self._ask(AskKnowledge(command.asked), state, words)
        reply, events = found or (Reply(words.abstain), ())
        return Said(Outcome.ANSWERED, reply, events)

    def _answered(self, question: Question, found: Answered, task: str | None, words: Wording) -> Said:
        note = words.as_of.format(day=found.as_of.isoformat()) + "\n" if found.as_of else ""
        offer = f"\n\n{words.offer_task}" if task else ""
        person = (human_choice(words),) if task in STARTED_BY.values() else ()
        choices = (*self._tasks((task,) if task else (), words), *offers(found.related), *person)
        event = KnowledgeAnswered(guard.mask(question.text), found.subject, found.support, found.passages)
        reply = Reply(note + found.text + offer, choices, citations=found.citations)
        return Said(Outcome.ANSWERED, reply, (event,))

    def _abstained(
        self, question: Question, found: Abstained, task: str | None, state: Conversation, words: Wording
    ) -> Said:
        near = bool(found.nearest)
        event = KnowledgeAbstained(guard.mask(question.text), found.weakness.value, found.support, near)
        text = f"{words.abstain}{_instead(event, state, words)}"
        tasks = self._tasks((task,) if task else (), words)
        return Said(Outcome.ABSTAINED, Reply(text, (*tasks, *offers(found.nearest), human_choice(words))), (event,))

    def _tasks(self, flows: Sequence[str], words: Wording) -> tuple[Choice, ...]:
        """Tasks as buttons: each button's id is its flow's."""
        known = [self._flows[flow] for flow in flows if flow in self._flows]
        return tuple(Choice(flow.id, flow.title.of(words.language)) for flow in known)


def _instead(event: KnowledgeAbstained, state: Conversation, words: Wording) -> str:
    """What to do for want of an answer; a person is not offered to who waits for one, or is brought one in this turn."""
    if state.audience is Audience.STAFF:
        return words.abstain_colleague
    if state.talk:
        return words.abstain_waiting
    if handoff.due(fold((event,), state), (event,)):
        return words.abstain_again
    if state.abstained_in_a_row:
        return words.abstain_again + words.abstain_person
    offer = words.abstain_nearest if event.near else words.abstain_plain
    return "" if state.frame else offer


def offers(questions: Sequence[str]) -> tuple[Choice, ...]:
    """Questions as buttons."""
    return tuple(Choice(f"{ASK_CHOICE}{number}", question) for number, question in enumerate(questions, start=1))


def human_choice(words: Wording) -> Choice:
    """The button that brings a person in."""
    return Choice(HUMAN_CHOICE, words.human_choice)


def _ms(seconds: float) -> float:
    return round(seconds * 1000, 2)
