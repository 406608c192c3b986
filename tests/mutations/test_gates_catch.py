"""Whether the gates stop a release that is worse: each fault, planted, must break one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pytest

from assistant.settings import Settings
from evals import cases, gates, stage, suite
from evals.record import Record
from evals.report import Gate
from evals.stage import Stage
from evals.suite import Suite
from evals.task import Task
from tests.mutations.faults import FAULTS, Fault


@pytest.fixture(scope="module")
def played_on(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    with stage.opened(Settings(data_dir=tmp_path_factory.mktemp("mutations"))) as opened:
        yield opened


def held(played_on: Stage, names: Sequence[str]) -> Iterator[Gate]:
    """The gates of these suites, suite by suite."""
    for name in names:
        read = suite.load(suite.SHIPPED / f"{name}.yaml")
        yield from gates.held([cases.result(read, _records(played_on, read))])


def _records(played_on: Stage, read: Suite) -> dict[Task, Record]:
    places = [place for place, case in enumerate(read.cases) if case.split == "test"]
    return {Task(read.name, place, 0): played_on.play(read, read.cases[place]) for place in places}


@pytest.mark.mutation
@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_a_fault_breaks_a_gate(fault: Fault, played_on: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    fault.plant(monkeypatch)
    assert any(not gate.passed for gate in held(played_on, fault.suites)), f"no gate tells that {fault.name}"
