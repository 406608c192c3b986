"""What is counted for Prometheus."""

from __future__ import annotations

from prometheus_client import Counter, Histogram

from assistant.reply import Turn

_TURNS = Counter("teller_turns_total", "Turns by outcome", ["outcome"])
_SECONDS = Histogram(
    "teller_turn_seconds", "Time from message to reply", buckets=(0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10)
)


def count(turn: Turn) -> None:
    """Counts a turn."""
    _TURNS.labels(turn.outcome.value).inc()
    _SECONDS.observe(turn.milliseconds.total / 1000)
