"""What is said outside the tasks: answers from the documents, small talk, alarms, and staff's own questions."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import assert_never

from assistant.alarm import Kind
from assistant.asking import Asking
from assistant.command import (
    AnswerObjection,
    AskKnowledge,
    CheckDraft,
    CheckSale,
    Clarify,
    CompareProducts,
    Decline,
    GuideSale,
    ListCampaigns,
    MakeSmalltalk,
    PressStaleChoice,
    RaiseAlarm,
    Repeat,
    Topic,
)
from assistant.conversation import Conversation
from assistant.event import AlarmRaised, SearchFailed
from assistant.flow import Flow
from assistant.guidance import Guidance
from assistant.live import Speech
from assistant.reason import Reason
from assistant.reply import Outcome, Reply
from assistant.said import Said, human_choice, offers, tasks
from assistant.staff_help import HelpCommand, StaffHelp
from assistant.wording import Wording
from knowledge_base.index import IndexUnavailable
from knowledge_base.passage import Audience

_SHOWN_TASKS = 6

SaleCommand = GuideSale | CompareProducts | CheckSale
StaffCommand = SaleCommand | HelpCommand
TalkCommand = AskKnowledge | MakeSmalltalk | Repeat | PressStaleChoice | Clarify | Decline | RaiseAlarm | StaffCommand


class Talking:
    """Answers, greets, clarifies, and hears alarms."""

    def __init__(
        self,
        asking: Asking,
        flows: Mapping[str, Flow],
        guidance: Guidance | None = None,
        help: StaffHelp | None = None,
    ) -> None:
        self._asking = asking
        self._flows = flows
        self._guidance = guidance
        self._help = help

    def obey(self, command: TalkCommand, state: Conversation, words: Wording, speech: Speech) -> Said:
        """What a command comes to, in words."""
        match command:
            case AskKnowledge():
                return self._asking.ask(command, state, words, speech)
            case MakeSmalltalk():
                return self._chat(command.topic, words)
            case Repeat() | PressStaleChoice() | Decline():
                return _at_once(command, state, words)
            case Clarify():
                choices = (*tasks(command.flows, self._flows, words), human_choice(words))
                return Said(Outcome.CLARIFYING, Reply(words.clarify, choices))
            case RaiseAlarm():
                return self._alarm(command.alarm, words)
            case GuideSale() | CompareProducts() | CheckSale() | CheckDraft() | AnswerObjection() | ListCampaigns():
                return self._for_staff(command, state, words, speech)
            case _:
                assert_never(command)

    def _chat(self, topic: Topic, words: Wording) -> Said:
        text: str = getattr(words, topic.value)
        if topic is Topic.ABILITY and self._flows:
            names = "\n".join(f"- {flow.title.of(words.language)}" for flow in self._flows.values())
            return Said(
                Outcome.SMALLTALK,
                Reply(
                    f"{text}\n\n{words.offer_tasks}\n{names}",
                    tasks(tuple(self._flows), self._flows, words)[:_SHOWN_TASKS],
                ),
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
            Outcome.HANDED_OFF,
            Reply(text, tasks(helps, self._flows, words)),
            (AlarmRaised(alarm),),
            Reason(alarm.value),
        )

    def _for_staff(self, command: StaffCommand, state: Conversation, words: Wording, speech: Speech) -> Said:
        if isinstance(command, HelpCommand):
            return self._helped(command, state, words, speech)
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

    def _helped(self, command: HelpCommand, state: Conversation, words: Wording, speech: Speech) -> Said:
        """A draft that was checked, an objection answered, or what runs at the branch, for staff alone; what no row answers is asked of all documents."""
        if state.audience is not Audience.STAFF or self._help is None:
            return Said(Outcome.ABSTAINED, Reply(words.abstain, (human_choice(words),)))
        try:
            found = self._help.obey(command, words.language, state.branch)
        except IndexUnavailable as error:
            failed = SearchFailed("", str(error))
            return Said(Outcome.ABSTAINED, Reply(words.search_failed, (human_choice(words),)), (failed,))
        if found is None and isinstance(command, AnswerObjection):
            return self._asking.ask(AskKnowledge(command.asked), state, words, speech)
        reply, events = found or (Reply(words.abstain), ())
        return Said(Outcome.ANSWERED, reply, events)


def _at_once(command: Repeat | PressStaleChoice | Decline, state: Conversation, words: Wording) -> Said:
    """What needs no looking up."""
    match command:
        case Repeat():
            return Said(Outcome.SMALLTALK, state.last_reply or Reply(words.nothing_to_repeat))
        case PressStaleChoice():
            return Said(Outcome.CLARIFYING, Reply(words.stale_choice, () if state.frame else state.choices))
        case Decline():
            said = words.not_ordered if command.orders else words.declined
            return Said(Outcome.BLOCKED, Reply(said, (human_choice(words),)))


def _ms(seconds: float) -> float:
    return round(seconds * 1000, 2)
