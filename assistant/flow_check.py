"""Proves that flows keep their promises before any customer meets them; the rules are in flow_checks/, a file each."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import Protocol

from assistant.action import Operation, Query
from assistant.flow import Flow
from assistant.flow_case import Case
from assistant.flow_mistake import Mistake

__all__ = ["Mistake", "check"]


class Rule(Protocol):
    """A module of `assistant/flow_checks/`."""

    def find(self, case: Case) -> Iterator[Mistake]:
        """The mistakes of one flow that break the rule."""
        ...


def check(
    flows: Mapping[str, Flow], actions: Mapping[str, Query | Operation], skills: Iterable[str] | None = None
) -> list[Mistake]:
    """All mistakes of all flows, in the order of the files and their steps; none means that the flows may be used.

    Without the desk's `skills` it is not checked who helps.
    """
    known = None if skills is None else frozenset(skills)
    cases = (Case(flow, flows, actions, skills=known) for flow in flows.values())
    return [mistake for case in cases for mistake in _checked(case)]


def _checked(case: Case) -> list[Mistake]:
    found = dict.fromkeys(mistake for rule in _rules() for mistake in rule.find(case))
    places = {name: place for place, name in enumerate(case.flow.steps)}
    return sorted(found, key=lambda mistake: places.get(mistake.step, -1))


@cache
def _rules() -> tuple[Rule, ...]:
    from assistant import flow_checks

    names = sorted(entry.name for entry in pkgutil.iter_modules(flow_checks.__path__))
    return tuple(importlib.import_module(f"assistant.flow_checks.{name}") for name in names)
