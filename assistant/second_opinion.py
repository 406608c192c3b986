"""What a small model makes of a message that the rules are unsure of: one of a few commands, each checked by code."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date

from pydantic import BaseModel, ConfigDict, Field

from assistant import guard, prompt, quantity
from assistant.acquainted import cloak_of
from assistant.cloak import Public
from assistant.command import (
    AskHuman,
    AskKnowledge,
    CancelFlow,
    Clarify,
    Command,
    CorrectSlot,
    NotUnderstood,
    SetSlot,
)
from assistant.conversation import Conversation
from assistant.flow import Flow
from assistant.llm import LLM, Allowance, Asked, ModelFailed
from assistant.question import Question, Wants
from assistant.understanding import Understanding
from knowledge_base.text import fold

_TASK = "task:"
_UNWILLING = re.compile(
    "不|别|没|甭|免|算|停|取消|退|撤|改天|下次|以后|回头|再说|拉倒|作罢|放弃|唔|冇|"
    "stop|cancel|quit|forget|never|leave|drop|later|another|back|changed|n.?t|no"
)
"""One of these is in every message by which a task is given up; a model is not believed that reads it in another."""
_APART = ("question", "human", "unclear")


class Meaning(BaseModel):
    """Which of the options a message means, and the words in it that answer the open question."""

    model_config = ConfigDict(extra="forbid")

    means: str = Field(max_length=80)
    words: str = Field("", max_length=500)


class SecondOpinion:
    """Asks the small model where the rules would ask the customer again.

    The model sees the likely options only, and picks one; a value must stand in the message word for word and is read by the
    same rules as ever. It never says yes, enters a code, or chooses a step.
    """

    def __init__(self, llm: LLM, understanding: Understanding, flows: Mapping[str, Flow]) -> None:
        self._llm = llm
        self._understanding = understanding
        self._flows = flows

    def on(
        self,
        commands: Sequence[Command],
        message: str,
        state: Conversation,
        asked: Question | None,
        today: date,
        allowance: Allowance,
    ) -> list[Command]:
        """The commands of the message, in the model's reading where the rules had none; as they were where it has none either."""
        options = self._options(commands, message, asked)
        if not options:
            return list(commands)
        rendered = self._ask(options, message, state, asked)
        try:
            meaning = self._llm.fill(rendered, Meaning, allowance)
        except ModelFailed:
            return list(commands)
        if meaning.means not in options:
            return list(commands)
        return self._command(meaning, message, state, asked, today) or list(commands)

    def _options(self, commands: Sequence[Command], message: str, asked: Question | None) -> tuple[str, ...]:
        """What a message may mean that the rules are unsure of; nothing where they are sure."""
        match commands:
            case [Clarify(flows=flows)]:
                return (*_tasks(flows), *_APART)
            case [AskKnowledge(task=None)] if asked is None:
                likely = self._understanding.likely(message)
                return (*_tasks(likely), *_APART) if likely else ()
            case [NotUnderstood()] if asked is not None and asked.wants is not Wants.CODE:
                return (*(("value",) if asked.wants is Wants.SLOT else ()), "cancel", *_APART)
            case _:
                return ()

    def _ask(self, options: Sequence[str], message: str, state: Conversation, asked: Question | None) -> Asked:
        tasks = [one for one in options if one.startswith(_TASK)]
        titles = [self._flows[one.removeprefix(_TASK)].title.zh for one in tasks]
        return prompt.load("commands").render(
            cloak_of(state),
            tasks=[{"id": Public(one), "title": Public(title)} for one, title in zip(tasks, titles, strict=True)],
            value="value" in options,
            cancel="cancel" in options,
            asked=asked.text if asked else "",
            message=_masked(message, state),
        )

    def _command(
        self, meaning: Meaning, message: str, state: Conversation, asked: Question | None, today: date
    ) -> list[Command]:
        """What an option comes to; nothing where it does not hold."""
        if meaning.means.startswith(_TASK):
            return self._understanding.start(meaning.means.removeprefix(_TASK), message, state, today)
        match meaning.means:
            case "value":
                return self._value(meaning.words, message, state, asked, today)
            case "question":
                return [self._understanding.question(message, state, today)]
            case "human":
                return [AskHuman()]
            case "cancel":
                return [CancelFlow()] if _UNWILLING.search(fold(message)) else []
            case _:
                return []

    def _value(
        self, words: str, message: str, state: Conversation, asked: Question | None, today: date
    ) -> list[Command]:
        """What the rules read in those words of the message: values alone, never a yes."""
        if not words.strip() or fold(words) not in fold(message) or asked is None:
            return []
        if not stands_whole(words, message):
            return []
        read = self._understanding.understand(words, None, state, asked, today)
        return read if all(isinstance(one, SetSlot | CorrectSlot) for one in read) else []


def _tasks(flows: Sequence[str]) -> tuple[str, ...]:
    return tuple(f"{_TASK}{flow}" for flow in flows)


def _masked(message: str, state: Conversation) -> str:
    """The message without what could be the code that is on its way."""
    return guard.mask_live(message) if any(frame.code for frame in state.frames) else message


def stands_whole(words: str, message: str) -> bool:
    """Whether every figure of the words is one of the message's, and no part of one: the 5万 of 1.5万 is none."""
    said = quantity.read(quantity.plain(message))
    return all(any(quantity.same(one, other) for other in said) for one in quantity.read(quantity.plain(words)))
