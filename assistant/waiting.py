"""How long a customer waits for a person: who goes first, how long talks take, and the range that follows; all times in seconds."""

from __future__ import annotations

import heapq
import math
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import NormalDist, quantiles

_NORMAL = NormalDist()
_PRIOR = 10
_EXPECTED_AT_MOST = 4.0
_FENCE = 1.5
_HARDLY_ANY = 1e-6
# These two are measured by the suite `queue`: who asks later with a head start, and what slots do that no model knows.
_LATE_COMERS = 1.1
_DOUBT = 0.1
_LOW, _LIKELY, _HIGH = 0.1, 0.5, 0.9
_WORDS = {
    "zh": ("不到1分钟", "约{high}分钟内", "约{low}分钟", "约{low}—{high}分钟", "约{low}分钟至1小时以上", "1小时以上"),
    "en": (
        "less than a minute",
        "within about {high} minutes",
        "about {low} minutes",
        "about {low}–{high} minutes",
        "about {low} min to more than an hour",
        "more than an hour",
    ),
}


@dataclass(frozen=True)
class Service:
    """How long conversations take: mean and standard deviation."""

    mean: float
    deviation: float


@dataclass(frozen=True)
class Wait:
    """A wait as it is foretold: one in ten is shorter than `low`, half are than `likely`, nine in ten than `high`."""

    low: int
    likely: int
    high: int


@dataclass(frozen=True)
class Desk:
    """An agent who is there: skills, conversations at a time, and how long each that runs has been going on."""

    skills: frozenset[str]
    slots: int
    talking: tuple[float, ...] = ()


def measured(seconds: Sequence[float], expected: float) -> Service:
    """How long talks take, of those lately ended and of `expected` (above 0), which counts as ten talks that scatter as widely as it.

    A talk left open overnight must not move the mean: each counts at most as Tukey's upper fence on a logarithmic scale, the third
    quartile times its ratio to the first to the power of 1.5, and with fewer than ten talks as four times `expected`.
    """
    capped = _capped(seconds, expected)
    weight = _PRIOR + len(capped)
    mean = (_PRIOR * expected + math.fsum(capped)) / weight
    own = math.fsum(capped) / len(capped) if capped else 0.0
    spread = math.fsum((value / own - 1) ** 2 for value in capped) if own else 0.0
    return Service(mean, mean * math.sqrt((_PRIOR + spread) / weight))


def estimate(ahead: int, servers: int, service: Service, busy: Sequence[float] = ()) -> Wait | None:
    """The wait of a ticket with `ahead` before it at `servers` slots, of which `busy` have been talking that long; None without slots.

    Its turn comes with departure ahead + 1 + len(busy) - servers. A talk of age a ends at the rate one over its mean residual time
    E[S - a | S > a], S lognormal; once that time is over, the slot's next talks end at one over the mean. Departures are a Poisson
    process of that changing rate, so the turn is where their expected number reaches a gamma quantile (Wilson and Hilferty's). That
    is the queue-length predictor (QL) of Ibrahim and Whitt, "Real-time delay estimation based on delay history", Manufacturing &
    Service Operations Management 11 (2009), with the residual times of W. Whitt, "Predicting queueing delays", Management Science 45
    (1999). A tenth is added for those who ask later and go first; doubt about the rate widens the range like a gamma mixture.
    """
    if servers <= 0:
        return None
    needed = ahead + 1 + len(busy) - servers
    if needed <= 0:
        return Wait(0, 0, 0)
    fresh = [service.mean] * max(0, servers - len(busy))
    residuals = sorted([_residual(service, age) for age in busy] + fresh)
    low, likely, high = (
        _reached(_departures(needed, share), residuals, service.mean) for share in (_LOW, _LIKELY, _HIGH)
    )
    return Wait(round(low), round(likely), round(high))


def places(skill: str, desks: Sequence[Desk]) -> tuple[int, tuple[float, ...]]:
    """The slots of those who have the skill, and how long each of their conversations has been going on: `servers` and `busy`."""
    able = [desk for desk in desks if skill in desk.skills]
    return sum(desk.slots for desk in able), tuple(age for desk in able for age in desk.talking)


def ahead_of(place: float, skill: str, waiting: Mapping[str, Sequence[float]], desks: Sequence[Desk]) -> int:
    """How many tickets the desks with this skill take before the one of rank `place`; `waiting` holds ranks by skill.

    The line is played forward: every slot takes equally long, slots take turns evenly, and a desk takes the best rank of its skills.
    So a ticket of another skill counts as far as these desks will have to serve it. Where nobody has the skill, its own line counts.
    """
    lines = {name: deque(sorted(rank for rank in ranks if rank < place)) for name, ranks in waiting.items()}
    own = lines.setdefault(skill, deque())
    own.append(place)
    if not places(skill, desks)[0]:
        return len(own) - 1
    turns = [(0.5 / desk.slots, number) for number, desk in enumerate(desks) if desk.slots > 0]
    heapq.heapify(turns)
    taken = 0
    while own:
        when, number = turns[0]
        heapq.heapreplace(turns, (when + 1 / desks[number].slots, number))
        taken += skill in desks[number].skills
        _take(desks[number], lines)
    return taken - 1


def told(wait: Wait, language: str) -> str:
    """The range for people in "zh" or "en": whole minutes up to ten, then steps of five, of ten from half an hour, and "1小时以上"."""
    under, within, about, between, open_ended, over = _WORDS[language]
    low, high = _down(wait.low), _up(wait.high)
    if high <= 1:
        return under
    if high > 60:
        return over if low >= 60 else open_ended.format(low=max(low, 1))
    if low == 0:
        return within.format(high=high)
    return (about if low == high else between).format(low=low, high=high)


def _capped(seconds: Sequence[float], expected: float) -> list[float]:
    cap = _EXPECTED_AT_MOST * expected
    if len(seconds) >= _PRIOR:
        first, _, third = quantiles([max(value, 1.0) for value in seconds], method="inclusive")
        cap = third * (third / first) ** _FENCE
    return [min(max(value, 0.0), cap) for value in seconds]


def _residual(service: Service, age: float) -> float:
    """How much longer a talk of this age goes on, on average."""
    square = math.log1p((service.deviation / service.mean) ** 2)
    sigma = math.sqrt(square)
    if age <= 0 or sigma < _HARDLY_ANY:
        return max(service.mean - max(age, 0.0), 1.0)
    over = (math.log(service.mean) - square / 2 - math.log(age)) / sigma
    still = _NORMAL.cdf(over)
    if still < _HARDLY_ANY:
        return max(age, 1.0)
    return max(service.mean * _NORMAL.cdf(over + sigma) / still - age, 1.0)


def _departures(needed: int, share: float) -> float:
    """The quantile of a gamma distribution of mean `needed` and variance needed + doubt x needed², late-comers added."""
    shape = 1 / (1 / needed + _DOUBT)
    cube = 1 - 1 / (9 * shape) + _NORMAL.inv_cdf(share) / (3 * math.sqrt(shape))
    return _LATE_COMERS * needed * max(cube, 0.0) ** 3


def _reached(count: float, residuals: Sequence[float], mean: float) -> float:
    """When so many departures are expected: each slot's rate changes from one over its residual time to one over the mean."""
    rate = math.fsum(1 / residual for residual in residuals)
    done = now = 0.0
    for residual in residuals:
        until = done + rate * (residual - now)
        if until >= count:
            break
        done, now = until, residual
        rate += 1 / mean - 1 / residual
    return now + (count - done) / rate


def _take(desk: Desk, lines: Mapping[str, deque[float]]) -> None:
    first = min(((lines[skill][0], skill) for skill in desk.skills if lines.get(skill)), default=None)
    if first:
        lines[first[1]].popleft()


def _step(minutes: int) -> int:
    return 1 if minutes <= 10 else 5 if minutes <= 30 else 10


def _down(seconds: int) -> int:
    minutes = seconds // 60
    return minutes - minutes % _step(minutes)


def _up(seconds: int) -> int:
    minutes = -(-seconds // 60)
    return minutes + -minutes % _step(minutes)
