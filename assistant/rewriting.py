"""A question that had no answer, put as a whole one by a small model: what was left unsaid filled in, slang in the bank's words."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from pydantic import BaseModel, ConfigDict, Field

from assistant import guard, prompt, quantity
from assistant.acquainted import cloak_of
from assistant.answering import Abstained, Question
from assistant.cloak import Public
from assistant.conversation import Conversation
from assistant.evidence import Weakness
from assistant.llm import LLM, Allowance, ModelFailed
from assistant.message import Message
from knowledge_base.lexicon import Lexicon
from knowledge_base.passage import Audience
from knowledge_base.text import fold

_MESSAGES = 6
_LONGEST = 300
_READABLE = frozenset({Weakness.TOO_FAR, Weakness.NOTHING_FOUND, Weakness.NO_QUANTITY})
"""Weaknesses that other words may mend; that a thing is unknown, or another one, they do not."""


class Whole(BaseModel):
    """A question that can be understood by itself; empty where none could be made out."""

    model_config = ConfigDict(extra="forbid")

    question: str = Field(max_length=_LONGEST)


class Rewriting:
    """Rewrites questions. Code answers the new one, or does not, and the customer is told how the question was read."""

    def __init__(self, llm: LLM, lexicon: Callable[[Audience], Lexicon]) -> None:
        self._llm = llm
        self._lexicon = lexicon

    def whole(self, question: Question, found: Abstained, state: Conversation, allowance: Allowance) -> Question | None:
        """The question in other words; nothing where none can be made, or where it brings in what nobody spoke of."""
        if found.weakness not in _READABLE:
            return None
        before = [{"author": Public(one.author), "text": one.text} for one in _answered_before(state)]
        asked = prompt.load("rewrite").render(cloak_of(state), before=before, message=question.text)
        try:
            text = self._llm.fill(asked, Whole, allowance).question.strip()
        except ModelFailed:
            return None
        spoken = [question.text, question.about or "", *(one.text for one in state.messages)]
        if not text or fold(text) == fold(question.text) or self._brings_in(text, spoken, question.audience):
            return None
        return replace(question, text=guard.mask(text), about=None)

    def _brings_in(self, text: str, spoken: Sequence[str], audience: Audience) -> bool:
        """Whether a figure or a product stands in the text that was not spoken of."""
        names = self._lexicon(audience)
        known = set(names.names_in(" ".join(spoken)))
        said = [one for message in spoken for one in quantity.read(quantity.plain(message))]
        if any(not any(quantity.same(one, other) for other in said) for one in quantity.read(quantity.plain(text))):
            return True
        return bool(guard.unsupported_figures(text, spoken)) or not known.issuperset(names.names_in(text))


def _answered_before(state: Conversation) -> Iterator[Message]:
    """The last questions that were answered from documents, with the answers: what is said within a task is the customer's own."""
    for asked, said in pairwise(state.messages[-_MESSAGES - 1 : -1]):
        if asked.author == "customer" and said.reply and said.reply.citations:
            yield from (asked, said)
