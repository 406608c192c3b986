"""How often somebody may come: so many times a minute, which every process counts for itself."""

from __future__ import annotations

import math
import time

from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from assistant.guard import MessageRefused


class TooFast(MessageRefused):
    """The message came too soon after others; `seconds` later it is taken."""

    def __init__(self, told: str, seconds: int) -> None:
        super().__init__(told)
        self.seconds = seconds


class Pace:
    """Lets everybody come so many times a minute, whoever else comes."""

    def __init__(self, a_minute: int) -> None:
        self._most = RateLimitItemPerMinute(a_minute)
        self._counted = MovingWindowRateLimiter(MemoryStorage())

    def wait(self, who: str) -> int:
        """Counts a coming: nothing where it may go on, else the whole seconds until it may."""
        if self._counted.hit(self._most, who):
            return 0
        free_again = self._counted.get_window_stats(self._most, who).reset_time
        return max(0, math.floor(free_again - time.time())) + 1
