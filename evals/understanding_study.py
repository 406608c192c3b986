"""Whether the task that a message wishes is told, and how often one that changes something is started wrongly."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

import numpy as np

from assistant import bootstrap, task_examples
from assistant import command as command_module
from assistant.alarm import Kind
from assistant.command import AskHuman, AskKnowledge, RaiseAlarm, StartFlow
from assistant.conversation import Conversation
from assistant.flow import Flow
from assistant.settings import load
from assistant.task_classifier import Clarify, Decision, Nothing, Offer, Start, TaskClassifier, decide
from assistant.understanding import Understanding
from evals import open_data, understanding_sets
from evals.report import Case, Score, SuiteResult
from evals.statistics import exact, mean
from evals.understanding_sets import ALARM, Message
from knowledge_base.lexicon import Lexicon

_HELD_OUT = Path(__file__).parent / "suites" / "understanding.yaml"
_NONE = task_examples.NONE
_SEVERAL = "several:"
_FOLDS = 5
_SEED = 20261122


@dataclass(frozen=True)
class _Outcome:
    """What became of a message: a task, an alarm, or none; `best` is the likeliest where nothing was started."""

    decision: Decision
    best: str
    alarm: Kind | None = None

    @property
    def started(self) -> str | None:
        return self.decision.flow if isinstance(self.decision, Start) else None

    def is_right(self, right: frozenset[str]) -> bool:
        """The likeliest of all is right; an alarm counts where the label calls for one, or nothing else was wished."""
        return self.best in right or (self.alarm is Kind.HUMAN and ALARM in right)

    def is_wrong_start(self, right: frozenset[str]) -> bool:
        return self.started is not None and self.started not in _read_only() and self.started not in right


@cache
def _flows() -> dict[str, Flow]:
    return bootstrap.build_flows(load())


@cache
def _read_only() -> frozenset[str]:
    return task_examples.load(_flows()).read_only


def run() -> SuiteResult:
    """Each open set, and a cross-validation over our own examples."""
    bootstrap.go_offline()
    settings = load()
    embedder = bootstrap.build_embedder(settings)
    classifier = bootstrap.build_classifier(settings, embedder, _flows())
    scores: dict[str, Score] = {}
    misses: list[Case] = []
    count = 0
    for name, messages in understanding_sets.sets():
        outcomes = [outcome(classifier, message.text) for message in messages]
        scores |= _scores(name, messages, outcomes)
        misses += [
            Case(name, message.text, message.label, str(found.started))
            for message, found in zip(messages, outcomes, strict=True)
            if found.is_wrong_start(message.right)
        ]
        count += len(messages)
    scores |= _cross_validated(classifier)
    note = None if open_data.present() else "the open question sets are not here; own examples only"
    return SuiteResult("understanding_sets", count, count, scores, misses, note)


def outcome(classifier: TaskClassifier, text: str) -> _Outcome:
    """What the assistant's whole understanding makes of a message, as the first of a conversation."""
    understanding = Understanding(classifier, _flows(), lambda _audience: Lexicon([]))
    command = understanding.understand(text, None, Conversation(), None, date.today())[0]
    ranking = classifier.classify(text)
    best = ranking.best.flow if ranking.best.probability > ranking.none else _NONE
    match command:
        case StartFlow():
            return _Outcome(Start(command.flow), command.flow, command.alarm)
        case RaiseAlarm():
            return _Outcome(Nothing(), ALARM, command.alarm)
        case AskHuman():
            return _Outcome(Nothing(), ALARM, Kind.HUMAN)
        case command_module.Clarify():
            return _Outcome(Clarify(command.flows), best)
        case AskKnowledge() if command.task:
            return _Outcome(Offer(command.task), best)
        case _:
            return _Outcome(Nothing(), best)


def _scores(name: str, messages: Sequence[Message], outcomes: Sequence[_Outcome]) -> dict[str, Score]:
    pairs = list(zip(messages, outcomes, strict=True))
    wishes = [found.started in message.right for message, found in pairs if _NONE not in message.right]
    return {
        f"{name} accuracy": mean([found.is_right(message.right) for message, found in pairs]),
        f"{name} clarified": mean([isinstance(found.decision, Clarify) for _, found in pairs]),
        f"{name} wrong starts": mean([found.is_wrong_start(message.right) for message, found in pairs]),
    } | ({f"{name} wishes started": mean(wishes)} if wishes else {})


def _cross_validated(classifier: TaskClassifier) -> dict[str, Score]:
    """Our own examples, each judged by a model that has not seen its fold."""
    messages = classifier.examples.messages
    folds = np.random.default_rng(_SEED).integers(0, _FOLDS, len(messages))
    rankings = classifier.cross_validate(folds)
    decisions = [decide(ranking) for ranking in rankings]
    pairs = list(zip(messages, decisions, strict=True))
    bests = [ranking.best.flow if ranking.best.probability > ranking.none else _NONE for ranking in rankings]
    sure = [max(ranking.none, ranking.best.probability) for ranking in rankings]
    hits = [best == example.flow for best, example in zip(bests, messages, strict=True)]
    wishes = [isinstance(made, Start) and made.flow == example.flow for example, made in pairs if _wish(example)]
    asked = [isinstance(made, Start) and made.flow not in _read_only() for example, made in pairs if example.question]
    wrong = [isinstance(made, Start) and made.flow not in _read_only() | {example.flow} for example, made in pairs]
    return {
        "own examples accuracy": mean(hits),
        "own examples wishes started": mean(wishes),
        "own examples questions started": mean(asked),
        "own examples wrong starts": mean(wrong),
        "own examples calibration error": exact(_calibration_error(np.array(sure), np.array(hits))),
    }


def _wish(example: task_examples.Example) -> bool:
    return example.flow != _NONE and not example.question


def _calibration_error(sure: np.ndarray, hits: np.ndarray) -> float:
    """How far the share that is right lies from the probability given, over ten bins of it."""
    bins = np.minimum((sure * 10).astype(int), 9)
    gaps = [abs(sure[bins == at].mean() - hits[bins == at].mean()) * (bins == at).mean() for at in np.unique(bins)]
    return float(sum(gaps))
