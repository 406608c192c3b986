"""No flow goes round without asking the customer anything."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from assistant.flow_case import Case, reach
from assistant.flow_mistake import Mistake, listed
from assistant.step import NO, Confirm, Disclose, asks

Ways = Mapping[str, frozenset[str]]


def find(case: Case) -> Iterator[Mistake]:
    """Rounds in which nothing is asked every time."""
    ways = _unasked(case)
    told: set[str] = set()
    for name in ways:
        ring = frozenset(other for other in _beyond(name, ways) if name in _beyond(other, ways))
        if ring and name not in told:
            told |= ring
            steps = listed(step for step in case.flow.steps if step in ring)
            mend = "ask something in this round each time: clear a slot that it collects, or put a confirm in"
            yield Mistake(case.flow.id, name, f"{steps} may go round for ever without asking the customer", mend)


def _unasked(case: Case) -> Ways:
    """The graph without the steps at which the customer is asked whenever they are come to."""
    ways = {name: _silent(case, name) for name in case.flow.steps}
    while asking := next((name for name in ways if _always_asks(case, name, ways)), None):
        ways = {start: ends - {asking} for start, ends in ways.items() if start != asking}
    return ways


def _silent(case: Case, name: str) -> frozenset[str]:
    """Where a step may lead without asking; what was consented to is not asked again, and verified numbers neither."""
    step = case.flow.steps[name]
    if isinstance(step, Confirm):
        return frozenset()
    refused = NO if isinstance(step, Disclose) else None
    return frozenset(edge.end for edge in case.edges[name] if refused is None or edge.answer != refused)


def _always_asks(case: Case, name: str, ways: Ways) -> bool:
    """Whether a slot asked for here has been cleared whenever the flow comes back, and is filled by nothing else."""
    return any(_cleared(case, name, slot, ways) for slot in asks(case.flow.steps[name]))


def _cleared(case: Case, name: str, slot: str, ways: Ways) -> bool:
    """Whether no way back from here, or from where something else fills the slot, leaves it as it was."""
    steps = case.flow.steps
    keeping = {start: ends if slot not in steps[start].clear else frozenset() for start, ends in ways.items()}
    around = {start for start in _beyond(name, ways) if slot not in steps[start].clear}
    filled = frozenset(edge.end for start in around for edge in case.edges[start] if slot in case.fills(edge))
    return name not in reach(keeping[name] | filled, keeping)


def _beyond(name: str, ways: Ways) -> frozenset[str]:
    return reach(ways.get(name, frozenset()), ways)
