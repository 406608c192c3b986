"""Judges evidence by reading it: a cross-encoder looks at the few best passages where the cheap signals are not sure."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from assistant.decision import Decision, Verdict
from assistant.evidence import Evidence, SimilarityJudge, Weakness
from knowledge_base import excerpt
from knowledge_base.cross_encoder import Reading
from knowledge_base.passage import Audience, Hit, Kind
from knowledge_base.search import Search

READ = 4
"""So many passages are read at most: the right one is among them for 95 to 99 of 100 questions, whatever the knowledge base."""
_HOPELESS, _SURE = 0.8, 0.96
"""Below the one support no reading finds an answer; from the other on 1 in 100 of the questions that training/bases do not answer stand."""
_SETTLED = frozenset([Weakness.NOTHING_FOUND, Weakness.UNKNOWN_NAME])


@dataclass(frozen=True)
class _Read:
    """A hit that was read, by what it is put in order, and how strongly it bears an answer out."""

    hit: Hit
    reading: Reading
    fits: bool
    order: float
    strength: float

    @property
    def score(self) -> float:
        """What the cross-encoder scored it."""
        return self.reading.score

    @property
    def marked(self) -> int:
        """The place of the hit's unit that answers."""
        return excerpt.places(self.hit)[self.reading.sentence]


class ReadingJudge:
    """Reads up to four passages, one after the other, until one answers; what the plain rules of names, classes and quantities exclude stays excluded however well it reads."""

    def __init__(self, similarity: SimilarityJudge, search: Search, decision: Decision) -> None:
        self._similarity = similarity
        self._search = search
        self._decision = decision

    def judge(self, question: str, hits: Sequence[Hit], audience: Audience) -> Evidence:
        """The first passage in the order that reading puts them in, with its sentence; the strongest says whether there is an answer."""
        glance = self._similarity.judge(question, hits, audience)
        if glance.weakness in _SETTLED or glance.support < _HOPELESS:
            return replace(glance, confidence=0.0)
        if glance.best and glance.support >= _SURE:
            return replace(glance, confidence=1.0)
        calibration = self._decision.calibration
        looked = calibration.considered(self._read(question, hit, hits, audience) for hit in hits[:READ])
        read = sorted(looked, key=lambda one: one.order, reverse=True)
        ordered = [*(one.hit for one in read), *hits[len(read) :]]
        fitting = [one for one in read if one.fits]
        if not fitting:
            weakness = glance.weakness or Weakness.TOO_FAR
            return replace(glance, best=None, weakness=weakness, hits=tuple(ordered), read=True, confidence=0.0)
        return self._found(question, fitting, ordered, audience)

    def fits(self, question: str, hit: Hit, hits: Sequence[Hit], audience: Audience) -> bool:
        """Whether a hit has the names, classes and quantities that are asked for."""
        return self._similarity.fits(question, hit, hits, audience)

    def _read(self, question: str, hit: Hit, hits: Sequence[Hit], audience: Audience) -> _Read:
        [reading] = self._search.read(question, [hit])
        calibration, support = self._decision.calibration, self._similarity.support(question, hit, hits, audience)
        return _Read(
            hit,
            reading,
            self._similarity.fits(question, hit, hits, audience),
            calibration.order(reading.score, hit.score),
            calibration.strength(reading.score, support, hit.passage.kind is Kind.FAQ),
        )

    def _found(self, question: str, read: Sequence[_Read], ordered: Sequence[Hit], audience: Audience) -> Evidence:
        best, strength = read[0], max(one.strength for one in read)
        support = self._similarity.support(question, best.hit, ordered, audience)
        verdict, confidence = self._decision.verdict(strength), 1 / (1 + math.exp(-strength))
        if verdict is Verdict.ABSTAIN:
            weakness = Weakness.TOO_FAR
            return Evidence(support, None, weakness, tuple(ordered), read=True, confidence=confidence)
        doubtful = verdict is Verdict.DOUBT
        return Evidence(
            support, best.hit, None, tuple(ordered), doubtful, best.marked, read=True, confidence=confidence
        )
