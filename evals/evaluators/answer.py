"""Whether the last reply says what it must, and nothing that it must not."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from assistant.reply import Outcome
from evals import statistics
from evals.case import Case
from evals.evaluator import Evaluator, Mark, Played, failed
from evals.record import Record
from evals.report import Score
from knowledge_base.text import fold


class _Answer(Evaluator):
    def marks(self, case: Case, record: Record) -> Iterator[Mark]:
        """`words` that must be said; `nothing wrong said` that must not; `answered` where a case must be; `outcome` where one is given."""
        last = record.last
        if case.outcome is not None:
            wrong = [f"{last.outcome}, not {case.outcome}"] if last.outcome != case.outcome else []
            yield failed("outcome", wrong)
        if case.must_say:
            unsaid = [group for group in case.must_say if not any(says(last.reply, words) for words in group)]
            yield failed("words", [f"does not say {' / '.join(group)}" for group in unsaid])
        if case.must_not_say:
            yield failed("nothing wrong said", [f"says {one}" for one in case.must_not_say if says(last.reply, one)])
        if case.abstain is None and case.document and not case.turns and not case.products:
            yield failed("answered", [] if last.outcome == Outcome.ANSWERED else [f"{last.outcome}"])

    def scores(self, played: Sequence[Played]) -> Mapping[str, Score]:
        """`right when answered`: of the cases that must be answered and were, how many say what they must."""
        answered = [
            (case, record) for case, record in played if case.must_say and record.last.outcome == Outcome.ANSWERED
        ]
        right = [all(mark.value for mark in self.marks(case, record)) for case, record in answered]
        return {"right when answered": statistics.mean(right)} if right else {}


def says(text: str, words: str) -> bool:
    """Whether a text has these words, whatever their script, spaces and commas."""
    return _plain(words) in _plain(text)


def _plain(text: str) -> str:
    return fold(text).replace(",", "").replace(" ", "")


evaluator = _Answer()
