"""A question of the knowledge base: found, judged, worded by a model where there is one, or honestly left open."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import assert_never

from assistant import guard, handoff, tracing
from assistant.alarm import Kind
from assistant.answering import Abstained, Answer, Answered, Answering, Question, Unclear
from assistant.command import AskKnowledge
from assistant.conversation import Conversation, fold
from assistant.event import KnowledgeAbstained, KnowledgeAnswered, SearchFailed
from assistant.evidence import Weakness
from assistant.flow import Flow
from assistant.live import Speech
from assistant.phrasing import Phrased, Phrasing
from assistant.reply import Outcome, Reply
from assistant.rewriting import Rewriting
from assistant.said import Said, human_choice, offers, tasks
from assistant.wording import Wording
from knowledge_base.index import IndexUnavailable
from knowledge_base.passage import Audience

STARTED_BY = {Kind.LOST_CARD: "report_lost_card", Kind.COMPLAINT: "file_complaint"}
"""The tasks that alarms start; whoever asks about one of them is offered a person as well."""


@dataclass(frozen=True)
class Models:
    """What a model does for an answer."""

    phrasing: Phrasing
    rewriting: Rewriting


@dataclass(frozen=True)
class _Found:
    """What was found for a question, or for the `rewritten` one; `searched` in milliseconds."""

    question: Question
    answer: Answer
    searched: float
    rewritten: bool = False


class Asking:
    """Answers questions from the documents."""

    def __init__(self, answering: Answering, flows: Mapping[str, Flow], models: Models | None = None) -> None:
        self._answering = answering
        self._flows = flows
        self._models = models

    def ask(self, command: AskKnowledge, state: Conversation, words: Wording, speech: Speech) -> Said:
        """What the documents say to it, with their citations; otherwise a question back, or that nothing reliable was found."""
        started = time.perf_counter()
        question = Question(command.question, state.audience, command.as_of, command.about, state.asked_back)
        try:
            found = self._find(question, state, speech)
        except IndexUnavailable as error:
            failed = SearchFailed(guard.mask(command.question), str(error))
            return Said(Outcome.ABSTAINED, Reply(words.search_failed, (human_choice(words),)), (failed,))
        said = self._said(found, command, state, words, speech)
        return replace(said, search=found.searched, answer=_ms(time.perf_counter() - started) - found.searched)

    def _find(self, question: Question, state: Conversation, speech: Speech) -> _Found:
        """What answers the question as it stands, or else as a model reads it."""
        found = self._look(question)
        if self._models is None or not isinstance(found.answer, Abstained):
            return found
        whole = self._models.rewriting.whole(question, found.answer, state, speech.allowance)
        other = self._look(whole) if whole else None
        return replace(other, rewritten=True) if other and isinstance(other.answer, Answered) else found

    def _look(self, question: Question) -> _Found:
        started = time.perf_counter()
        with tracing.span("teller.search"):
            hits = self._answering.find(question)
        searched = _ms(time.perf_counter() - started)
        return _Found(question, self._answering.answer(question, hits), searched)

    def _said(self, found: _Found, command: AskKnowledge, state: Conversation, words: Wording, speech: Speech) -> Said:
        match found.answer:
            case Answered():
                return self._answered(found, found.answer, command.task, state, words, speech)
            case Abstained():
                return self._abstained(found.question, found.answer, command.task, state, words)
            case Unclear():
                choices = (*offers(found.answer.options), human_choice(words))
                return Said(Outcome.CLARIFYING, Reply(words.unclear, choices))
            case _:
                assert_never(found.answer)

    def _answered(
        self, found: _Found, answer: Answered, task: str | None, state: Conversation, words: Wording, speech: Speech
    ) -> Said:
        note = words.as_of.format(day=answer.as_of.isoformat()) + "\n" if answer.as_of else ""
        note += _doubt(state, words) + "\n" if answer.doubtful else ""
        note += words.read_as.format(question=found.question.text) + "\n" if found.rewritten else ""
        worded = self._worded(found.question, answer, words, speech, note)
        if worded.refused:
            unread = Abstained(Weakness.NOT_SAID, answer.support, answer.related)
            return self._abstained(found.question, unread, task, state, words)
        flow = self._offered(task or answer.flow, state)
        offer = f"\n\n{words.offer_task}" if flow else ""
        person = (human_choice(words),) if answer.doubtful or flow in STARTED_BY.values() else ()
        choices = (*tasks((flow,) if flow else (), self._flows, words), *offers(answer.related), *person)
        event = KnowledgeAnswered(
            guard.mask(found.question.text),
            answer.subject,
            answer.support,
            answer.passages,
            worded.prompt,
            worded.held_back,
        )
        reply = Reply(note + worded.text + offer, choices, citations=worded.citations)
        return Said(Outcome.ANSWERED, reply, (event,))

    def _worded(self, question: Question, answer: Answered, words: Wording, speech: Speech, note: str) -> Phrased:
        """The answer as a model puts it, or in the documents' own words."""
        if self._models is None or answer.is_table:
            return Phrased(answer.text, answer.citations)
        return self._models.phrasing.word(question, answer, words, speech.begun_with(note))

    def _offered(self, task: str | None, state: Conversation) -> str | None:
        """The task to offer beside an answer: one that customers have, and that is not being done already."""
        if state.audience is not Audience.CUSTOMER or task not in self._flows:
            return None
        return None if any(frame.flow == task for frame in state.frames) else task

    def _abstained(
        self, question: Question, found: Abstained, task: str | None, state: Conversation, words: Wording
    ) -> Said:
        near = bool(found.nearest)
        event = KnowledgeAbstained(guard.mask(question.text), found.weakness.value, found.support, near)
        text = f"{words.abstain}{_instead(event, state, words)}"
        offered = tasks((task,) if task else (), self._flows, words)
        return Said(Outcome.ABSTAINED, Reply(text, (*offered, *offers(found.nearest), human_choice(words))), (event,))


def _doubt(state: Conversation, words: Wording) -> str:
    return words.doubtful_colleague if state.audience is Audience.STAFF else words.doubtful


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


def _ms(seconds: float) -> float:
    return round(seconds * 1000, 2)
