"""The value and nothing else."""

from __future__ import annotations

from evals.manner import Manner

manner = Manner(presses=0.2)
