"""Every step can be come to, and from every step the flow can end."""

from __future__ import annotations

from collections.abc import Iterator

from assistant.flow_case import Case, reach
from assistant.flow_mistake import Mistake
from assistant.step import End, HandOff


def find(case: Case) -> Iterator[Mistake]:
    """Steps that nothing leads to, and steps from which there is no end."""
    steps = case.flow.steps
    alive = reach(frozenset({case.flow.first}), case.following)
    ends = {name for name, step in steps.items() if isinstance(step, End | HandOff)}
    for name in steps:
        if name not in alive:
            yield Mistake(case.flow.id, name, "no step leads here", "name it in another step's next, or delete it")
        elif case.following[name] and not ends & case.beyond[name]:
            yield Mistake(case.flow.id, name, "no way from here ends the flow", "lead one way on to `end` or `handoff`")
