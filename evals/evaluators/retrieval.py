"""Whether search finds the passage that answers, and how far up."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from sklearn.metrics import ndcg_score

from evals.case import Case
from evals.evaluator import Evaluator, Mark
from evals.evaluators.answer import says
from evals.record import Found, Record

_DEPTH = 8


class _Retrieval(Evaluator):
    def marks(self, case: Case, record: Record) -> Iterator[Mark]:
        """hit@1, hit@3, hit@5, MRR and nDCG of the passages of the right files, or with the right words where a case has such."""
        if not (case.document or case.passage) or case.abstain or not record.last.found:
            return
        relevant = [is_right(case, one) for one in record.last.found]
        first = next((place for place, right in enumerate(relevant) if right), None)
        for k in (1, 3, 5):
            yield Mark(f"hit@{k}", float(first is not None and first < k), required=False)
        yield Mark("MRR", 0.0 if first is None else 1 / (first + 1), required=False)
        yield Mark("nDCG", _ndcg(relevant), required=False)


def is_right(case: Case, found: Found) -> bool:
    """Whether a passage is one that answers the case."""
    in_file = not case.document or found.file in case.document
    return in_file and all(says(found.text, words) for words in case.passage)


def _ndcg(relevant: list[bool]) -> float:
    if not any(relevant):
        return 0.0
    if len(relevant) == 1:
        return 1.0
    gains = np.array([relevant], dtype=float)
    return float(ndcg_score(gains, -np.arange(len(relevant), dtype=float)[None, :], k=_DEPTH))


evaluator = _Retrieval()
