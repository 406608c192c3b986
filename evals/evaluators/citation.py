"""Whether what is cited is what answers."""

from __future__ import annotations

from collections.abc import Iterator

from evals.case import Case
from evals.evaluator import Evaluator, Mark, failed
from evals.record import Record


class _Citation(Evaluator):
    def marks(self, case: Case, record: Record) -> Iterator[Mark]:
        """`source`: one of the right files is cited, required where no words are; precision over what is cited, recall of the files found."""
        if not case.document or case.abstain:
            return
        cited = [one.file for one in record.last.cited]
        right = [file for file in cited if file in case.document]
        yield failed(
            "source", [] if right else [f"does not cite {' / '.join(case.document)}"], required=not case.must_say
        )
        if cited:
            yield Mark("citation precision", len(right) / len(cited), required=False)
        yield Mark("citation recall", float(bool(right)), required=False)


evaluator = _Citation()
