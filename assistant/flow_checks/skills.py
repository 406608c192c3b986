"""Who helps with a task, or decides in it, is somebody that the desk has."""

from __future__ import annotations

from collections.abc import Iterator

from assistant.flow_case import Case
from assistant.flow_mistake import Mistake, listed, meant
from assistant.step import Review


def find(case: Case) -> Iterator[Mistake]:
    """Skills that the desk's rules do not know; a ticket for one would wait for ever."""
    if case.skills is None:
        return
    reviews = {name: step.skill for name, step in case.flow.steps.items() if isinstance(step, Review)}
    for where, skill in {"skill": case.flow.skill, **reviews}.items():
        if skill not in case.skills:
            others = f"the desk has: {listed(sorted(case.skills))}"
            yield Mistake(case.flow.id, where, f"the desk has no skill {skill}", meant(skill, case.skills, others))
