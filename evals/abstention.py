"""Whether what is not known is told from what is, near the documents' subject and far from it, by a glance and by reading."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from assistant.answering import Question as Asked
from assistant.evidence import Evidence, Judge
from evals import open_data
from evals.open_data import Question
from evals.report import Score, SuiteResult
from evals.statistics import auroc, exact, mean
from evals.workplace import Workplace, opened
from knowledge_base.passage import Audience

_LOST = 0.05


@dataclass(frozen=True)
class _Judged:
    """A question with what was made of it."""

    question: Question
    evidence: Evidence


def run() -> SuiteResult:
    """Of each way to judge: the AUROC of its confidence, and what is lost, let through, doubted and marked; beside it what the lines cost."""
    if not open_data.present():
        return SuiteResult("abstention", 0, 0, {}, skipped="skipped: the open question sets are not here")
    far = open_data.far_questions()
    scores: dict[str, Score] = {}
    cases = 0
    for questions in (open_data.finance(), open_data.encyclopaedia()):
        with tempfile.TemporaryDirectory() as folder:
            questions.write(Path(folder))
            with opened(Path(folder)) as place:
                for way, judge in _ways(place):
                    name = f"{questions.name} {way}".strip()
                    asked = [*questions.questions, *(far if questions.name == "finance" else ())]
                    judged = _judged(place, judge, asked)
                    scores |= {
                        f"{name} {what}": score for what, score in _scores(judged, len(questions.questions)).items()
                    }
        cases += len(asked)
    return SuiteResult("abstention", cases, cases, scores)


def _ways(place: Workplace) -> list[tuple[str, Judge]]:
    """The judge in force, and where that reads, what it makes of a glance alone."""
    return [("", place.judge), *([("glance", place.glance)] if place.search.cross_encoder else [])]


def _judged(place: Workplace, judge: Judge, questions: Sequence[Question]) -> list[_Judged]:
    judged = []
    for question in questions:
        hits = place.answering.find(Asked(question.text, Audience.CUSTOMER))
        judged.append(_Judged(question, judge.judge(question.text, hits, Audience.CUSTOMER)))
    return judged


def _scores(judged: Sequence[_Judged], near_and_known: int) -> dict[str, Score]:
    known = [one for one in judged if one.question.answerable]
    near = [one for one in judged[:near_and_known] if not one.question.answerable]
    far = list(judged[near_and_known:])
    scores = {
        "answerable lost": _share(known, lambda one: one.evidence.best is None),
        "answerable doubted": _share(known, lambda one: one.evidence.doubtful),
        "hit@1": _share(known, _is_first),
        "read": _share(judged, lambda one: one.evidence.read),
        "marked": _share(known, _is_marked),
        "support, 5th percentile": exact(float(np.quantile([one.evidence.support for one in known], _LOST))),
    }
    for name, others in (("near", near), ("far", far)):
        if others:
            scores[f"{name} AUROC"] = auroc(_confidence(known), _confidence(others))
            scores[f"{name} let through"] = _share(others, lambda one: one.evidence.best is not None)
            scores[f"{name} answered plainly"] = _share(
                others, lambda one: bool(one.evidence.best) and not one.evidence.doubtful
            )
            line = float(np.quantile(_confidence(known), _LOST))
            scores[f"{name} accepted where 95 % of the answerable are kept"] = _share(
                others,
                lambda one, line=line: one.evidence.confidence >= line,  # type: ignore[misc]
            )
    return scores


def _confidence(judged: Sequence[_Judged]) -> list[float]:
    return [one.evidence.confidence for one in judged]


def _share(judged: Sequence[_Judged], is_so: Callable[[_Judged], bool]) -> Score:
    return mean([is_so(one) for one in judged]) if judged else exact(0)


def _is_first(one: _Judged) -> bool:
    """Whether the passage that is put first holds the evidence."""
    return bool(one.evidence.hits) and any(
        open_data.holds(one.evidence.hits[0].passage.text, held) for held in one.question.evidence
    )


def _is_marked(one: _Judged) -> bool:
    """Whether the sentence that is marked is one of the evidence; without a reading, the nearest."""
    if not one.evidence.hits:
        return False
    hit = one.evidence.best or one.evidence.hits[0]
    nearest = int(np.argmax(hit.similarities))
    unit = hit.passage.units[nearest if one.evidence.marked is None else one.evidence.marked]
    return any(open_data.holds(held, unit) or open_data.holds(unit, held) for held in one.question.evidence)
