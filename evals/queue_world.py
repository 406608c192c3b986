"""A bank's queue for a person, event by event: who asks, who serves, who gives up, and what was foretold to each on joining."""

from __future__ import annotations

import heapq
import math
from bisect import bisect_left, insort
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial

from assistant.precedence import rank
from assistant.waiting import Desk, Wait

_BEGIN = datetime(2026, 11, 23, tzinfo=UTC)
_KEPT = 200
_HOUR = 3600.0


@dataclass(frozen=True)
class Customer:
    """One who asks for a person: when, for which skill, how long the talk takes and when patience ends, all in seconds."""

    asked: float
    skill: str
    elder: bool
    head_start: int
    talk: float
    patience: float


@dataclass(frozen=True)
class Agent:
    """One who serves: skills, how many conversations at a time, and when there, as (from, to) in seconds."""

    skills: frozenset[str]
    slots: int
    there: tuple[tuple[float, float], ...]


@dataclass(frozen=True)
class Scene:
    """A play: its customers by arrival, its agents, and how long a talk of each skill was expected to take, in seconds."""

    name: str
    customers: Sequence[Customer]
    agents: Sequence[Agent]
    expected: Mapping[str, float]


@dataclass(frozen=True)
class View:
    """What the service can know when a ticket joins; times in seconds, `served` as (when, wait had) of that skill, oldest first."""

    now: float
    rank: float
    skill: str
    waiting: Mapping[str, Sequence[float]]
    desks: Sequence[Desk]
    measured: Mapping[str, Sequence[float]]
    expected: Mapping[str, float]
    served: Sequence[tuple[float, float]]


@dataclass(frozen=True)
class Foretold:
    """What was foretold on joining, in seconds: the range, the last wait that ended (LES), the mean of the last hour's waits."""

    wait: Wait | None
    last: float
    hour: float


@dataclass(frozen=True)
class Had:
    """A customer's wait in seconds, or what it would have been where patience ended; what was foretold on joining.

    `overtaken`: by how many seconds at most one asked later who was served before.
    """

    customer: Customer
    foretold: Foretold
    wait: float
    gave_up: bool
    overtaken: float


def play(scene: Scene, foretell: Callable[[View], Foretold]) -> list[Had]:
    """Plays the scene to its end; customers who were reached, by arrival."""
    return _Play(scene, foretell).run()


@dataclass
class _Seat:
    agent: Agent
    there: bool = False
    talks: dict[int, float] = field(default_factory=dict)

    @property
    def free(self) -> bool:
        return self.there and len(self.talks) < self.agent.slots

    @property
    def load(self) -> tuple[float, int]:
        return len(self.talks) / self.agent.slots, len(self.agent.skills)


class _Play:
    def __init__(self, scene: Scene, foretell: Callable[[View], Foretold]) -> None:
        self._scene, self._foretell = scene, foretell
        self._now = 0.0
        self._events: list[tuple[float, int, Callable[[], None]]] = []
        self._count = 0
        self._seats = [_Seat(agent) for agent in scene.agents]
        self._waiting: dict[str, list[tuple[float, int]]] = {skill: [] for skill in scene.expected}
        self._gone: dict[str, list[tuple[float, int]]] = {skill: [] for skill in scene.expected}
        self._measured: dict[str, deque[float]] = {skill: deque(maxlen=_KEPT) for skill in scene.expected}
        self._served: dict[str, deque[tuple[float, float]]] = {skill: deque() for skill in scene.expected}
        self._foretold: dict[int, Foretold] = {}
        self._waits: dict[int, tuple[float, bool]] = {}
        self._overtaken: dict[int, float] = {}

    def run(self) -> list[Had]:
        for seat in self._seats:
            for begin, end in seat.agent.there:
                self._at(begin, partial(self._comes, seat))
                if end < math.inf:
                    self._at(end, partial(self._goes, seat))
        for number, customer in enumerate(self._scene.customers):
            self._at(customer.asked, partial(self._joins, number))
        while self._events:
            self._now, _, happens = heapq.heappop(self._events)
            happens()
            self._serve()
        return [self._had(number) for number in sorted(self._waits)]

    def _had(self, number: int) -> Had:
        wait, gave_up = self._waits[number]
        overtaken = self._overtaken.get(number, 0.0)
        return Had(self._scene.customers[number], self._foretold[number], wait, gave_up, overtaken)

    def _at(self, when: float, happens: Callable[[], None]) -> None:
        self._count += 1
        heapq.heappush(self._events, (when, self._count, happens))

    def _comes(self, seat: _Seat) -> None:
        seat.there = True

    def _goes(self, seat: _Seat) -> None:
        seat.there = False

    def _joins(self, number: int) -> None:
        customer = self._scene.customers[number]
        key = rank(_BEGIN + timedelta(seconds=customer.asked), customer.head_start)
        self._foretold[number] = self._foretell(self._view(key, customer.skill))
        insort(self._waiting[customer.skill], (key, number))
        self._at(self._now + customer.patience, partial(self._gives_up, customer.skill, (key, number)))

    def _view(self, key: float, skill: str) -> View:
        served = self._served[skill]
        while len(served) > 1 and served[0][0] < self._now - _HOUR:
            served.popleft()
        desks = [
            Desk(seat.agent.skills, seat.agent.slots, tuple(self._now - began for began in seat.talks.values()))
            for seat in self._seats
            if seat.there
        ]
        waiting = {name: [place for place, _ in line] for name, line in self._waiting.items()}
        return View(self._now, key, skill, waiting, desks, self._measured, self._scene.expected, served)

    def _gives_up(self, skill: str, ticket: tuple[float, int]) -> None:
        line = self._waiting[skill]
        place = bisect_left(line, ticket)
        if place < len(line) and line[place] == ticket:
            insort(self._gone[skill], line.pop(place))

    def _serve(self) -> None:
        while takers := [(seat, best) for seat in self._seats if seat.free and (best := self._best(seat))]:
            seat, ticket = min(takers, key=lambda taker: taker[0].load)
            self._reach_gone(seat, ticket[0])
            self._begin(seat, ticket)
        for seat in self._seats:
            if seat.free:
                self._reach_gone(seat, math.inf)

    def _best(self, seat: _Seat) -> tuple[float, int] | None:
        return min((line[0] for skill in seat.agent.skills if (line := self._waiting[skill])), default=None)

    def _begin(self, seat: _Seat, ticket: tuple[float, int]) -> None:
        number = ticket[1]
        customer = self._scene.customers[number]
        self._waiting[customer.skill].remove(ticket)
        for _, other in self._waiting[customer.skill]:
            later = customer.asked - self._scene.customers[other].asked
            self._overtaken[other] = max(later, self._overtaken.get(other, 0.0))
        self._waits[number] = self._now - customer.asked, False
        self._served[customer.skill].append((self._now, self._now - customer.asked))
        seat.talks[number] = self._now
        self._at(self._now + customer.talk, partial(self._ends, seat, number))

    def _ends(self, seat: _Seat, number: int) -> None:
        del seat.talks[number]
        customer = self._scene.customers[number]
        self._measured[customer.skill].append(customer.talk)

    def _reach_gone(self, seat: _Seat, before: float) -> None:
        """Who gave up would have been served here: that is the wait that would have been had."""
        for skill in sorted(seat.agent.skills):
            line = self._gone[skill]
            while line and line[0][0] < before:
                _, number = line.pop(0)
                self._waits[number] = self._now - self._scene.customers[number].asked, True
