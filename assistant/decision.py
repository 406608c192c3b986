"""From how well something is borne out to what is done about it: answered, answered with the doubt said, or left open."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from functools import cache
from pathlib import Path
from typing import Protocol, TypeVar

import numpy as np
import yaml
from pydantic import BaseModel, ConfigDict

_FILE = Path(__file__).with_name("decision.yaml")


class Verdict(IntEnum):
    """What a question gets, from the least to the most."""

    ABSTAIN = 0
    DOUBT = 1
    ANSWER = 2


class Scored(Protocol):
    """A passage that was read: what the cross-encoder scored it, and whether the plain rules let it answer."""

    @property
    def score(self) -> float:
        """On the cross-encoder's own scale."""

    @property
    def fits(self) -> bool:
        """Whether names, classes and quantities are those asked for."""


T = TypeVar("T", bound=Scored)


class Sample(BaseModel):
    """Of one knowledge base, the strengths of its questions in 101 even quantiles: those that it answers, and near ones that it does not."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    answerable: tuple[float, ...]
    unanswerable: tuple[float, ...]


class Calibration(BaseModel):
    """How signals are weighed against each other, and the strengths that were seen on several knowledge bases.

    Strength is the log of the odds that an excerpt answers, as a logistic regression over all the bases puts it, each counting alike.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    intercept: float
    score: float
    support: float
    question: float
    """Added for an FAQ."""
    search: float
    """What a search score of 1 weighs against the cross-encoder's score, where passages are put in order."""
    saturated: float
    """From this score on an excerpt answers, and how far beyond says nothing of which of two answers better."""
    bases: Mapping[str, Sample]

    def strength(self, score: float, support: float, is_question: bool) -> float:
        """How strongly an excerpt of that score and support bears an answer out."""
        return self.intercept + self.score * score + self.support * support + self.question * is_question

    def order(self, score: float, search: float) -> float:
        """By what passages are put in order, the highest first; it says nothing across questions."""
        return min(score, self.saturated) + self.search * search

    def considered(self, read: Iterable[T]) -> list[T]:
        """What was read in search's order, up to the first that fits and answers: what would come after it is not even read."""
        looked = []
        for one in read:
            looked.append(one)
            if one.fits and one.score >= self.saturated:
                break
        return looked


@dataclass(frozen=True)
class Decision:
    """Two lines on the scale of strength; under the first nothing is answered, above the second nothing is doubted."""

    calibration: Calibration
    answered_from: float
    certain_from: float

    def verdict(self, strength: float) -> Verdict:
        """What a question gets whose best excerpt is of this strength."""
        return Verdict((strength >= self.answered_from) + (strength >= self.certain_from))


def calibrations() -> Mapping[str, Calibration]:
    """The calibrations that were made, by the cross-encoder's fingerprint."""
    return _read(_FILE)


def decide(calibration: Calibration, lost: float, doubtless: float = 0.2) -> Decision:
    """The lines for a share of answerable questions that may be lost, and a share of unanswerable ones that may be answered without a doubt.

    Each is the mean, over the bases, of where that share lies: a base that was never seen is as likely above as below it.
    """
    samples = calibration.bases.values()
    answered = _line([sample.answerable for sample in samples], lost)
    return Decision(
        calibration, answered, max(answered, _line([sample.unanswerable for sample in samples], 1 - doubtless))
    )


def _line(quantiles: Sequence[Sequence[float]], share: float) -> float:
    return float(np.mean([np.interp(share, np.linspace(0, 1, len(one)), one) for one in quantiles]))


@cache
def _read(file: Path) -> Mapping[str, Calibration]:
    read = yaml.safe_load(file.read_text(encoding="utf-8")) or {}
    return {fingerprint: Calibration.model_validate(one) for fingerprint, one in read.items()}
