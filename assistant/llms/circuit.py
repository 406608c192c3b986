"""A server that keeps failing is left in peace for a while, so that turns do not wait for it."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

FAILURES = 3
"""So many in a row open the circuit."""
FIRST_PAUSE, LONGEST_PAUSE = 5.0, 120.0
"""Seconds; doubled by every trial that fails."""


class Ended(Enum):
    """How a call ended, as far as its server goes."""

    WELL = "well"
    BADLY = "badly"
    UNTOLD = "untold"
    """It was given up before the server's state showed."""


@dataclass(frozen=True)
class Pass:
    """Leave to make one call, given back with `Circuit.leave`."""

    is_trial: bool


class Circuit:
    """Closed: calls go through. Open: none do, until a pause is over. Then half open: one at a time, and how it ends decides.

    `clock` gives seconds that only grow; `jitter` a factor for each pause, so that many processes do not try at once.
    """

    def __init__(
        self,
        clock: Callable[[], float] = time.monotonic,
        jitter: Callable[[], float] = lambda: random.uniform(0.75, 1.25),  # noqa: S311 - no secret
    ) -> None:
        self._clock = clock
        self._jitter = jitter
        self._lock = threading.Lock()
        self._failures = 0
        self._pause = FIRST_PAUSE
        self._opens_at: float | None = None
        self._on_trial = False

    def enter(self) -> Pass | None:
        """Leave to call; None where the server is resting."""
        with self._lock:
            if self._opens_at is None:
                return Pass(is_trial=False)
            if self._on_trial or self._clock() < self._opens_at:
                return None
            self._on_trial = True
            return Pass(is_trial=True)

    def leave(self, held: Pass, ended: Ended) -> bool:
        """Takes note of how a call ended; True where that opened or closed the circuit."""
        with self._lock:
            return self._tried(ended) if held.is_trial else self._counted(ended)

    @property
    def is_open(self) -> bool:
        """Whether calls are being kept from the server."""
        with self._lock:
            return self._opens_at is not None

    def _tried(self, ended: Ended) -> bool:
        self._on_trial = False
        if ended is Ended.WELL:
            self._failures, self._pause, self._opens_at = 0, FIRST_PAUSE, None
        elif ended is Ended.BADLY:
            self._pause = min(2 * self._pause, LONGEST_PAUSE)
            self._opens_at = self._clock() + self._pause * self._jitter()
        return ended is Ended.WELL

    def _counted(self, ended: Ended) -> bool:
        # Calls that began before it opened say nothing new about it.
        if self._opens_at is not None or ended is Ended.UNTOLD:
            return False
        self._failures = 0 if ended is Ended.WELL else self._failures + 1
        if self._failures < FAILURES:
            return False
        self._opens_at = self._clock() + self._pause * self._jitter()
        return True
