"""The port to a cross-encoder, which reads a question and an excerpt together; `cross_encoders/` holds one file per backend."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True)
class Excerpt:
    """Sentences of a passage in reading order, under the heading that they are read with; it may be empty."""

    heading: str
    sentences: tuple[str, ...]

    @property
    def text(self) -> str:
        """What is read."""
        return self.lead + self.body

    @property
    def lead(self) -> str:
        """What stands before the first sentence."""
        return f"{self.heading}：" if self.heading else ""

    @property
    def body(self) -> str:
        """The sentences as one text."""
        return "".join(self.sentences)


@dataclass(frozen=True)
class Reading:
    """What a cross-encoder made of an excerpt.

    `score` is the higher the more surely the excerpt answers; its scale is the model's own. `shares` says of each sentence how
    much of the answer stands in it: between 0 and 1 each, comparable within one excerpt only.
    """

    score: float
    shares: tuple[float, ...]

    @property
    def sentence(self) -> int:
        """The place of the sentence that answers, or would if any did."""
        return max(range(len(self.shares)), key=lambda place: self.shares[place])


class CrossEncoderUnusable(Exception):
    """No cross-encoder can be made of what TELLER_CROSS_ENCODER says; the message says what to set instead."""


class CrossEncoder(Protocol):
    """Says how surely excerpts answer a question, and by which sentence."""

    fingerprint: str
    """Names the model and the way it is run; a decision that was calibrated on one does not hold for another."""

    def read(self, question: str, excerpts: Sequence[Excerpt]) -> list[Reading]:
        """A reading of each excerpt, in their order; safe to call from several threads."""
        ...
