"""Wants it done now, and a person when asked the same thing over again."""

from __future__ import annotations

from evals.manner import Manner

manner = Manner(presses=0.6, patience=2)
