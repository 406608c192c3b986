"""What is wrong with a flow file, and what to do about it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches


@dataclass(frozen=True, order=True)
class Mistake:
    """One mistake. `step` is where it stands: a step's name, `slots.` and a slot's, or another key of the file."""

    flow: str
    step: str
    what: str
    mend: str

    def __str__(self) -> str:
        return f"{self.flow}.yaml: {self.step}: {self.what} - {self.mend}"


def meant(name: str, known: Iterable[str], otherwise: str) -> str:
    """A question after the known name that is nearly this one, or something else to do where there is none."""
    near = get_close_matches(name, sorted(known), n=1)
    return f"did you mean {near[0]}?" if near else otherwise


def listed(names: Iterable[str]) -> str:
    """Names as they stand in a sentence."""
    return ", ".join(names)
