"""How a run learns."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Heads = Literal["both", "score", "pointer"]


@dataclass(frozen=True)
class Options:
    """`steps` of `batch` pairs each; `rate` is the highest learning rate, `rank` the adapters', and `heads` what learns.

    Every `save_every` steps a run is saved, every `measure_every` steps it is measured, and at the end both.
    """

    steps: int = 1200
    batch: int = 32
    rate: float = 8e-4
    rank: int = 16
    seed: int = 1
    heads: Heads = "both"
    save_every: int = 50
    measure_every: int = 200
