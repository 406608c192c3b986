"""Whether what the documents do not answer is left unanswered, and only that."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from assistant.reply import Outcome
from evals import statistics
from evals.case import Case
from evals.evaluator import Evaluator, Mark, Played, failed
from evals.record import Record
from evals.report import Score

_UNANSWERED = (Outcome.ABSTAINED, Outcome.BLOCKED)


class _Abstention(Evaluator):
    def marks(self, case: Case, record: Record) -> Iterator[Mark]:
        """`abstained`, of a case that must be left unanswered."""
        if case.abstain:
            answered = record.last.outcome == Outcome.ANSWERED
            yield failed("abstained", ["should have abstained"] if answered else [])

    def scores(self, played: Sequence[Played]) -> Mapping[str, Score]:
        """Precision and recall of abstaining, and the AUROC of the support by which it is decided."""
        asked = [
            (case, record.last) for case, record in played if case.abstain or (case.document and not case.products)
        ]
        refused = [(bool(case.abstain), last.outcome in _UNANSWERED) for case, last in asked]
        if not any(right for right, _said in refused) or all(right for right, _said in refused):
            return {}
        support = {
            kind: [last.support for case, last in asked if bool(case.abstain) is kind and last.support is not None]
            for kind in (True, False)
        }
        precise = [right for right, said in refused if said]
        found = {"abstention recall": statistics.mean([said for right, said in refused if right])}
        if precise:
            found["abstention precision"] = statistics.mean(precise)
        if support[True] and support[False]:
            found["abstention AUROC"] = statistics.auroc(support[False], support[True])
        return found


evaluator = _Abstention()
