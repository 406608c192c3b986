"""Whether the passages say a sentence of a model's: its figures, at least."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from assistant import guard
from assistant.reply import Citation
from knowledge_base.lexicon import Lexicon


class Fault(StrEnum):
    """Why a sentence is not sent."""

    FIGURE = "figure"
    UNSUPPORTED = "unsupported"

    @property
    def is_grave(self) -> bool:
        """Whether something is missing without it."""
        return True


@dataclass(frozen=True)
class Checked:
    """A sentence as it may be sent, or why it may not."""

    text: str | None
    cited: tuple[int, ...]
    faults: tuple[Fault, ...]


class Grounding:
    """Holds sentences to their sources."""

    def __init__(self, question: str, sources: Sequence[Citation], names: Lexicon) -> None:
        self._question, self._sources, self._names = question, sources, names

    def check(self, sentence: str) -> Checked:
        """The sentence, checked."""
        bare = re.sub(r"\[[0-9]+\]", "", sentence).strip()
        cited = tuple(int(n) for n in re.findall(r"\[([0-9]+)\]", sentence))
        bad = guard.unsupported_figures(bare.replace(",", ""), [one.text for one in self._sources])
        return (
            Checked(None, (), (Fault.FIGURE,)) if bad else Checked(bare + "".join(f" [{n}]" for n in cited), cited, ())
        )
