from __future__ import annotations

import threading

import pytest

from assistant.backroom import Backroom, Job
from assistant.llm import Failure, ModelFailed

PATIENCE = 10.0


def refuse() -> str:
    raise ModelFailed(Failure.UNREACHABLE)


def nothing() -> None:
    pass


def test_what_is_asked_for_is_made_behind_the_back_once_and_kept() -> None:
    room, made, done = Backroom[str](), list[str](), threading.Event()
    may_go_on = threading.Event()

    def make() -> str:
        may_go_on.wait(PATIENCE)
        made.append("made")
        return "a text"

    job = Job(make, done.set)
    assert room.ask("key", job) is None
    assert room.ask("key", job) is None
    assert not done.is_set()
    may_go_on.set()
    assert room.wait(PATIENCE)
    assert (room.ask("key", job), made) == ("a text", ["made"])
    assert done.is_set()


def test_it_is_there_when_it_is_told_of() -> None:
    room, seen = Backroom[str](), list[str | None]()
    job = Job(lambda: "a text", lambda: seen.append(room.ask("key", job)))
    room.ask("key", job)
    assert room.wait(PATIENCE)
    assert seen == ["a text"]


def test_what_came_to_nothing_is_not_tried_again() -> None:
    room, made = Backroom[str](), list[str]()
    job = Job[str](lambda: made.append("tried"), nothing)
    room.ask("key", job)
    assert room.wait(PATIENCE)
    assert room.ask("key", job) is None
    assert room.wait(PATIENCE)
    assert made == ["tried"]


def test_what_failed_is_tried_again_after_a_while_and_told_of_all_the_same() -> None:
    tries, told = list[str](), list[str]()

    def make() -> str:
        tries.append("tried")
        return "a text" if len(tries) > 1 else refuse()

    job = Job(make, lambda: told.append("told"))
    patient, hasty = Backroom[str](), Backroom[str](again_after=0)
    patient.ask("key", job)
    assert patient.wait(PATIENCE)
    assert patient.ask("key", job) is None
    assert patient.wait(PATIENCE)
    assert (len(tries), len(told)) == (1, 1)
    tries.clear()
    for _ in range(2):
        hasty.ask("key", job)
        assert hasty.wait(PATIENCE)
    assert hasty.ask("key", job) == "a text"


def test_a_mistake_in_one_job_does_not_keep_the_next_from_being_done(caplog: pytest.LogCaptureFixture) -> None:
    room = Backroom[str](workers=1)
    room.ask("wrong", Job(lambda: str(1 // 0), nothing))
    room.ask("right", Job(lambda: "a text", nothing))
    assert room.wait(PATIENCE)
    assert room.ask("right", Job(refuse, nothing)) == "a text"
    assert "ZeroDivisionError" in caplog.text


def test_no_more_than_so_many_are_made_at_once_and_no_more_than_so_many_wait() -> None:
    room = Backroom[str](workers=1, waiting=2)
    may_go_on, begun = threading.Event(), threading.Event()
    most, now, lock = [0], [0], threading.Lock()

    def make() -> str:
        with lock:
            now[0] += 1
            most[0] = max(most[0], now[0])
        begun.set()
        may_go_on.wait(PATIENCE)
        with lock:
            now[0] -= 1
        return "a text"

    room.ask(0, Job(make, nothing))
    assert begun.wait(PATIENCE)
    for key in range(1, 10):
        room.ask(key, Job(make, nothing))
    may_go_on.set()
    assert room.wait(PATIENCE)
    kept = [key for key in range(10) if room.ask(key, Job(refuse, nothing)) == "a text"]
    assert (kept, most[0]) == ([0, 1, 2], 1)
