"""A reply that is heard while it is being made."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from assistant.llm import Allowance


class Live:
    """Passes on what is said of a turn's reply before the turn is over: whole sentences, the beginning of the reply.

    A turn that has to be made once more is not heard again: the reply as stored, which comes at the end, holds. `gone` is set
    by who listened and does so no longer, so that nothing is written for nobody.
    """

    def __init__(self, hear: Callable[[str], None]) -> None:
        self._hear = hear
        self._muted = False
        self.said = ""
        self.gone = False

    def say(self, text: str) -> None:
        """Passes on the next words."""
        if text and not self._muted and not self.gone:
            self.said += text
            self._hear(text)

    def start_over(self) -> None:
        """The turn is made once more."""
        self._muted = bool(self.said)


@dataclass(frozen=True)
class Speech:
    """How a reply comes to be: what may be spent on models, who hears it meanwhile, if anyone, and what stands before it."""

    allowance: Allowance
    live: Live | None = None
    lead: str = ""

    @property
    def is_unheard(self) -> bool:
        """Whether somebody listened, and does no longer."""
        return self.live is not None and self.live.gone

    def begun_with(self, lead: str) -> Speech:
        """The same, with this said before the first words."""
        return replace(self, lead=self.lead + lead)

    def unheard(self) -> Speech:
        """The same, heard by nobody before it is whole."""
        return replace(self, live=None)

    def say(self, text: str, *, first: bool) -> None:
        """Passes on the next words."""
        if self.live and text:
            self.live.say((self.lead if first else "") + text)
