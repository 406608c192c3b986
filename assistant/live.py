"""A reply that is heard while it is being made."""

from __future__ import annotations

from collections.abc import Callable


class Live:
    """Passes on what is said of a turn's reply before the turn is over: whole sentences, the beginning of the reply.

    A turn that has to be made once more is not heard again: the reply as stored, which comes at the end, holds. `gone` once
    nobody listens any more: what is being written may be cut short, and the turn is stored all the same.
    """

    def __init__(self, hear: Callable[[str], None]) -> None:
        self._hear = hear
        self.said = ""
        self.gone = False
        self._muted = False

    def say(self, text: str) -> None:
        """Passes on the next words."""
        if not self._muted and text:
            self.said += text
            self._hear(text)

    def start_over(self) -> None:
        """The turn is made once more."""
        self._muted = bool(self.said)
