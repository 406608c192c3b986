"""Manners: how a simulated customer talks, one file each in manners/, with its wordings in a file of the same name beside it."""

from __future__ import annotations

import importlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from random import Random

import yaml
from pydantic import BaseModel, ConfigDict

FOLDER = Path(__file__).parent / "manners"
_PLAIN = "plain"
_ANY = "any"


@dataclass(frozen=True)
class Manner:
    """What a customer of this manner does. Shares are from 0 to 1.

    `presses` is how often a button is pressed and not typed, `volunteers` how many facts are told unasked beside another, `doubts` how
    often a yes is none that may count, `miscopies` how often a code is first typed wrongly. Who `wavers` leaves for something else and
    says no before the yes. A question is answered `patience` times, then a person is asked for.
    """

    presses: float = 0.4
    volunteers: int = 0
    doubts: float = 0
    miscopies: float = 0
    wavers: bool = False
    patience: int = 4

    def typed(self, text: str, exact: Sequence[str], random: Random) -> str:
        """How a text comes out of this customer's fingers; `exact` are values in it of which every character counts."""
        del exact, random
        return text


class Stock(BaseModel):
    """Wordings: what is said in a situation; how a value is told when its slot is asked for, and when it is not; `whole` are the slots
    that keep all that is said, so that nothing is said around their values. `about` tells a model how this customer talks.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    language: str = "zh"
    about: str
    says: Mapping[str, tuple[str, ...]] = {}
    answers: Mapping[str, tuple[str, ...]] = {}
    named: Mapping[str, tuple[str, ...]] = {}
    whole: frozenset[str] = frozenset()
    mistakes: Mapping[str, tuple[str, ...]] = {}

    def answer(self, slot: str) -> Sequence[str]:
        """The wordings of an answer to the question for this slot."""
        return ("{value}",) if slot in self.whole else self.answers.get(slot) or self.answers[_ANY]

    def telling(self, slot: str) -> Sequence[str]:
        """The wordings in which a value is told where its slot is not being asked for."""
        return ("{value}",) if slot in self.whole else self.named.get(slot) or self.named[_ANY]


@cache
def manner(name: str) -> Manner:
    """The manner of this name."""
    found: Manner = importlib.import_module(f"evals.manners.{name}").manner
    return found


@cache
def stock(name: str) -> Stock:
    """The wordings of a manner; where it has none of its own, those of who talks plainly, in its language."""
    own = _read(name)
    if name == _PLAIN or own.language != _read(_PLAIN).language:
        return own
    plain = _read(_PLAIN)
    # An answer in a manner of its own goes before one that is plain, though that be for the very slot.
    answers = own.answers if _ANY in own.answers else {**plain.answers, **own.answers}
    return own.model_copy(
        update={
            "says": {**plain.says, **own.says},
            "answers": answers,
            "named": {**plain.named, **own.named},
            "whole": plain.whole | own.whole,
        }
    )


def names() -> list[str]:
    """The names of all manners."""
    return sorted(path.stem for path in FOLDER.glob("[a-z]*.py"))


def _read(name: str) -> Stock:
    return Stock.model_validate(yaml.safe_load((FOLDER / f"{name}.yaml").read_text(encoding="utf-8")))
