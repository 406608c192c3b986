"""What the page knows of each case: a short row for the list, and all else for who opens it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from evals.evaluator import Mark
from evals.evaluators.end_state import found as standing
from evals.evaluators.retrieval import is_right
from evals.outcome import RIGHT, Outcome
from evals.record import Cited, Found, PlayedTurn, Record
from evals.report import Report, SuiteResult
from evals.reports import text
from evals.reports.text import Words

_UNSAID = {"id", "split", "question", "turns"}
_TASK = {"flow", "status", "slots", "ticket", "guided", "offered", "support"}

Passages = dict[tuple[str, str, str, str], int]
"""Every text that is shown, once, with its place in the list that the page has of them."""


class Listed:
    """The cases of a report, the worst first, and the passages that they share."""

    def __init__(self, report: Report) -> None:
        self._passages: Passages = {}
        self.rows: list[dict[str, Any]] = []
        self.details: list[dict[str, Any]] = []
        values = report.earlier.values if report.earlier else {}
        cases = [(suite, one) for suite in report.suites for one in suite.outcomes]
        for suite, one in sorted(cases, key=lambda pair: _rank(pair[1], values.get(pair[0].name, {}))):
            before = values.get(suite.name, {}).get(one.case.id, {})
            self.rows.append(_row(suite, one, before))
            self.details.append(self._detail(one, before))

    @property
    def passages(self) -> list[tuple[str, str, str, str]]:
        """File, title, section and text of each passage, in the order of their places."""
        return list(self._passages)

    def _detail(self, one: Outcome, before: Mapping[str, float]) -> dict[str, Any]:
        asked = one.case.model_dump(mode="json", exclude_defaults=True, exclude=_UNSAID)
        now = one.values()
        shown = _worth_showing(one)
        return _lean(
            {
                "wanted": [(name, _flat(value)) for name, value in asked.items()],
                "changed": [
                    (_pair(text.metric(name)), before[name], now[name])
                    for name in sorted(before.keys() & now.keys())
                    if before[name] != now[name]
                ],
                "trials": [self._trial(one, place) for place in shown],
                "alike": len(one.records) - len(shown),
            }
        )

    def _trial(self, one: Outcome, place: int) -> dict[str, Any]:
        record = one.records[place]
        return _lean(
            {
                "number": record.trial + 1,
                "right": one.trials[place],
                "seconds": round(record.seconds, 2),
                "failed": _pair(text.why(record.failed)) if record.failed else None,
                "marks": [_mark(mark) for mark in one.marks[place]],
                "turns": [self._turn(one, turn, last=turn is record.last) for turn in record.turns],
                "bank": list(_bank(one, record)),
            }
        )

    def _turn(self, one: Outcome, turn: PlayedTurn, *, last: bool) -> dict[str, Any]:
        asked = last and bool(one.case.document or one.case.passage) and not one.case.abstain
        held = turn.model_dump(mode="json", include=_TASK, exclude_defaults=True)
        return _lean(
            held
            | {
                "said": turn.said,
                "reply": turn.reply,
                "outcome": _pair(text.outcome(turn.outcome)) if turn.outcome else None,
                "choices": turn.choices,
                "commands": turn.commands,
                "events": turn.events,
                "ms": round(turn.milliseconds.get("total", 0)),
                "cited": [(source.number, self._place(source)) for source in turn.cited],
                "found": [
                    (self._place(hit), round(hit.score, 4), round(hit.similarity, 4), asked and is_right(one.case, hit))
                    for hit in turn.found
                ],
            }
        )

    def _place(self, source: Found | Cited) -> int:
        key = (source.file, source.title, source.section, source.text)
        return self._passages.setdefault(key, len(self._passages))


def _row(suite: SuiteResult, one: Outcome, before: Mapping[str, float]) -> dict[str, Any]:
    told = "; ".join(one.faults)
    return _lean(
        {
            "suite": suite.name,
            "id": one.case.id,
            "group": one.case.group,
            "asked": one.case.asked,
            "state": _state(one),
            "right": sum(one.trials),
            "all": len(one.trials),
            "change": change(one, before),
            "faults": _pair(_faults(one)) if told else None,
        }
    )


def change(one: Outcome, before: Mapping[str, float]) -> str:
    """How a case stands beside the earlier run: `turned_wrong`, `turned_right`, `better`, `worse`, or nothing."""
    if RIGHT not in before or one.unscored:
        return ""
    was, now = before[RIGHT], one.values()[RIGHT]
    if was == now:
        return ""
    if now < was:
        return "turned_wrong" if was == 1 else "worse"
    return "turned_right" if now == 1 else "better"


def _rank(one: Outcome, before: Mapping[str, Mapping[str, float]]) -> tuple[float, int]:
    """The worst first, those that were right before at their head; then what has no score, and what is right."""
    state = _state(one)
    if state != "wrong":
        return (2.0 if state == "unscored" else 3.0), 0
    return sum(one.trials) / len(one.trials), 0 if change(one, before.get(one.case.id, {})) else 1


def _state(one: Outcome) -> str:
    return "unscored" if one.unscored else "right" if all(one.trials) else "wrong"


def _worth_showing(one: Outcome) -> Sequence[int]:
    """Every playing that went wrong, and of those that went right the first."""
    first = next((place for place, right in enumerate(one.trials) if right), None)
    return [place for place, right in enumerate(one.trials) if not right or place == first]


def _faults(one: Outcome) -> Words:
    told = list(map(text.fault, one.faults))
    return Words("；".join(one.zh for one in told), "; ".join(one.en for one in told))


def _mark(mark: Mark) -> tuple[Any, ...]:
    value = None if mark.value is None else round(mark.value, 4)
    return _pair(text.metric(mark.metric)), value, _pair(text.why(mark.why)) if mark.why else "", mark.required


def _bank(one: Outcome, record: Record) -> Iterator[tuple[Any, ...]]:
    """What the case asks of the bank: each item, what was wanted, what stands, and whether they agree."""
    for path, wanted in one.case.bank.items():
        stands = _standing(record, path)
        yield path, _flat(wanted), _flat(stands), stands == wanted
    for path, wanted in one.case.calls.items():
        times = sum(path in call for call in record.calls)
        yield _pair(text.text("calls", path=path)), str(wanted), str(times), times == wanted


def _standing(record: Record, path: str) -> Any:
    try:
        return standing(record.bank, path)
    except (LookupError, TypeError, ValueError) as missing:
        return f"✗ {missing}"


def _flat(value: Any) -> str:
    """A value of a case in one line: alternatives by strokes, the rest by commas."""
    if isinstance(value, Mapping):
        return "；".join(f"{name} = {_flat(one)}" for name, one in value.items())
    if isinstance(value, list):
        nested = any(isinstance(one, list) for one in value)
        return ("；" if nested else " / ").join(map(_flat, value))
    return {True: "✓", False: "✗"}.get(value, str(value)) if isinstance(value, bool) else str(value)


def _pair(words: Words) -> str | list[str]:
    return words.zh if words.zh == words.en else [words.zh, words.en]


def _lean(held: Mapping[str, Any]) -> dict[str, Any]:
    """Without what is empty, for a page of thousands of cases."""
    return {name: value for name, value in held.items() if value not in (None, "", [], (), {}, 0) or value is False}
