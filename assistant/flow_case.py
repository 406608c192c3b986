"""A flow as it is checked: its steps as a graph, among the other flows and the bank's actions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from assistant import flow_facts
from assistant.action import Operation, Query
from assistant.flow import Flow
from assistant.step import Call, Choose, End, HandOff, Step, Subflow, asks

Answers = tuple[str | None, ...]


@dataclass(frozen=True)
class Edge:
    """A way from a step to another, with the answer or outcome that leads there, where there is one."""

    start: str
    answer: str | None
    end: str


@dataclass(frozen=True)
class Case:
    """A flow to be checked. `within` are the flows that it is a part of, while those are checked; `skills` are the desk's."""

    flow: Flow
    flows: Mapping[str, Flow]
    actions: Mapping[str, Query | Operation]
    within: frozenset[str] = frozenset()
    skills: frozenset[str] | None = None

    @cached_property
    def edges(self) -> Mapping[str, tuple[Edge, ...]]:
        """The ways out of each step; those that lead to no step are left out."""
        return {name: tuple(self._ways(name, step)) for name, step in self.flow.steps.items()}

    @cached_property
    def following(self) -> Mapping[str, frozenset[str]]:
        """The steps that each step leads to."""
        return {name: frozenset(edge.end for edge in edges) for name, edges in self.edges.items()}

    @cached_property
    def beyond(self) -> Mapping[str, frozenset[str]]:
        """The steps that can be reached from each step; itself only where there is a way back."""
        return {name: reach(self.following[name], self.following) for name in self.flow.steps}

    @cached_property
    def facts(self) -> Mapping[str, flow_facts.Facts]:
        """What holds whenever a step is come to, for each step that can be reached."""
        return flow_facts.find(self)

    @cached_property
    def parts(self) -> Mapping[str, Mapping[str, frozenset[str]]]:
        """What each flow that is a step of this one leaves known, by how it ended."""
        within = self.within | {self.flow.id}
        named = {step.subflow for step in self.flow.steps.values() if isinstance(step, Subflow)}
        cases = {name: Case(self.flows[name], self.flows, self.actions, within) for name in named & self.flows.keys()}
        return {name: {} if name in within else flow_facts.left_known(case) for name, case in cases.items()}

    @cached_property
    def filled(self) -> frozenset[str]:
        """All that any step may fill."""
        named = {name for step in self.flow.steps for edge in self.edges[step] for name in self.fills(edge)}
        asked = {name for step in self.flow.steps.values() for name in asks(step)}
        shared = {name for part in self.parts for name in self.flows[part].slots if name in self.flow.slots}
        return frozenset(named | asked | shared)

    @cached_property
    def lists(self) -> frozenset[str]:
        """The names that the flow uses as lists: to choose from, or shown row by row."""
        steps = self.flow.steps.values()
        chosen = {step.options_from for step in steps if isinstance(step, Choose) and step.options_from}
        return (
            frozenset(chosen | {name for step in steps for name in getattr(step, "rows", {})}) - self.flow.slots.keys()
        )

    def answers(self, step: Step) -> Answers:
        """How a step may be left: by an answer, an outcome, or in one way only."""
        if isinstance(step, Call):
            called = self.called(step)
            return tuple(called.outcomes) if called else (None,)
        if isinstance(step, Choose) and isinstance(step.next, Mapping):
            slot = self.flow.slots.get(step.choose)
            return tuple(slot.options) if slot else (None,)
        if isinstance(step, Subflow) and not isinstance(step.next, Mapping):
            return tuple(self.parts.get(step.subflow) or step.answers)
        return step.answers or (None,)

    def called(self, call: Call) -> Query | None:
        """What a step calls, in its phase; nothing where there is no such action or it has no such phase."""
        action = self.actions.get(call.action)
        if isinstance(action, Operation):
            return {"prepare": action.prepare, "commit": action.commit}.get(call.phase)
        return None if call.phase else action

    def fills(self, edge: Edge) -> tuple[str, ...]:
        """What an action or a part fills on the way along an edge."""
        step = self.flow.steps[edge.start]
        if isinstance(step, Call):
            called = self.called(step)
            return called.outcomes.get(edge.answer or "", ()) if called else ()
        if isinstance(step, Subflow):
            return tuple(self.parts.get(step.subflow, {}).get(edge.answer or "", frozenset()) & self.flow.slots.keys())
        return ()

    def without(self, step: str) -> frozenset[str]:
        """The steps that can be reached without passing one."""
        if step == self.flow.first:
            return frozenset()
        return reach(frozenset({self.flow.first}), {**self.following, step: frozenset()}) - {step}

    def before(self, step: str) -> frozenset[str]:
        """The steps that are passed on every way to one."""
        return frozenset(other for other in self.flow.steps if other != step and step not in self.without(other))

    def optional(self, slot: str) -> bool:
        """Whether the customer may leave a slot unfilled."""
        return slot in self.flow.slots and self.flow.slots[slot].optional

    def _ways(self, name: str, step: Step) -> Iterator[Edge]:
        """A table's ways as it has them, so that one that does not fit is told where it stands and nowhere else."""
        if isinstance(step, End | HandOff):
            return
        answers = tuple(step.next) if isinstance(step.next, Mapping) else self.answers(step)
        for answer in answers:
            to = self.flow.after(name, answer)
            if to is not None and to in self.flow.steps:
                yield Edge(name, answer, to)


def reach(starts: frozenset[str], following: Mapping[str, frozenset[str]]) -> frozenset[str]:
    """The steps that can be reached, those begun with included."""
    seen, waiting = set(starts), list(starts)
    while waiting:
        new = following.get(waiting.pop(), frozenset()) - seen
        seen |= new
        waiting += new
    return frozenset(seen)
