"""Evaluators: each judges one thing of a playing, and may tell scores of a whole suite."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from evals.case import Case
from evals.record import Record
from evals.report import Score

Played = tuple[Case, Record]


@dataclass(frozen=True)
class Mark:
    """What an evaluator says of one playing: `value` from 0 to 1, more is better; none where it could not be scored, `why` says why.

    A case is right where every `required` mark is 1; `why` then says what was wrong.
    """

    metric: str
    value: float | None
    why: str = ""
    required: bool = True


class Evaluator:
    """Judges what it understands of a case, and is silent on the rest."""

    def marks(self, case: Case, record: Record) -> Iterable[Mark]:
        """Its marks for one playing."""
        del case, record
        return ()

    def scores(self, played: Sequence[Played]) -> Mapping[str, Score]:
        """What can be told of all playings of a suite together only, as an AUROC."""
        del played
        return {}


def failed(metric: str, faults: Sequence[str], *, required: bool = True) -> Mark:
    """1 where there is no fault, else 0 with the faults."""
    return Mark(metric, 0.0 if faults else 1.0, "; ".join(faults), required)


@cache
def evaluators() -> Mapping[str, Evaluator]:
    """Every evaluator by its name, which is its module's."""
    from evals import evaluators as members

    found = pkgutil.iter_modules(members.__path__)
    return {entry.name: importlib.import_module(f"evals.evaluators.{entry.name}").evaluator for entry in found}
