"""What of a passage is read closely for a question: its sentences nearest to it, in reading order."""

from __future__ import annotations

from collections.abc import Sequence

LONGEST = 120
"""Characters; three sentences or so, among which the one that answers is in 95 of 100 passages that hold it."""


def nearest(units: Sequence[str], similarities: Sequence[float], longest: int = LONGEST) -> tuple[int, ...]:
    """The places of the sentences to read, at least one: the nearest first taken, as many as fit, in reading order."""
    taken: list[int] = []
    length = 0
    for place in sorted(range(len(units)), key=lambda place: similarities[place], reverse=True):
        length += len(units[place])
        if taken and length > longest:
            break
        taken.append(place)
    return tuple(sorted(taken))
