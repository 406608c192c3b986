"""What of a passage is read closely for a question: its sentences nearest to it, in reading order."""

from __future__ import annotations

from collections.abc import Sequence

from knowledge_base.cross_encoder import Excerpt
from knowledge_base.passage import Hit, Kind
from knowledge_base.text import simplify

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


def places(hit: Hit) -> tuple[int, ...]:
    """Which units of a hit are read; of a question with its answer the two together, which is its last unit."""
    if hit.passage.kind is Kind.FAQ:
        return (len(hit.passage.units) - 1,)
    return nearest(hit.passage.units, hit.similarities)


def of(hit: Hit) -> Excerpt:
    """The excerpt of a hit, under its document's title and the nearest heading."""
    sentences = tuple(simplify(hit.passage.units[place]) for place in places(hit))
    if hit.passage.kind is Kind.FAQ:
        return Excerpt("", sentences)
    heading, title = hit.passage.section.rpartition(" > ")[2], hit.document.title
    return Excerpt(simplify(title if not heading or heading in title else f"{title} {heading}"), sentences)
