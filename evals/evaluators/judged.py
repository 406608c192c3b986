"""What a judge says of the answer, where one is configured."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from evals import statistics
from evals.case import Case
from evals.evaluator import Evaluator, Mark, Played
from evals.judge import VERDICTS
from evals.record import Judgement, Record
from evals.report import Score


class _Judged(Evaluator):
    def marks(self, case: Case, record: Record) -> Iterator[Mark]:
        """`judged grounded` and `judged answers`; they decide only where the judge was found to agree with people, and never where it said nothing."""
        del case
        if record.judgement:
            yield from (_mark(verdict, record.judgement) for verdict in VERDICTS)

    def scores(self, played: Sequence[Played]) -> Mapping[str, Score]:
        """The share of answers on which the judge gave no verdict."""
        found = [record.judgement.grounded is None for _case, record in played if record.judgement]
        return {"judge silent": statistics.mean(found)} if found else {}


def _mark(verdict: str, judgement: Judgement) -> Mark:
    said: bool | None = getattr(judgement, verdict)
    value = None if said is None else float(said)
    return Mark(
        f"judged {verdict}", value, judgement.reason, required=value is not None and verdict in judgement.counts
    )


evaluator = _Judged()
