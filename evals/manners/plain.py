"""Says what is asked for in a short sentence, and presses a button as often as not."""

from __future__ import annotations

from evals.manner import Manner

manner = Manner()
