"""A model words what the documents answer so that it fits the customer's question, behind the agent's back."""

from __future__ import annotations

import time

from assistant.answering import Answered, Question
from assistant.backroom import Backroom, Job
from assistant.live import Speech
from assistant.llm import Allowance
from assistant.model_event import ModelAsked
from assistant.phrasing import Phrased, Phrasing
from assistant.polishing import Note
from assistant.wording import Wording


class Rewording:
    """Words replies in the way in which answers are worded; only what was let through whole is suggested to an agent."""

    def __init__(self, phrasing: Phrasing, backroom: Backroom[Phrased], note: Note, seconds: float) -> None:
        self._phrasing = phrasing
        self._backroom = backroom
        self._note = note
        self._seconds = seconds

    def of(self, question: Question, answer: Answered, words: Wording, conversation: str) -> Phrased | None:
        """The answer in a model's words, once they are there; of questions that are alike, one is asked."""
        if answer.is_table:
            return None
        asked: list[ModelAsked] = []
        job = Job(lambda: self._made(question, answer, words, asked), lambda: self._note(conversation, asked))
        key = (question.text, question.about, question.as_of, answer.text, answer.passages, words.language)
        return self._backroom.ask(key, job)

    def _made(self, question: Question, answer: Answered, words: Wording, asked: list[ModelAsked]) -> Phrased | None:
        speech = Speech(Allowance(time.monotonic() + self._seconds, asked))
        phrased = self._phrasing.word(question, answer, words, speech)
        # What is mended by the documents' own words is better suggested as those.
        whole = phrased.prompt and not phrased.refused and not phrased.held_back
        return phrased if whole and words.in_the_documents not in phrased.text else None
