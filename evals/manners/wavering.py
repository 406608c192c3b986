"""Leaves for something else, comes back, says no, and wants it after all."""

from __future__ import annotations

from evals.manner import Manner

manner = Manner(presses=0.3, wavers=True)
