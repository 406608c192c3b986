"""What models cost, added up from what is kept of each call."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime

from assistant.event import Event
from assistant.model_event import ModelAsked
from assistant.storage import Storage

_DEAREST = 10
TYPE = "model_asked"


@dataclass(frozen=True)
class Spent:
    """What was asked of a model on a day: calls, those of them that gave nothing usable, tokens, and the cost."""

    day: date
    model: str
    calls: int = 0
    failed: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    cost: float = 0


@dataclass(frozen=True)
class Dear:
    """A conversation, by its id, and what it cost."""

    conversation: str
    calls: int
    cost: float


@dataclass(frozen=True)
class Spending:
    """Every day and model, the earliest first; the dearest conversations; and all of it together, in the currency of the prices."""

    rows: tuple[Spent, ...]
    dearest: tuple[Dear, ...]
    cost: float


def since(storage: Storage, day: date | None = None) -> Spending:
    """What was spent from the beginning of this day on, or ever; days are those of this machine's clock."""
    start = datetime(day.year, day.month, day.day).astimezone() if day else None
    # Times are kept as text in UTC, which sorts as they follow on each other.
    text = start.astimezone(UTC).isoformat(timespec="milliseconds") if start else ""
    return _added(storage.of_type(TYPE, text))


def _added(found: Iterable[tuple[str, str, Event]]) -> Spending:
    rows: dict[tuple[date, str], Spent] = {}
    dear: dict[str, Dear] = {}
    for conversation, at, event in found:
        if not isinstance(event, ModelAsked):
            continue
        day = datetime.fromisoformat(at).astimezone().date()
        row = rows.get((day, event.model), Spent(day, event.model))
        rows[day, event.model] = _more(row, event)
        before = dear.get(conversation, Dear(conversation, 0, 0))
        dear[conversation] = replace(before, calls=before.calls + 1, cost=before.cost + event.cost)
    dearest = sorted(dear.values(), key=lambda one: (-one.cost, one.conversation))[:_DEAREST]
    total = sum(row.cost for row in rows.values())
    return Spending(tuple(rows[key] for key in sorted(rows)), tuple(dearest), total)


def _more(row: Spent, call: ModelAsked) -> Spent:
    return replace(
        row,
        calls=row.calls + 1,
        failed=row.failed + (call.failure is not None),
        input_tokens=row.input_tokens + call.input_tokens,
        output_tokens=row.output_tokens + call.output_tokens,
        cost=row.cost + call.cost,
    )
