"""The scenes that the queue is played in: quiet, busy, overloaded, a change of shifts, shared agents, a wrong expectation."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from random import Random

from assistant import desk_rules
from assistant.reason import Reason
from evals.queue_world import Agent, Customer, Scene

_HOUR = 3600.0
_CUSTOMERS = 4_000
_ELDERS = 0.2
_PATIENCE = 1_800.0
_SPREAD = 1.0
_FORGOTTEN, _OVERNIGHT = 0.002, 8 * _HOUR
_SHARES = {
    Reason.ASKED: 0.5,
    Reason.NOT_UNDERSTOOD: 0.2,
    Reason.NO_ANSWER: 0.12,
    Reason.COMPLAINT: 0.08,
    Reason.LOST_CARD: 0.06,
    Reason.FRAUD: 0.03,
    Reason.DANGER: 0.01,
}
_RULES = desk_rules.load(Path(desk_rules.__file__).with_name("desk.yaml"))
WRONG_PRIOR, RIGHT_PRIOR = "wrong prior", {"general": 600.0}
LARGEST_START = max(_RULES.head_start(reason, elder=True) for reason in _SHARES)
_ALWAYS = ((0.0, math.inf),)

Rate = Callable[[float], float]


def scenes() -> list[Scene]:
    """Every scene, the same each time."""
    return [_quiet(), _busy(), _overload(), _shifts(), _shared(), _wrong_prior()]


def _quiet() -> Scene:
    agents = [_agent("general", 3)] * 2 + [_agent("general", 2)]
    return _scene("quiet", lambda _: 0.65 * 8 / 300, {"general": (1.0, 300)}, agents)


def _busy() -> Scene:
    rate = _bursts("busy", 0.9 * 12 / 300)
    return _scene("busy", rate, {"general": (1.0, 300)}, [_agent("general", 3)] * 4)


def _overload() -> Scene:
    def rate(now: float) -> float:
        return (1.6 if now % (6 * _HOUR) // _HOUR == 2 else 0.7) * 12 / 300

    return _scene("overload", rate, {"general": (1.0, 300)}, [_agent("general", 3)] * 4)


def _shifts() -> Scene:
    """Every four hours all but two of six agents go, and others come up to a quarter of an hour later; one takes a break."""
    stay = [_agent("general", 2)] * 2
    first = [_agent("general", 2, _turns(0, late)) for late in (0, 300, 600, 900)]
    second = [_agent("general", 2, _turns(1, late)) for late in (0, 300, 600, 900)]
    return _scene("shift change", lambda _: 0.88 * 12 / 300, {"general": (1.0, 300)}, stay + first + second)


def _shared() -> Scene:
    mix = {"cards": (0.55, 240), "loans": (0.25, 600), "wealth": (0.2, 420)}
    agents = (
        [_agent("cards", 3)] * 2
        + [_agent("loans", 2)]
        + [_agent("cards loans", 3)] * 2
        + [_agent("loans wealth", 2)] * 2
    )
    return _scene("shared agents", _bursts("shared", 0.9 * 18 / 366), mix, agents)


def _wrong_prior() -> Scene:
    scene = _scene(WRONG_PRIOR, lambda _: 0.95 * 12 / 600, {"general": (1.0, 600)}, [_agent("general", 3)] * 4)
    return Scene(scene.name, scene.customers, scene.agents, {"general": 300.0})


def _agent(skills: str, slots: int, there: tuple[tuple[float, float], ...] = _ALWAYS) -> Agent:
    return Agent(frozenset(skills.split()), slots, there)


def _turns(parity: int, late: float) -> tuple[tuple[float, float], ...]:
    """Every other spell of four hours, begun late, for a hundred hours and more."""
    spells = range(parity, 40, 2)
    return tuple((4 * _HOUR * spell + late, 4 * _HOUR * (spell + 1)) for spell in spells)


def _bursts(seed: str, rate: float) -> Rate:
    """A rate that changes every quarter of an hour, by a factor of mean one and deviation 0.5."""
    generator = Random(seed)
    factors = [generator.gammavariate(4, 0.25) for _ in range(1_000)]
    return lambda now: rate * factors[int(now // 900) % 1_000]


def _scene(name: str, rate: Rate, skills: Mapping[str, tuple[float, float]], agents: Sequence[Agent]) -> Scene:
    generator = Random(name)
    shares = [share for share, _ in skills.values()]
    customers = []
    for asked in _arrivals(generator, rate):
        (skill,) = generator.choices(list(skills), shares)
        customers.append(_customer(generator, asked, skill, skills[skill][1]))
    return Scene(name, customers, agents, {skill: float(mean) for skill, (_, mean) in skills.items()})


def _arrivals(generator: Random, rate: Rate) -> Iterator[float]:
    """Poisson at a rate that changes, by thinning: Lewis and Shedler, Naval Research Logistics Quarterly 26 (1979)."""
    top = max(rate(60.0 * minute) for minute in range(60 * 100))
    now, made = 0.0, 0
    while made < _CUSTOMERS:
        now += generator.expovariate(top)
        if generator.random() * top < rate(now):
            made += 1
            yield now


def _customer(generator: Random, asked: float, skill: str, mean: float) -> Customer:
    square = math.log1p(_SPREAD**2)
    talk = generator.lognormvariate(math.log(mean) - square / 2, math.sqrt(square))
    if generator.random() < _FORGOTTEN:
        talk = _OVERNIGHT
    (reason,) = generator.choices(list(_SHARES), list(_SHARES.values()))
    elder = generator.random() < _ELDERS
    start = _RULES.head_start(reason, elder=elder)
    return Customer(asked, skill, elder, start, talk, generator.expovariate(1 / _PATIENCE))
