"""One call of a model as it goes on: what was heard, when, and what is kept of it."""

from __future__ import annotations

import math
import re
import time
from collections.abc import Mapping

from assistant.llm import Asked, Failure, ModelFailed
from assistant.model_event import ModelAsked

LONGEST = 8_000
"""Characters; no answer of a bank's assistant is longer, and what is longer has run away."""
_WIDE = re.compile("[\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\uff00-\uffef]")
_TOKENS_WIDE, _TOKENS_NARROW = 0.7, 0.3


class Call:
    """What is known of a call. Times are of time.monotonic."""

    def __init__(self, asked: Asked, model: str, until: float, silence: float) -> None:
        self.model = model
        self.until = until
        self.sent = False
        self.usage: tuple[int, int] | None = None
        """Tokens read and written, as the server counted them."""
        self._asked = asked
        self._silence = silence
        self._began = self._heard_at = time.monotonic()
        self._first_at: float | None = None
        self._written: list[str] = []
        self._length = 0

    @property
    def is_heard(self) -> bool:
        """Whether a word has come."""
        return self._first_at is not None

    def patience(self) -> float:
        """Seconds for which the next word may be waited for; raises ModelFailed where they are over."""
        now = time.monotonic()
        left = min(self.until, self._heard_at + self._silence) - now
        if left <= 0:
            raise self.too_late()
        return left

    def too_late(self) -> ModelFailed:
        """What it is called when nothing has come in time."""
        if self.is_over:
            return ModelFailed(Failure.OUT_OF_TIME)
        return ModelFailed(Failure.STALLED if self.is_heard else Failure.SLOW)

    def hear(self, piece: str) -> None:
        """Words have come; raises ModelFailed where they have become too many."""
        self.resume()
        if self._first_at is None:
            self._first_at = self._heard_at
        self._written.append(piece)
        self._length += len(piece)
        if self._length > LONGEST:
            raise ModelFailed(Failure.OVERLONG)

    @property
    def is_over(self) -> bool:
        """Whether the time for it is up."""
        # A timer may wake a little before its time.
        return self.until - time.monotonic() <= 0.01

    def resume(self) -> None:
        """The model is waited for from now on; what the listener took for itself is not held against it."""
        self._heard_at = time.monotonic()

    def note(self, prices: Mapping[str, tuple[float, float]], failure: Failure | None) -> ModelAsked:
        """What is kept; `prices` of a million tokens, read and written, by model."""
        read, written = self.usage or self._estimated()
        price_read, price_written = prices.get(self.model, (0.0, 0.0))
        cost = (read * price_read + written * price_written) / 1_000_000
        first = None if self._first_at is None else _ms(self._first_at - self._began)
        total = _ms(time.monotonic() - self._began)
        return ModelAsked(self._asked.prompt, self.model, read, written, cost, first, total, failure and failure.value)

    def _estimated(self) -> tuple[int, int]:
        if not self.sent:
            return 0, 0
        return tokens(self._asked.system) + tokens(self._asked.user), tokens("".join(self._written))


def tokens(text: str) -> int:
    """About how many tokens a text has: 0.7 for each Chinese, Japanese or Korean character, 0.3 for each other one.

    Rates between those that makers of Chinese and Western models give for theirs, on the high side.
    """
    wide = len(_WIDE.findall(text))
    return math.ceil(_TOKENS_WIDE * wide + _TOKENS_NARROW * (len(text) - wide))


def _ms(seconds: float) -> float:
    return round(seconds * 1000, 1)
