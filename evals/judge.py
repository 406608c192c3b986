"""A pinned judge: a language model that says of an answer whether its passages bear it out, and whether it answers."""

from __future__ import annotations

import time
from collections.abc import Hashable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from typing import Protocol, TypeVar

from pydantic import BaseModel, ConfigDict, Field

from assistant import prompt
from assistant.cloak import Cloak
from assistant.llm import LLM, Allowance, ModelFailed
from assistant.settings import Settings
from evals.record import Judgement

Key = TypeVar("Key", bound=Hashable)
_PROMPT = "judge"
_SECONDS = 60.0
_AT_ONCE = 4
VERDICTS = ("grounded", "answers")


class Verdict(BaseModel):
    """What the model says, its reason first."""

    model_config = ConfigDict(extra="forbid")

    reason: str = Field(max_length=600)
    grounded: bool
    answers: bool


@dataclass(frozen=True)
class Exhibit:
    """What is judged: a question, what was said before it, the cited passages as title, heading and text, and the answer."""

    question: str
    passages: tuple[tuple[str, str, str], ...]
    answer: str
    before: tuple[str, ...] = ()


class Judge:
    """Asks the model that the settings name for evaluation. Several may be asked at once."""

    def __init__(self, llm: LLM, model: str) -> None:
        self._llm = llm
        self.label = label(model)

    def judge(self, exhibit: Exhibit) -> Judgement:
        """Its verdict, or why there is none."""
        passages = [{"title": title, "section": section, "text": text} for title, section, text in exhibit.passages]
        asked = prompt.load(_PROMPT).render(
            # One cloak for all, so that what is covered in the answer is the same in the passages.
            Cloak(),
            passages=passages,
            before=list(exhibit.before),
            question=exhibit.question,
            answer=exhibit.answer,
        )
        try:
            said = self._llm.fill(asked, Verdict, Allowance(time.monotonic() + _SECONDS))
        except ModelFailed as error:
            return Judgement(judge=self.label, reason=f"the judge gave no verdict: {error}")
        return Judgement(judge=self.label, grounded=said.grounded, answers=said.answers, reason=said.reason)

    def judge_all(self, exhibits: Mapping[Key, Exhibit]) -> Iterator[tuple[Key, Judgement]]:
        """The verdict of each, some at once, in the order in which they come."""
        with ThreadPoolExecutor(_AT_ONCE) as pool:
            asked = {pool.submit(self.judge, exhibit): key for key, exhibit in exhibits.items()}
            for done in as_completed(asked):
                yield asked[done], done.result()


def label(model: str) -> str:
    """The name of a judge: its model with its prompt and that prompt's version."""
    return f"{model} {prompt.load(_PROMPT).label}"


def named(settings: Settings) -> str:
    """The judge that the settings name; empty where they name none."""
    return label(settings.eval_llm_model) if settings.eval_llm_model else ""


class Cited(Protocol):
    """A passage as records and labels have it."""

    @property
    def title(self) -> str: ...  # noqa: D102

    @property
    def section(self) -> str: ...  # noqa: D102

    @property
    def text(self) -> str: ...  # noqa: D102


def cited(passages: Iterable[Cited]) -> tuple[tuple[str, str, str], ...]:
    """Passages as a judge reads them."""
    return tuple((one.title, one.section, one.text) for one in passages)
