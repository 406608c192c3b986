"""Whether what a reply tells as the documents' stands in what it cites: every figure, and how much of the rest."""

from __future__ import annotations

from collections.abc import Iterator

from assistant.reply import Outcome
from evals import grounds
from evals.case import Case
from evals.document_words import document_words, is_answer
from evals.evaluator import Evaluator, Mark, failed
from evals.grounds import Ground
from evals.record import PlayedTurn, Record


class _Groundedness(Evaluator):
    def marks(self, case: Case, record: Record) -> Iterator[Mark]:
        """`figures grounded`, of all answered turns together, and `groundedness`, the weakest turn's, which is for the eye."""
        del case
        answered = [turn for turn in record.turns if turn.outcome == Outcome.ANSWERED]
        told = [(turn, text) for turn in answered if (text := document_words(turn)).strip()]
        if not told:
            return
        figures = [figure for turn, text in told for figure in grounds.unheld(text, _passages(turn))]
        yield failed("figures grounded", [f"{figure} stands in no source" for figure in figures])
        found = [grounds.of(text, _passages(turn), turn.said) for turn, text in told if is_answer(turn)]
        for one in sorted(found, key=lambda one: one.score)[:1]:
            yield Mark("groundedness", one.score, "; ".join(one.why), required=False)


def _passages(turn: PlayedTurn) -> list[Ground]:
    return [Ground(f"{one.title} {one.section}", one.text) for one in turn.cited]


evaluator = _Groundedness()
