"""Bank operations as guided tasks see them: what they need, how they may end, and what they then know."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache


@dataclass(frozen=True)
class Query:
    """Something read from the bank. Outcomes are a closed set; `fills` are the slots that it fills, by outcome."""

    inputs: tuple[str, ...]
    outcomes: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True)
class Operation:
    """Something done at the bank, in two phases: prepared and read back, then committed with a key, once.

    Preparing ends in `ready`, which fills `readback`, or in one of `refusals`. Committing ends in `done`, which fills
    `receipt` and whatever `results` names, or in `not_done` where the prepared operation expired or no longer holds.
    """

    inputs: tuple[str, ...]
    readback: tuple[str, ...]
    refusals: tuple[str, ...]
    results: tuple[str, ...] = ()

    @property
    def prepare(self) -> Query:
        """The first phase: it changes nothing."""
        return Query(self.inputs, {"ready": self.readback, **dict.fromkeys(self.refusals, ())})

    @property
    def commit(self) -> Query:
        """The second phase."""
        return Query((), {"done": ("receipt", *self.results), "not_done": ()})


@cache
def actions() -> Mapping[str, Query | Operation]:
    """Every action by its name, which is its module's."""
    from assistant import actions as members

    found = pkgutil.iter_modules(members.__path__)
    return {entry.name: importlib.import_module(f"assistant.actions.{entry.name}").action for entry in found}
