"""Simulated customers: each has a goal, facts and a manner, and reacts to what the assistant really asks.

Every choice comes from a random of the case and the trial: the same trial is always the same, another has other wordings.
"""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

from evals.case import Case, Goal, Move
from evals.customer import Customer
from evals.customer_model import ModelCustomer
from evals.scene import Scene

LONGEST = 40
"""Turns after which any customer has had enough."""


def simulated(case: Case, scene: Scene, trial: int) -> Iterator[Move]:
    """What the customer of a case does, move by move; the scene is looked at after each. Raises Stuck where a needed fact is missing."""
    if case.goal is None:
        return
    customer = Customer(case.goal, scene, Random(f"{case.id}/{trial}"))
    model = _model(case.goal, customer, scene)
    move: Move | None = customer.opening()
    for _turn in range(LONGEST):
        if move is not None and model is not None:
            move = model.instead(move)
        if move is None:
            return
        yield move
        move = customer.reaction()
    if move is not None:
        scene.notes.append(f"the customer had enough after {LONGEST} turns")


def _model(goal: Goal, customer: Customer, scene: Scene) -> ModelCustomer | None:
    """What words it in the place of the script, where a model is to."""
    if goal.played_by == "script":
        return None
    if scene.plays_customer is None:
        scene.notes.append("no model is configured to play customers; the script plays")
        return None
    return ModelCustomer(goal, customer.words, scene, scene.plays_customer)
