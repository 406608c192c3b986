"""The wait foretold on joining the queue for a person against the wait had, and the order, in six scenes played event by event."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from assistant.waiting import Wait, ahead_of, estimate, measured, places
from evals.queue_scenes import LARGEST_START, RIGHT_PRIOR, WRONG_PRIOR, scenes
from evals.queue_world import Foretold, Had, Scene, View, play
from evals.report import Score, SuiteResult
from evals.statistics import exact, mean

_A_WHILE = 60.0
_HOUR = 3600.0


def run() -> SuiteResult:
    """By scene: errors, coverage and bias of what is foretold with two baselines beside it, and waits by age; over all: overtaking.

    In seconds, or where named relative as a share of the wait had, of those who waited a minute or more: who found a free slot would
    flatter. Who gave up counts with the wait that would have been had.
    """
    played = [(scene, play(scene, foretell)) for scene in scenes()]
    scores: dict[str, Score] = {}
    for scene, hads in played:
        scores |= {f"{scene.name}: {what}": score for what, score in (_errors(hads) | _order(hads)).items()}
    most = max(had.overtaken for _, hads in played for had in hads)
    scores["largest overtaking over its bound"] = exact(most / LARGEST_START)
    scores[f"{WRONG_PRIOR}: error over the right one's"] = exact(_wrong_over_right([scene for scene, _ in played]))
    asked, reached = sum(len(scene.customers) for scene, _ in played), sum(len(hads) for _, hads in played)
    return SuiteResult("queue", asked, reached, scores)


def foretell(view: View) -> Foretold:
    """What the service says to a ticket that joins, and what the two baselines would say."""
    service = measured(view.measured[view.skill], view.expected[view.skill])
    servers, busy = places(view.skill, view.desks)
    ahead = ahead_of(view.rank, view.skill, view.waiting, view.desks)
    last = view.served[-1][1] if view.served else 0.0
    lately = [had for when, had in view.served if when >= view.now - _HOUR]
    return Foretold(estimate(ahead, servers, service, busy), last, statistics.fmean(lately or [last]))


def _errors(hads: Sequence[Had]) -> dict[str, Score]:
    """`ranged` are those who were told more than that their turn is now."""
    pairs = [(had, had.foretold.wait) for had in hads if had.foretold.wait is not None]
    ranged = [(had, wait) for had, wait in pairs if wait.likely > 0]
    waited = [(had, wait) for had, wait in pairs if had.wait >= _A_WHILE]
    return {
        "median error, s": exact(statistics.median(abs(wait.likely - had.wait) for had, wait in ranged)),
        "relative error": exact(_relative(waited, lambda _, wait: wait.likely)),
        "relative error, last served": exact(_relative(waited, lambda had, _: had.foretold.last)),
        "relative error, last hour": exact(_relative(waited, lambda had, _: had.foretold.hour)),
        "coverage": mean([float(wait.low <= had.wait <= wait.high) for had, wait in ranged]),
        "bias, median s": exact(statistics.median(wait.likely - had.wait for had, wait in ranged)),
        "bias, mean s": mean([wait.likely - had.wait for had, wait in ranged]),
    }


def _relative(waited: Sequence[tuple[Had, Wait]], said: Callable[[Had, Wait], float]) -> float:
    return statistics.median(abs(said(had, wait) - had.wait) / had.wait for had, wait in waited)


def _order(hads: Sequence[Had]) -> dict[str, Score]:
    scores = {"gave up": mean([float(had.gave_up) for had in hads])}
    for who, elder in (("elders", True), ("others", False)):
        waits = [had.wait for had in hads if had.customer.elder == elder]
        scores[f"{who}, median wait s"] = exact(statistics.median(waits))
        scores[f"{who}, p95 wait s"] = exact(float(np.quantile(waits, 0.95)))
    scores["largest overtaking, s"] = exact(max(had.overtaken for had in hads))
    return scores


def _wrong_over_right(played: Sequence[Scene]) -> float:
    """The relative error of the scene with the wrong expectation over that of the same scene with the right one."""
    (scene,) = (scene for scene in played if scene.name == WRONG_PRIOR)
    both = [play(each, foretell) for each in (scene, replace(scene, expected=RIGHT_PRIOR))]
    wrong, right = (_errors(hads)["relative error"].value for hads in both)
    return wrong / right
