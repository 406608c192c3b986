"""A simulated customer in a model's words: told goal, facts, manner and the conversation; what it makes up is not said."""

from __future__ import annotations

import re
import time
from collections.abc import Sequence

from pydantic import BaseModel, ConfigDict, Field

from assistant import prompt, quantity
from assistant.cloak import Cloak, Public
from assistant.llm import LLM, Allowance, Asked, ModelFailed
from evals.case import Goal, Move
from evals.customer_words import CustomerWords
from evals.manner import stock
from evals.scene import Scene
from knowledge_base.text import simplify

_SECONDS = 60
_LONGEST = 200
_APART = re.compile(r"(?<=[0-9])[\s,-]+(?=[0-9])")
_DIGITS = re.compile("[0-9]+")


class Next(BaseModel):
    """The customer's next message, or that there is none."""

    model_config = ConfigDict(extra="forbid")

    message: str = Field(max_length=_LONGEST)
    done: bool


class ModelCustomer:
    """Puts a model's words in the place of a script's; where the model fails, the script goes on alone, and a note says so."""

    def __init__(self, goal: Goal, words: CustomerWords, scene: Scene, llm: LLM) -> None:
        self._goal = goal
        self._words = words
        self._scene = scene
        self._llm = llm
        self._talk: list[dict[str, object]] = []
        self._failed = False
        self._turn = 0

    def instead(self, scripted: Move) -> Move | None:
        """What the model has the customer say instead of a scripted sentence or button; nothing where it takes its leave."""
        self._turn += 1
        self._talk.append({"mine": 0, "text": self._shown()})
        move: Move | None = scripted
        if not self._failed and (scripted.say is not None or scripted.press is not None):
            move = self._asked(scripted)
        if move is not None:
            self._talk.append({"mine": 1, "text": move.say or move.press or "（输入了收到的验证码）"})
        return move

    def _asked(self, scripted: Move) -> Move | None:
        allowance = Allowance(time.monotonic() + _SECONDS)
        try:
            said = self._llm.fill(self._rendered(), Next, allowance)
        except ModelFailed as failure:
            self._failed = True
            self._note(f"the model failed ({failure.failure}); from here on the script plays")
            return scripted
        message = " ".join(said.message.split())
        if said.done:
            self._note("the customer that a model plays takes its leave")
            return None
        made_up = invented(message, self._goal)
        if made_up or not message:
            why = f"makes up {', '.join(made_up)}" if made_up else "says nothing"
            self._note(f"the model {why}; the script's wording is said instead")
            return scripted
        return Move(say=message)

    def _rendered(self) -> Asked:
        goal, own = self._goal, stock(self._goal.manner)
        facts = [
            {"told": own.telling(slot)[0].format(value=value), "wrong": goal.wrong.get(slot, "")}
            for slot, value in self._words.facts.items()
        ]
        return prompt.load("customer").render(
            Cloak(), wish=self._words.wish, facts=facts, manner=Public(own.about), gives_up=goal.gives_up,
            english=own.language == "en", talk=self._talk,
        )  # fmt: skip

    def _shown(self) -> str:
        """The reply as the customer sees it, with its buttons."""
        reply = self._scene.reply
        buttons = "".join(f" [{one.label}]" for one in reply.choices)
        return f"{' '.join(reply.text.split())}{buttons}"

    def _note(self, text: str) -> None:
        self._scene.notes.append(f"turn {self._turn}: {text}")


def invented(message: str, goal: Goal) -> list[str]:
    """The figures of a message that are no facts of the goal, in digits or in words."""
    facts = [*goal.opening, *(one for wordings in goal.facts.values() for one in wordings), *goal.wrong.values()]
    known = {digits for fact in facts for digits in _digits(fact)}
    made_up = [digits for digits in _digits(message) if digits not in known]
    told = [one for fact in facts for one in quantity.read(quantity.plain(fact))]
    read = quantity.read(quantity.plain(message))
    worded = [str(one.value) for one in read if not any(quantity.same(one, other) for other in told)]
    return list(dict.fromkeys([*made_up, *(one for one in worded if not known.intersection(_digits(one)))]))


def _digits(text: str) -> Sequence[str]:
    return _DIGITS.findall(_APART.sub("", simplify(text)))
