"""Whether the bank and the log stand as they must at the end: what was to be done is done, once, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from evals.case import Case
from evals.evaluator import Evaluator, Mark, failed
from evals.record import Record


class _EndState(Evaluator):
    def marks(self, case: Case, record: Record) -> Iterator[Mark]:
        """`end state` of the bank's record and the calls that led to it; `task` of the last turn; `events` of the log."""
        if case.bank or case.calls:
            if record.bank is None and case.bank:
                yield Mark("end state", None, "the case names no customer whose record could be read")
            else:
                yield failed("end state", [*_other(case, record), *_called(case, record)])
        if case.flow or case.status:
            stands = [
                flow
                for wanted, flow in ((case.flow, record.last.flow), (case.status, record.last.status))
                if wanted not in (None, flow)
            ]
            yield failed("task", [f"the task is {record.last.flow} {record.last.status}"] if stands else [])
        if case.events or case.not_events:
            happened = [event for turn in record.turns for event in turn.events]
            missing = (
                [] if in_order(case.events, happened) else [f"{', '.join(case.events)} not in {', '.join(happened)}"]
            )
            yield failed("events", [*missing, *(f"{one} happened" for one in case.not_events if one in happened)])


def _other(case: Case, record: Record) -> Iterator[str]:
    for path, wanted in case.bank.items():
        try:
            stands = found(record.bank, path)
        except (KeyError, LookupError, TypeError) as error:
            stands = f"not there: {error}"
        if stands != wanted:
            yield f"{path} is {stands}, not {wanted}"


def _called(case: Case, record: Record) -> Iterator[str]:
    for path, wanted in case.calls.items():
        times = sum(path in call for call in record.calls)
        if times != wanted:
            yield f"{path} was called {times} times, not {wanted}"


def in_order(wanted: Sequence[str], happened: Sequence[str]) -> bool:
    """Whether the wanted events stand in the log in their order."""
    left = iter(happened)
    return all(any(one == event for event in left) for one in wanted)


def found(record: Any, path: str) -> Any:
    """What stands at a path such as `cards[number=6222].status` or `complaints.length` of a customer's record."""
    for part in path.split("."):
        if part == "length":
            record = len(record)
            continue
        name, _, chosen = part.partition("[")
        record = record[name] if name else record
        if not chosen:
            continue
        key, _, value = chosen.rstrip("]").partition("=")
        rows = [row for row in record if str(row[key]) == value] if value else [record[int(key)]]
        if not rows:
            raise LookupError(f"none of {len(record)} rows has {chosen}")
        record = rows[0]
    return record


evaluator = _EndState()
