from __future__ import annotations

import math
from dataclasses import replace

import pytest

from assistant.waiting import Wait
from evals.queue_scenes import LARGEST_START, scenes
from evals.queue_world import Agent, Customer, Foretold, Had, Scene, View, play
from evals.queueing import foretell

ALWAYS = ((0.0, math.inf),)
ALONE = Agent(frozenset({"cards"}), 1, ALWAYS)
PATIENT = 1e6


def customer(
    asked: float, talk: float = 100, start: int = 0, patience: float = PATIENT, skill: str = "cards"
) -> Customer:
    return Customer(asked, skill, elder=start > 0, head_start=start, talk=talk, patience=patience)


def played(*customers: Customer, agents: tuple[Agent, ...] = (ALONE,)) -> list[Had]:
    return play(Scene("a scene", customers, agents, {"cards": 300.0, "loans": 300.0}), foretell)


def waits(*customers: Customer, agents: tuple[Agent, ...] = (ALONE,)) -> list[float]:
    return [had.wait for had in played(*customers, agents=agents)]


def test_one_after_another() -> None:
    assert waits(customer(0), customer(10), customer(20)) == [0, 90, 180]


def test_who_has_a_head_start_goes_first_and_the_other_is_overtaken() -> None:
    first, overtaken, elder = played(customer(0), customer(10), customer(50, start=60))
    assert (first.wait, elder.wait, overtaken.wait) == (0, 50, 190)
    assert overtaken.overtaken == 40
    assert elder.overtaken == 0


def test_who_gave_up_has_the_wait_that_would_have_been_had() -> None:
    _, gone, last = played(customer(0), customer(10, patience=5), customer(20))
    assert (gone.wait, gone.gave_up) == (90, True)
    assert (last.wait, last.gave_up) == (80, False)


def test_two_slots_serve_two_at_a_time() -> None:
    assert waits(customer(0), customer(0), customer(0), agents=(replace(ALONE, slots=2),)) == [0, 0, 100]


def test_an_agent_who_goes_ends_the_talk_and_takes_no_other() -> None:
    agents = (replace(ALONE, there=((0.0, 50.0),)), replace(ALONE, there=((500.0, math.inf),)))
    assert waits(customer(0), customer(10), agents=agents) == [0, 490]


def test_the_skill_decides_who_serves() -> None:
    both = Agent(frozenset({"cards", "loans"}), 1, ALWAYS)
    assert waits(customer(0), customer(1, skill="loans"), customer(2), agents=(ALONE, both)) == [0, 0, 98]


def test_the_service_sees_the_line_the_desks_and_what_was_measured() -> None:
    seen: list[View] = []

    def look(view: View) -> Foretold:
        seen.append(replace(view, measured={skill: list(talks) for skill, talks in view.measured.items()}))
        return Foretold(Wait(0, 0, 0), 0, 0)

    play(Scene("a scene", [customer(0), customer(10), customer(150)], [ALONE], {"cards": 300.0}), look)
    assert [list(view.waiting["cards"]) for view in seen] == [[], [], []]
    assert [view.desks[0].talking for view in seen] == [(), (10.0,), (50.0,)]
    assert seen[2].measured == {"cards": [100]}


@pytest.mark.parametrize("scene", scenes(), ids=lambda scene: scene.name)
def test_the_scenes_keep_the_order_and_are_the_same_each_time(scene: Scene) -> None:
    short = replace(scene, customers=scene.customers[:300])
    hads = play(short, foretell)
    assert hads == play(short, foretell)
    assert max(had.overtaken for had in hads) <= LARGEST_START
    assert len(scene.customers) >= 2_000
