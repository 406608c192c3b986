"""The port to language models: what is asked, what comes back, and the ways in which it may fail."""

from __future__ import annotations

import time
from collections.abc import Generator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol, TypeVar

from pydantic import BaseModel

from assistant.cloak import Cloak
from assistant.model_event import ModelAsked

Shape = TypeVar("Shape", bound=BaseModel)


class Size(StrEnum):
    """Which model is asked: a large one words what people read, a small one interprets."""

    LARGE = "large"
    SMALL = "small"


class Failure(StrEnum):
    """Why a model gave nothing usable."""

    UNREACHABLE = "unreachable"
    WRONG_KEY = "wrong_key"
    UNKNOWN_MODEL = "unknown_model"
    TOO_LONG = "too_long"
    REFUSED = "refused"
    RATE_LIMITED = "rate_limited"
    SERVER_ERROR = "server_error"
    SLOW = "slow"
    STALLED = "stalled"
    BROKEN_OFF = "broken_off"
    UNREADABLE = "unreadable"
    OTHER_SHAPE = "other_shape"
    OVERLONG = "overlong"
    BUSY = "busy"
    RESTING = "resting"
    OUT_OF_TIME = "out_of_time"


class ModelFailed(Exception):
    """The model gave nothing usable."""

    def __init__(self, failure: Failure, detail: str = "") -> None:
        super().__init__(f"{failure.value}: {detail}" if detail else failure.value)
        self.failure = failure


@dataclass(frozen=True)
class Asked:
    """A rendered prompt: its label, the size of model that it is for, its two texts, and the cloak that covers what is in them."""

    prompt: str
    size: Size
    system: str
    user: str
    cloak: Cloak


@dataclass
class Allowance:
    """How long a turn may spend with models (`until`, of time.monotonic), and what it asked of them so far."""

    until: float
    asked: list[ModelAsked] = field(default_factory=list)

    @property
    def left(self) -> float:
        """Seconds that are left; 0 when the time is up."""
        return max(0.0, self.until - time.monotonic())


class LLM(Protocol):
    """A language model, or several in order of preference. What is asked is noted in the allowance, however it ends."""

    def stream(self, asked: Asked, allowance: Allowance) -> Generator[str, None, None]:
        """The answer piece by piece, tokens of the cloak still in it; closing it ends the call at its server.

        Raises ModelFailed, at the start or midway.
        """
        ...

    def fill(self, asked: Asked, shape: type[Shape], allowance: Allowance) -> Shape:
        """An answer of this shape, its texts uncovered; raises ModelFailed."""
        ...

    def resting(self) -> Mapping[str, bool]:
        """The servers by name, each with whether calls are being kept from it after failures."""
        ...

    def close(self) -> None:
        """Gives all connections back."""
        ...
