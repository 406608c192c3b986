"""What a guided task needs to know, by kind: how it is found in a message, checked, and shown again."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Protocol

from assistant.seal import Sealed


@dataclass(frozen=True)
class Option:
    """One of the answers to choose from; `also` are other names that people have for it."""

    id: str
    label: str
    also: tuple[str, ...] = ()


@dataclass(frozen=True)
class Asked:
    """What a message may be an answer to: `open` where the slot is the one just asked for."""

    open: bool
    today: date
    locale: str = "zh-CN"
    options: tuple[Option, ...] = ()


@dataclass(frozen=True)
class Filled:
    """A value in its canonical form, and as it is shown: covered where it is personal."""

    value: Sealed
    shown: Sealed


@dataclass(frozen=True)
class Rejected:
    """The message holds an attempt at a value that cannot be taken; `reason` names the sentence that says why."""

    reason: str


Found = Filled | Rejected | None


class Kind(Protocol):
    """One kind of slot: a module of `assistant/slots/`."""

    def find(self, text: str, asked: Asked) -> Found:
        """The value in a message, why an attempt at one cannot be taken, or nothing where the message holds none.

        `text` is cleaned (NFKC). A slot that is not open is filled only by what cannot be taken for anything else.
        """
        ...


@cache
def kinds() -> Mapping[str, Kind]:
    """Every kind by its name, which is its module's."""
    from assistant import slots

    found = pkgutil.iter_modules(slots.__path__)
    return {entry.name: importlib.import_module(f"assistant.slots.{entry.name}") for entry in found}
