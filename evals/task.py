"""One playing that is to be done."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Task:
    """A case, by its place in its suite, for the so-manieth time."""

    suite: str
    place: int
    trial: int
