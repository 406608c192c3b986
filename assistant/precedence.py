"""Who is served next: the order among customers who wait for a person."""

from __future__ import annotations

from datetime import datetime


def rank(asked_at: datetime, head_start_seconds: int) -> float:
    """The place in the order, in seconds since 1970: when a person was asked for, less the head start; the smallest is served first.

    It is fixed when the ticket is made, so an index can hold it. Nobody is overtaken by one who asked later by more than the largest
    head start given. `asked_at` knows its time zone. Jackson's dynamic priority with urgency numbers: J. R. Jackson, "Some problems in
    queueing with dynamic priorities", Naval Research Logistics Quarterly 7 (1960).
    """
    if asked_at.tzinfo is None:
        raise ValueError("asked_at needs its time zone: a time of day alone would be read as the machine's.")
    return asked_at.timestamp() - head_start_seconds
