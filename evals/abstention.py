"""Whether what is not known is told from what is, near the documents' subject and far from it."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path

from assistant.answering import Question as Asked
from assistant.evidence import Evidence
from evals import open_data
from evals.open_data import Question, QuestionSet
from evals.report import Score, SuiteResult
from evals.statistics import auroc, exact, mean
from evals.workplace import Workplace, opened
from knowledge_base.passage import Audience


def run() -> SuiteResult:
    """The AUROC of the evidence's support, and what is lost and let through at the threshold in force."""
    if not open_data.present():
        return SuiteResult("abstention", 0, 0, {}, skipped="skipped: the open question sets are not here")
    far = open_data.far_questions()
    scores: dict[str, Score] = {}
    finance = open_data.finance()
    with _over(finance) as folder, opened(Path(folder)) as place:
        answerable = _judged(place, [question for question in finance.questions if question.answerable])
        near = _judged(place, [question for question in finance.questions if not question.answerable])
        away = _judged(place, far)
    support = [evidence.support for evidence in answerable]
    scores["near AUROC"] = auroc(support, [evidence.support for evidence in near])
    scores["far AUROC"] = auroc(support, [evidence.support for evidence in away])
    scores["finance answerable lost"] = _share_without(answerable)
    scores["finance near let through"] = _complement(_share_without(near))
    scores["finance far let through"] = _complement(_share_without(away))
    encyclopaedia = open_data.encyclopaedia()
    with _over(encyclopaedia) as folder, opened(Path(folder)) as place:
        known = _judged(place, encyclopaedia.questions)
    scores["encyclopaedia answerable lost"] = _share_without(known)
    for name, sample in (("finance", support), ("encyclopaedia", [evidence.support for evidence in known])):
        scores[f"{name} support, 5th percentile"] = exact(sorted(sample)[len(sample) // 20])
    cases = len(answerable) + len(near) + len(away) + len(known)
    return SuiteResult("abstention", cases, cases, scores)


def _over(questions: QuestionSet) -> tempfile.TemporaryDirectory[str]:
    folder = tempfile.TemporaryDirectory()
    questions.write(Path(folder.name))
    return folder


def _judged(place: Workplace, questions: Sequence[Question]) -> list[Evidence]:
    judged = []
    for question in questions:
        hits = place.answering.find(Asked(question.text, Audience.CUSTOMER))
        judged.append(place.judge.judge(question.text, hits, Audience.CUSTOMER))
    return judged


def _share_without(judged: Sequence[Evidence]) -> Score:
    return mean([evidence.best is None for evidence in judged])


def _complement(score: Score) -> Score:
    return Score(1 - score.value, 1 - score.high, 1 - score.low)
