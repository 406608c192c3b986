"""Nothing is done at the bank but what was prepared, read back whole, and agreed to, with nothing changed since."""

from __future__ import annotations

from collections.abc import Iterator

from assistant.action import Operation
from assistant.flow_case import Case
from assistant.flow_facts import Fact, Facts, needed, read_back
from assistant.flow_mistake import Mistake, listed
from assistant.step import Call, Confirm


def find(case: Case) -> Iterator[Mistake]:
    """Commits that may come without their preparation or without a yes to all that was given."""
    for name, step in case.flow.steps.items():
        action = case.actions.get(step.action) if isinstance(step, Call) and step.phase == "commit" else None
        if isinstance(step, Call) and isinstance(action, Operation) and name in case.facts:
            yield from _unsure(case, name, step.action, case.facts[name])


def _unsure(case: Case, name: str, action: str, facts: Facts) -> Iterator[Mistake]:
    if Fact("ready", action) not in facts:
        what = f"on some way here {action} was not prepared, or a slot changed or an action was called after it was"
        yield Mistake(case.flow.id, name, what, f"come here only from {action}.prepare: ready and a confirm")
    elif Fact("agreed", action) not in facts:
        what = f"on some way here nobody said yes to {action} after it was prepared"
        yield Mistake(case.flow.id, name, what, f"put a confirm between {action}.prepare and this step")
    elif Fact("confirmed", action) not in facts:
        yield from _not_read_back(case, action)


def _not_read_back(case: Case, action: str) -> Iterator[Mistake]:
    """The confirms that hold for the operation, and do not say all that was given for it."""
    for name, step in case.flow.steps.items():
        if isinstance(step, Confirm) and Fact("ready", action) in case.facts.get(name, ()):
            left_out = sorted(needed(case, action) - read_back(step.confirm))
            if left_out:
                named = listed(f"{{{slot}}}" for slot in left_out)
                what = f"{named} goes into {action} and is not read back"
                yield Mistake(case.flow.id, name, what, f"name {named} in both languages")
