"""Wordy, polite and unsure, in the words of the old."""

from __future__ import annotations

from evals.manner import Manner

manner = Manner(presses=0.1, doubts=0.5, miscopies=0.3)
