"""Which guided task a message wishes to start: logistic regression over embeddings and characters, held in check by rules."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from assistant.task_examples import NONE, Examples, Rules, asking, weight
from assistant.task_model import SETTINGS, Floats, digest, embeddings, features, rows_of, save, softmax, train
from knowledge_base.embedder import Embedder
from knowledge_base.text import fold, simplify

_COMMITS_AT = 0.9
_READS_AT = 0.5
_OFFERS_AT = 0.6
_CLARIFIES_AT = 0.2
_CONCEIVABLE_AT = 0.05
_SOMETHING_AT = 0.6
_MOST_CLARIFIED = 3

_CLAUSES = re.compile(
    r"[,.;!?。、\n]+\s*|顺便|另外|然后|还有(?=.{0,3}(帮|查|我|要|把))|再(?=帮|给|查|把)|\b(?:and also|also|and then|then|as well as)\b"
)
_PLEASE = re.compile(r"\band (?=(?:i |please|can|could|check|show|change|reset|open|book|link|report|apply|file)\b)")


class Candidate(NamedTuple):
    """A task with the probability that the message is about it, and that it wishes to start it."""

    flow: str
    probability: float
    wish: float
    commits: bool = True


@dataclass(frozen=True)
class Ranking:
    """The tasks that a message may be about, likeliest first; `none` is the probability that it is about none."""

    candidates: tuple[Candidate, ...]
    none: float

    @property
    def best(self) -> Candidate:
        """The likeliest task."""
        return self.candidates[0]


@dataclass(frozen=True)
class Start:
    """The message wishes to start this task."""

    flow: str


@dataclass(frozen=True)
class Clarify:
    """The message may wish one of these tasks: ask which, if any."""

    flows: tuple[str, ...]


@dataclass(frozen=True)
class Offer:
    """The message asks about this task: answer from the documents, and offer it."""

    flow: str


@dataclass(frozen=True)
class Nothing:
    """The message is about no task."""


Decision = Start | Clarify | Offer | Nothing


def decide(ranking: Ranking) -> Decision:
    """What is done about a message; a task that changes something starts only where there is hardly any doubt."""
    best = ranking.best
    if best.wish >= (_COMMITS_AT if best.commits else _READS_AT):
        return Start(best.flow)
    if ranking.none > 1 - _SOMETHING_AT:
        return Nothing()
    wished = sum(candidate.wish for candidate in ranking.candidates)
    if best.wish < best.probability / 2 and (best.probability >= _OFFERS_AT or wished < _CLARIFIES_AT):
        return Offer(best.flow)
    likely = [candidate.flow for candidate in ranking.candidates if candidate.probability >= _CLARIFIES_AT]
    return Clarify(tuple(likely[:_MOST_CLARIFIED])) if likely else Nothing()


def split(message: str) -> list[str]:
    """The clauses of a message, each of which may wish a task of its own."""
    parts = (piece for part in _CLAUSES.split(fold(message)) if part for piece in _PLEASE.split(part))
    return [part.strip() for part in parts if part.strip()]


class TaskClassifier:
    """Ranks the guided tasks for a message; trained on examples once, then read from a folder."""

    def __init__(self, embedder: Embedder, examples: Examples, folder: Path | None = None) -> None:
        self._embedder = embedder
        self.examples = examples
        self._folder = folder

    def classify(self, message: str) -> Ranking:
        """The probability of each task, of none, and of a wish as against a question."""
        return self._ranking(self.scores(message), message)

    def _ranking(self, raw: Floats, message: str) -> Ranking:
        chances = softmax(raw + self._ruled(fold(message)))
        count = len(self.examples.flows)
        wish, asked = chances[:count], chances[count : 2 * count]
        commits = [flow not in self.examples.read_only for flow in self.examples.flows]
        rows = zip(self.examples.flows, (wish + asked).tolist(), wish.tolist(), commits, strict=True)
        ranked = sorted((Candidate(*row) for row in rows), key=lambda row: -row.probability)
        return Ranking(tuple(ranked), float(chances[-1]))

    def likely(self, message: str) -> tuple[str, ...]:
        """The few tasks that a message may be about, though nothing is sure; none where it is hardly about any."""
        ranking = self.classify(message)
        if ranking.best.probability < _CLARIFIES_AT:
            return ()
        near = [one.flow for one in ranking.candidates if one.probability >= _CONCEIVABLE_AT]
        return tuple(near[:_MOST_CLARIFIED])

    def starts(self, message: str) -> tuple[Start, ...]:
        """The tasks that the clauses of a message wish to start, in order; for a message that wishes several."""
        decisions = [decide(self.classify(clause)) for clause in split(message)]
        return tuple(dict.fromkeys(decision for decision in decisions if isinstance(decision, Start)))

    def understand(self, message: str) -> Decision | tuple[Start, ...]:
        """Several starts where the clauses wish several tasks, else what is decided of the message as a whole."""
        several = self.starts(message) if len(split(message)) > 1 else ()
        return several if len(several) > 1 else decide(self.classify(message))

    def scores(self, message: str) -> Floats:
        """The model's score of each class before rules: a wish of each task, a question about each, none."""
        weights, centre = self._model
        result: Floats = features(self._embedder.embed_query(simplify(message)) - centre, fold(message)) @ weights
        return result

    def _ruled(self, text: str) -> Floats:
        """What rules add to the scores."""
        added = np.array([weight(rules, text) for rules in self._ordered], dtype=np.float32)
        by_reads = {reads: asking(text, reads=reads) for reads in (False, True)}
        forms = np.array([by_reads[flow in self.examples.read_only] for flow in self.examples.flows], dtype=np.float32)
        # Where nothing else speaks for a task, a question is none the likelier to be about it.
        wish = np.where(added > 0, added - forms, added - 2 * np.maximum(forms, 0))
        question = np.where(added > 0, added + forms, added)
        return np.concatenate([wish, question, np.zeros(1)]).astype(np.float32)

    @property
    def _ordered(self) -> list[Rules]:
        return [self.examples.rules[flow] for flow in self.examples.flows]

    @cached_property
    def _model(self) -> tuple[Floats, Floats]:
        if self._folder is None:
            return self._trained()
        path = self._path(self._folder)
        if not path.exists():
            weights, centre = self._trained()
            save(path, weights=weights, centre=centre)
        with np.load(path) as stored:
            return stored["weights"], stored["centre"]

    def _path(self, folder: Path) -> Path:
        return folder / f"tasks-{digest(SETTINGS, self._embedder.fingerprint, self.examples.messages)}.npz"

    def ready(self) -> None:
        """Trains and stores the model where that has not been done yet."""
        _ = self._model

    def _trained(self) -> tuple[Floats, Floats]:
        rows, centre = self._rows()
        return train(rows, self.classes()), centre

    def _rows(self) -> tuple[Floats, Floats]:
        """The features of the examples, and the centre of their vectors."""
        texts = [example.text for example in self.examples.messages]
        return rows_of(embeddings(self._embedder, texts, self._folder), texts)

    def cross_validate(self, folds: NDArray[np.int64]) -> list[Ranking]:
        """The ranking of each example by a model trained on the other folds."""
        rows, _ = self._rows()
        classes = self.classes()
        scores = np.zeros((len(rows), int(classes.max()) + 1), dtype=np.float32)
        for number in np.unique(folds):
            inside = folds == number
            scores[inside] = rows[inside] @ train(rows[~inside], classes[~inside], int(classes.max()) + 1)
        pairs = zip(scores, self.examples.messages, strict=True)
        return [self._ranking(row, example.text) for row, example in pairs]

    def classes(self) -> NDArray[np.int64]:
        """The class of each example, in the order of the scores."""
        flows = self.examples.flows
        place = {flow: index for index, flow in enumerate(flows)}
        return np.array(
            [
                2 * len(flows) if example.flow == NONE else place[example.flow] + example.question * len(flows)
                for example in self.examples.messages
            ]
        )
