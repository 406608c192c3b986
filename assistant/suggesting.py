"""Replies that an agent may send as they stand: what the documents for customers answer to what the customer asks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date

from assistant import extract
from assistant.answering import Answered, Answering, Question
from assistant.command import AskKnowledge
from assistant.conversation import Conversation
from assistant.desk_view import Suggestion
from assistant.event import Event, KnowledgeAbstained
from assistant.flow import Flow
from assistant.rewording import Rewording
from assistant.understanding import Understanding
from assistant.wording import Wordings
from knowledge_base.index import IndexUnavailable
from knowledge_base.passage import Audience
from knowledge_base.text import sentences

_SUGGESTIONS = 3
_MESSAGES = 3
_PASSAGES = 3
_LONGEST = 240


class Suggesting:
    """Looks replies up. Only what Answering stands behind is suggested, and only from documents that customers may read."""

    def __init__(
        self,
        answering: Answering,
        understanding: Understanding,
        flows: Mapping[str, Flow],
        wordings: Wordings,
        rewording: Rewording | None = None,
    ) -> None:
        self._answering = answering
        self._understanding = understanding
        self._flows = flows
        self._wordings = wordings
        self._rewording = rewording

    def replies(
        self, state: Conversation, events: Sequence[Event], today: date, conversation: str
    ) -> tuple[Suggestion, ...]:
        """Up to three: for the customer's last questions, then what had no answer, then the open task; none twice."""
        found: dict[str, Suggestion] = {}
        for question in self._questions(state, events, today):
            suggested = self._answer(question, state.locale, conversation)
            if suggested:
                found.setdefault(suggested.text, suggested)
            if len(found) == _SUGGESTIONS:
                break
        return tuple(found.values())

    def passages(self, text: str) -> list[str]:
        """The few passages of the documents for customers that are nearest to a text; none while they cannot be searched."""
        try:
            hits = self._answering.find(Question(text, Audience.CUSTOMER))
        except IndexUnavailable:
            return []
        return [hit.passage.text for hit in hits[:_PASSAGES]]

    def _questions(self, state: Conversation, events: Sequence[Event], today: date) -> Iterator[Question]:
        said = [one.text for one in reversed(state.messages) if one.author == "customer"][:_MESSAGES]
        apart = replace(state, audience=Audience.CUSTOMER, frames=(), tickets=(), choices=())
        for message in said:
            for command in self._understanding.understand(message, None, apart, None, today):
                if isinstance(command, AskKnowledge):
                    yield Question(command.question, Audience.CUSTOMER, command.as_of, command.about, final=True)
        unanswered = [event.question for event in events if isinstance(event, KnowledgeAbstained)]
        if unanswered:
            yield Question(unanswered[-1], Audience.CUSTOMER, final=True)
        if state.frame:
            asked = self._flows[state.frame.flow].examples.questions
            for text in asked.get("en" if state.locale.startswith("en") else "zh", ())[:1]:
                yield Question(text, Audience.CUSTOMER, final=True)

    def _answer(self, question: Question, locale: str, conversation: str) -> Suggestion | None:
        """In a model's words where they are there already, in the documents' own otherwise."""
        try:
            answer = self._answering.answer(question, self._answering.find(question))
        except IndexUnavailable:
            return None
        if not isinstance(answer, Answered):
            return None
        words = self._wordings.of(locale)
        worded = self._rewording.of(question, answer, words, conversation) if self._rewording else None
        if worded:
            return Suggestion(question.text, extract.without_marks(worded.text), worded.citations, worded=True)
        return Suggestion(question.text, _short(extract.without_marks(answer.text)), answer.citations)


def _short(text: str) -> str:
    """The first whole sentences that an agent would send; a table as a whole."""
    if text.startswith("|"):
        return text
    kept = ""
    for sentence in sentences(text):
        if kept and len(kept) + len(sentence) > _LONGEST:
            break
        kept += f"\n{sentence}" if kept and f"\n{sentence}" in text else sentence
    return kept or text
