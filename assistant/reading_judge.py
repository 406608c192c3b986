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
"""So many passages are read: the right one is among them for 95 to 99 of 100 questions, whatever the knowledge base."""
_HOPELESS, _SURE = 0.8, 0.96
"""Below the one support no reading finds an answer; from the other on 1 in 100 of the questions that training/bases do not answer stand."""
_SETTLED = frozenset([Weakness.NOTHING_FOUND, Weakness.UNKNOWN_NAME])


@dataclass(frozen=True)
class _Read:
    """A hit that was read, by what it is put in order, and how strongly it bears an answer out."""

    hit: Hit
    reading: Reading
    order: float
    strength: float

    @property
    def marked(self) -> int:
        """The place of the hit's unit that answers."""
        return excerpt.places(self.hit)[self.reading.sentence]


class ReadingJudge:
    """Reads up to four passages; what the plain rules of names, classes and quantities exclude stays excluded however well it reads."""

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
        read = self._read(question, hits, audience)
        ordered = [*(one.hit for one in read), *hits[READ:]]
        fitting = [one for one in read if self._similarity.fits(question, one.hit, hits, audience)]
        if not fitting:
            weakness = glance.weakness or Weakness.TOO_FAR
            return replace(glance, best=None, weakness=weakness, hits=tuple(ordered), read=True, confidence=0.0)
        return self._found(question, fitting, ordered, audience)

    def fits(self, question: str, hit: Hit, hits: Sequence[Hit], audience: Audience) -> bool:
        """Whether a hit has the names, classes and quantities that are asked for."""
        return self._similarity.fits(question, hit, hits, audience)

    def _read(self, question: str, hits: Sequence[Hit], audience: Audience) -> list[_Read]:
        """The first hits, put in order."""
        first, calibration = hits[:READ], self._decision.calibration
        read = []
        for hit, reading in zip(first, self._search.read(question, first), strict=True):
            support = self._similarity.support(question, hit, hits, audience)
            strength = calibration.strength(reading.score, support, hit.passage.kind is Kind.FAQ)
            read.append(_Read(hit, reading, calibration.order(reading.score, hit.score), strength))
        return sorted(read, key=lambda one: one.order, reverse=True)

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
