"""Suites of questions on a knowledge base: the right document, the right words, or an honest refusal."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Literal

import yaml
from pydantic import BaseModel, ConfigDict, model_validator

from assistant.reply import Outcome, Turn
from evals.report import Case, Score, SuiteResult, mean
from evals.workplace import Workplace, opened
from knowledge_base.passage import Audience
from knowledge_base.text import fold


class Expected(BaseModel):
    """One case: what is asked, in one turn or several, and what the last reply must be."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str
    question: str | None = None
    turns: tuple[str, ...] = ()
    document: tuple[str, ...] = ()
    must_say: tuple[tuple[str, ...], ...] = ()
    must_not_say: tuple[str, ...] = ()
    abstain: bool = False
    split: Literal["test", "tune"] = "test"

    @model_validator(mode="after")
    def _complete(self) -> Expected:
        if bool(self.question) == bool(self.turns):
            raise ValueError("give either question or turns")
        if not self.abstain and not (self.document or self.must_say):
            raise ValueError("give document, must_say or abstain")
        return self

    @property
    def asked(self) -> tuple[str, ...]:
        """What is said, turn by turn."""
        return self.turns or (self.question or "",)


class Suite(BaseModel):
    """A file of cases; one that cannot be read stops the run."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    audience: Audience = Audience.CUSTOMER
    cases: tuple[Expected, ...]


def run(path: Path) -> SuiteResult:
    """Every case through the assistant over the demo bank's documents; those marked `tune` are not scored."""
    suite = Suite.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
    outcomes: dict[str, list[float]] = defaultdict(list)
    misses: list[Case] = []
    with opened() as place:
        for case in suite.cases:
            turn = _talk(place, suite.audience, case.asked)
            if case.split == "tune":
                continue
            fault = _fault(case, turn, place)
            for measure in _measures(case, turn):
                outcomes[measure].append(fault is None)
            if fault:
                misses.append(Case(case.id, " → ".join(case.asked), fault, turn.reply.text.replace("\n", " ")))
    scores: dict[str, Score] = {name: mean(values) for name, values in sorted(outcomes.items())}
    return SuiteResult(path.stem, len(suite.cases), len(outcomes["right"]), scores, misses)


def _talk(place: Workplace, audience: Audience, messages: Iterable[str]) -> Turn:
    conversation, _token, _reply = place.assistant.start(audience, "zh-CN")
    turns = [place.assistant.respond(conversation, message) for message in messages]
    return turns[-1]


def _measures(case: Expected, turn: Turn) -> Iterable[str]:
    yield "right"
    yield "unanswerable refused" if case.abstain else "answerable right"
    if not case.abstain and turn.outcome is Outcome.ANSWERED:
        yield "right when answered"


def _fault(case: Expected, turn: Turn, place: Workplace) -> str | None:
    """What is wrong with the last reply, or nothing."""
    answered = turn.outcome is Outcome.ANSWERED
    if case.abstain:
        return "should have abstained" if answered else None
    if not answered:
        return f"should have answered from {'、'.join(case.document)}"
    missing = [options for options in case.must_say if not any(says(turn.reply.text, option) for option in options)]
    if missing:
        return f"does not say {missing[0][0]}"
    wrong = [text for text in case.must_not_say if says(turn.reply.text, text)]
    if wrong:
        return f"says {wrong[0]}"
    return None if case.must_say or cites(case.document, turn, place) else f"does not cite {'、'.join(case.document)}"


def says(text: str, words: str) -> bool:
    """Whether a text has these words, whatever their script, spaces and commas."""
    return _plain(words) in _plain(text)


def _plain(text: str) -> str:
    return fold(text).replace(",", "").replace(" ", "")


def cites(names: Sequence[str], turn: Turn, place: Workplace) -> bool:
    """Whether a reply cites one of these files."""
    paths = {holding.document.id: Path(holding.document.path).name for holding in place.search.library.holdings()}
    return any(paths.get(citation.document) in names for citation in turn.reply.citations)
