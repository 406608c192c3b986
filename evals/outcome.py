"""What became of a case over all its trials: its marks, and whether it was right."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean

from evals.case import Case
from evals.evaluator import Mark, evaluators
from evals.record import Record
from evals.wrong_label import WrongLabel

RIGHT = "right"


@dataclass(frozen=True)
class Outcome:
    """A case with its playings, and the marks of each; `doubt` says by whom and why its label was found wrong, if it was."""

    case: Case
    records: tuple[Record, ...]
    marks: tuple[tuple[Mark, ...], ...]
    doubt: str = ""

    @property
    def unscored(self) -> str:
        """Why the case counts nowhere; empty where it does."""
        found = (mark.why for marks in self.marks for mark in marks if mark.required and mark.value is None)
        return self.doubt or next(found, "")

    @property
    def trials(self) -> tuple[bool, ...]:
        """Whether each playing was right."""
        return tuple(all(mark.value == 1 for mark in marks if mark.required) for marks in self.marks)

    @property
    def faults(self) -> tuple[str, ...]:
        """What was wrong, each once."""
        if self.doubt:
            return (self.doubt,)
        wrong = [mark for marks in self.marks for mark in marks if mark.required and mark.value != 1]
        return tuple(dict.fromkeys(f"{mark.metric}: {mark.why}" for mark in wrong))

    def values(self) -> Mapping[str, float]:
        """Each metric's mean over the trials, `right` among them; nothing where the case could not be scored."""
        if self.unscored:
            return {}
        found: dict[str, list[float]] = {RIGHT: [float(one) for one in self.trials]}
        for mark in _scored(self.marks):
            found.setdefault(mark.metric, []).append(mark.value or 0.0)
        return {metric: fmean(values) for metric, values in found.items()}


def _scored(marks: Sequence[Sequence[Mark]]) -> Iterator[Mark]:
    return (mark for trial in marks for mark in trial if mark.value is not None)


def judged(case: Case, records: Sequence[Record], label: WrongLabel | None = None) -> Outcome:
    """A case's playings through every evaluator; it counts nowhere where its `label` was found wrong."""
    doubt = f"label marked wrong by {label.who} on {label.at:%Y-%m-%d}: {label.why}" if label else ""
    return Outcome(case, tuple(records), tuple(tuple(_marks(case, record)) for record in records), doubt)


def _marks(case: Case, record: Record) -> Iterator[Mark]:
    if record.failed:
        yield Mark("played to its end", 0.0, record.failed)
    for evaluator in evaluators().values():
        yield from evaluator.marks(case, record)
