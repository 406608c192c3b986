"""What a flow calls exists, in that phase, and is given all that it needs; it is known who asks."""

from __future__ import annotations

from collections.abc import Iterator

from assistant.action import Operation
from assistant.flow_case import Case
from assistant.flow_facts import Fact
from assistant.flow_mistake import Mistake, listed, meant
from assistant.step import Call, Identity, Verify


def find(case: Case) -> Iterator[Mistake]:
    """Calls that cannot be made."""
    for name, step in case.flow.steps.items():
        if isinstance(step, Call):
            wrong = [_unfit(case, step)] if case.called(step) is None else _lacking(case, name, step)
            for what, mend in wrong:
                yield Mistake(case.flow.id, name, what, mend)
        if _must_know_who(case, name) and max(case.flow.identity, step.identity) < Identity.SIGNED_IN:
            mend = "add `identity: signed_in` or `identity: verified` to the flow or to this step"
            yield Mistake(case.flow.id, name, "anyone could come here without signing in", mend)


def _unfit(case: Case, step: Call) -> tuple[str, str]:
    action = case.actions.get(step.action)
    if action is None:
        mend = meant(step.action, case.actions, f"there are: {listed(sorted(case.actions))}")
        return f"no action is called {step.action}", mend
    if isinstance(action, Operation):
        return f"{step.call} is no phase of an operation", f"call {step.action}.prepare or {step.action}.commit"
    return f"{step.action} is a query, which has no phases", f"call {step.action}"


def _lacking(case: Case, name: str, step: Call) -> Iterator[tuple[str, str]]:
    called = case.called(step)
    for needed in called.inputs if called else ():
        if case.optional(needed):
            continue
        if needed not in case.filled:
            yield f"{step.action} needs {needed}, which nothing fills", f"declare a slot {needed} and collect it first"
        elif needed in case.lists:
            yield f"{step.action} needs {needed}, which is a list here", "have one of its items chosen, and pass that"
        elif name in case.facts and Fact("known", needed) not in case.facts[name]:
            yield f"{step.action} needs {needed}, which is not known on every way here", f"collect {needed} on each way"


def _must_know_who(case: Case, name: str) -> bool:
    step = case.flow.steps[name]
    return isinstance(step, Verify) or (isinstance(step, Call) and isinstance(case.actions.get(step.action), Operation))
