"""The suites that ship: each loads, and names only what exists."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
import yaml

from assistant import bootstrap, command
from assistant.event import Event
from assistant.flow import Flow
from assistant.settings import load
from evals import suite
from evals.case import Case
from evals.suite import Suite

_ROOT = Path(__file__).parents[2]
_NAMES = sorted(suite.found([suite.SHIPPED]))


@cache
def _suite(name: str) -> Suite:
    return suite.load(suite.found([suite.SHIPPED])[name])


@cache
def _flows() -> dict[str, Flow]:
    return bootstrap.build_flows(load())


@cache
def _customers() -> frozenset[str]:
    seed = _ROOT / "assistant" / "demo_bank" / "seed" / "customers.yaml"
    return frozenset(one["id"] for one in yaml.safe_load(seed.read_text(encoding="utf-8")))


@cache
def _documents() -> frozenset[str]:
    folder = _ROOT / "knowledge_base" / "documents"
    return frozenset(path.name for path in folder.rglob("*") if path.is_file() and not path.name.endswith(".yaml"))


def _named_flows(case: Case) -> Iterator[str]:
    if case.flow:
        yield case.flow
    if case.goal:
        yield case.goal.flow
    if case.expect and not case.expect.startswith("alarm:") and case.expect != "none":
        yield from case.expect.rpartition(":")[2].split("+")
    for words in case.commands or ():
        name, _, held = words.partition(" ")
        if name == "StartFlow":
            yield held.split(" ")[0]


def _event_types() -> frozenset[str]:
    return frozenset(vars(member)["type"] for member in _members(Event))


def _members(union: object) -> Iterator[type]:
    for one in getattr(union, "__args__", ()):
        yield from [one] if isinstance(one, type) else _members(one)


@pytest.mark.parametrize("name", _NAMES)
def test_names_only_what_exists(name: str) -> None:
    wrong = []
    for case in _suite(name).cases:
        signed_in = [case.customer, *(move.sign_in for move in case.moves)]
        wrong += [f"{case.id}: no customer {one}" for one in signed_in if one and one not in _customers()]
        wrong += [f"{case.id}: no document {one}" for one in case.document if one not in _documents()]
        wrong += [f"{case.id}: no task {one}" for one in _named_flows(case) if one not in _flows()]
        wrong += [
            f"{case.id}: no command {one}" for one in case.commands or () if not hasattr(command, one.split(" ")[0])
        ]
    assert wrong == []


@pytest.mark.parametrize("name", _NAMES)
def test_is_told_in_chinese(name: str) -> None:
    assert re.search("[\u4e00-\u9fff]", _suite(name).title)


def test_are_enough_to_be_believed() -> None:
    held_out = [
        case for name in _NAMES if name != "understanding" for case in _suite(name).cases if case.split == "test"
    ]
    assert len(held_out) >= 400


def test_every_task_is_carried_through() -> None:
    assert set(_flows()) - {flow for case in _suite("tasks").cases for flow in _named_flows(case)} == set()


def test_events_that_must_happen_can() -> None:
    known = _event_types()
    named = {event for name in _NAMES for case in _suite(name).cases for event in (*case.events, *case.not_events)}
    assert len(known) > 20
    assert named - known == set()
