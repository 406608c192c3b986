"""A circuit opens after failures in a row, lets one trial through at a time, and closes by itself."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from assistant.llms.circuit import FAILURES, FIRST_PAUSE, LONGEST_PAUSE, Circuit, Ended, Pass


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def opened(clock: Clock) -> Circuit:
    circuit = Circuit(clock, lambda: 1)
    for _ in range(FAILURES):
        fail(circuit)
    return circuit


def fail(circuit: Circuit) -> None:
    held = circuit.enter()
    assert held
    circuit.leave(held, Ended.BADLY)


def test_failures_in_a_row_open_it_and_others_do_not() -> None:
    circuit = Circuit(Clock())
    for _ in range(3):
        for _ in range(FAILURES - 1):
            fail(circuit)
        held = circuit.enter()
        assert held
        circuit.leave(held, Ended.WELL)
    assert not circuit.is_open
    for _ in range(FAILURES):
        fail(circuit)
    assert circuit.is_open and circuit.enter() is None


def test_one_trial_at_a_time_decides() -> None:
    clock = Clock()
    circuit = opened(clock)
    clock.now = FIRST_PAUSE - 0.01
    assert circuit.enter() is None
    clock.now = FIRST_PAUSE
    trial = circuit.enter()
    assert trial == Pass(is_trial=True) and circuit.enter() is None
    assert circuit.leave(trial, Ended.WELL)
    assert circuit.enter() == Pass(is_trial=False)


def test_a_trial_that_was_given_up_makes_room_for_another() -> None:
    clock = Clock()
    circuit = opened(clock)
    clock.now = FIRST_PAUSE
    trial = circuit.enter()
    assert trial
    circuit.leave(trial, Ended.UNTOLD)
    assert circuit.enter() == Pass(is_trial=True)


def test_pauses_grow_to_a_limit_and_begin_anew() -> None:
    clock = Clock()
    pauses: list[float] = []
    circuit = opened(clock)
    began = clock.now
    while len(pauses) < 8:
        clock.now += 0.5
        if held := circuit.enter():
            pauses.append(clock.now - began)
            circuit.leave(held, Ended.BADLY)
            began = clock.now
    assert pauses == [5, 10, 20, 40, 80, *[LONGEST_PAUSE] * 3]
    clock.now += LONGEST_PAUSE
    held = circuit.enter()
    assert held
    circuit.leave(held, Ended.WELL)
    for _ in range(FAILURES):
        fail(circuit)
    clock.now += FIRST_PAUSE
    assert circuit.enter()


def test_old_calls_do_not_speak_for_a_trial() -> None:
    clock = Clock()
    circuit = Circuit(clock, lambda: 1)
    old = [circuit.enter() for _ in range(FAILURES + 2)]
    for held in old[:FAILURES]:
        assert held
        circuit.leave(held, Ended.BADLY)
    assert old[-1] and not circuit.leave(old[-1], Ended.WELL)
    assert circuit.is_open
    clock.now = FIRST_PAUSE
    assert circuit.enter() and old[-2]
    circuit.leave(old[-2], Ended.BADLY)
    assert circuit.enter() is None


@given(st.integers(2, 16))
def test_of_many_threads_one_has_the_trial(threads: int) -> None:
    clock = Clock()
    circuit = opened(clock)
    clock.now = FIRST_PAUSE
    with ThreadPoolExecutor(threads) as pool:
        passes = list(pool.map(lambda _: circuit.enter(), range(threads * 4)))
    assert [held for held in passes if held] == [Pass(is_trial=True)]


class Calls(RuleBasedStateMachine):
    """Calls that begin and end in any order, while time goes by."""

    def __init__(self) -> None:
        super().__init__()
        self.clock = Clock()
        self.circuit = Circuit(self.clock)
        self.held: list[Pass] = []

    @rule(seconds=st.floats(0, 200))
    def wait(self, seconds: float) -> None:
        self.clock.now += seconds

    @rule()
    def enter(self) -> None:
        if held := self.circuit.enter():
            assert held.is_trial == self.circuit.is_open
            self.held.append(held)

    @precondition(lambda self: self.held)
    @rule(ended=st.sampled_from(Ended), which=st.integers(0))
    def leave(self, ended: Ended, which: int) -> None:
        self.circuit.leave(self.held.pop(which % len(self.held)), ended)

    @invariant()
    def at_most_one_trial(self) -> None:
        assert sum(held.is_trial for held in self.held) <= 1

    def teardown(self) -> None:
        """However it went, a server that is well again is used again."""
        for held in self.held:
            self.circuit.leave(held, Ended.UNTOLD)
        self.clock.now += 2 * LONGEST_PAUSE
        last = self.circuit.enter()
        assert last
        self.circuit.leave(last, Ended.WELL)
        assert not self.circuit.is_open


TestCalls = Calls.TestCase
