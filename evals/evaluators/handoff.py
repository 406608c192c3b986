"""Whether a person is brought in when one must be, in time, and not otherwise."""

from __future__ import annotations

from collections.abc import Iterator

from assistant.reply import Outcome
from evals.case import Case
from evals.evaluator import Evaluator, Mark, failed
from evals.record import Record


class _Handoff(Evaluator):
    def marks(self, case: Case, record: Record) -> Iterator[Mark]:
        """`handoff`, and in how many turns a person was reached, as a share of those allowed that were not needed."""
        if case.handoff is None:
            return
        reached = next((at for at, turn in enumerate(record.turns, 1) if turn.outcome == Outcome.HANDED_OFF), None)
        if not case.handoff:
            yield failed("no handoff", [f"a person is brought in at turn {reached}"] if reached else [])
            return
        late = reached is None or reached > case.within
        yield failed("handoff", [f"a person {'never' if reached is None else f'at turn {reached}'}"] if late else [])


evaluator = _Handoff()
