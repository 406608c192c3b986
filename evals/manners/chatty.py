"""Says much around it, and several facts at once."""

from __future__ import annotations

from evals.manner import Manner

manner = Manner(presses=0.1, volunteers=2, doubts=0.3)
