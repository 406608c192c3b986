"""A flow that is a step of another exists, and no flow is a part of itself."""

from __future__ import annotations

from collections.abc import Iterator

from assistant.flow import Flow
from assistant.flow_case import Case, reach
from assistant.flow_mistake import Mistake, listed, meant
from assistant.step import Subflow


def find(case: Case) -> Iterator[Mistake]:
    """Parts that there are not, and parts that lead back to the whole."""
    parts = {name: _parts(flow) for name, flow in case.flows.items()}
    for name, step in case.flow.steps.items():
        if isinstance(step, Subflow):
            if step.subflow not in case.flows:
                others = f"there are: {listed(sorted(case.flows))}"
                what = f"no flow is called {step.subflow}"
                yield Mistake(case.flow.id, name, what, meant(step.subflow, case.flows, others))
            elif case.flow.id in reach(frozenset({step.subflow}), parts):
                what = f"{step.subflow} leads back into {case.flow.id}"
                yield Mistake(case.flow.id, name, what, "break the circle; a flow cannot be a part of itself")


def _parts(flow: Flow) -> frozenset[str]:
    return frozenset(step.subflow for step in flow.steps.values() if isinstance(step, Subflow))
