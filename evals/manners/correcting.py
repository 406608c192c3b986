"""Takes back what was said first: at once, or only when it is read back."""

from __future__ import annotations

from evals.manner import Manner

manner = Manner(presses=0.2)
