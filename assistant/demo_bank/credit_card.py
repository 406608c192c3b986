"""The bank's ten credit cards, as the file beside this module lists them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from assistant.demo_bank import shown

_FILE = Path(__file__).with_name("credit_cards.yaml")
LOST_FEE, REPLACEMENT_FEE = 50, 15
"""Yuan, of every card that has no fee of its own."""


@dataclass(frozen=True)
class CreditCard:
    """A product; `name` is what customers' records call it, amounts are yuan."""

    name: str
    about: Mapping[str, Any]

    @property
    def id(self) -> str:
        """Such as platinum."""
        return str(self.about["id"])

    @property
    def ages(self) -> tuple[int, int]:
        """The youngest and the oldest who may apply."""
        youngest, oldest = self.about["ages"]
        return youngest, oldest

    @property
    def income(self) -> int:
        """The least annual income."""
        return int(self.about["income"])

    @property
    def lost_fee(self) -> int:
        """What reporting it lost costs."""
        return int(self.about.get("lost_fee", LOST_FEE))

    @property
    def replacement_fee(self) -> int:
        """What a new one after a loss costs."""
        return int(self.about.get("replacement_fee", REPLACEMENT_FEE))

    def label(self, locale: str) -> str:
        """The name in the customer's language."""
        return shown.choose(locale, self.name, self.about["en"])

    def told(self, field: str, locale: str) -> str:
        """A text of the file in the customer's language; empty where it has none."""
        text = self.about.get(field, {"zh": "", "en": ""})
        return shown.choose(locale, text["zh"], text["en"])

    def fee(self, locale: str) -> str:
        """The annual fee with what waives it."""
        yearly = shown.money(self.about["fee"] * 100, locale)
        waiver = self.told("waiver", locale)
        return shown.choose(locale, f"年费{yearly}，{waiver}", f"annual fee {yearly}, {waiver}")


@cache
def all_cards() -> tuple[CreditCard, ...]:
    """The ten, in the bank's order."""
    read = yaml.safe_load(_FILE.read_text(encoding="utf-8"))
    return tuple(CreditCard(name, about) for name, about in read.items())


def by_name(name: str) -> CreditCard | None:
    """The card that records call so."""
    return next((card for card in all_cards() if card.name == name), None)


def by_id(id_: str) -> CreditCard | None:
    """The card with this id."""
    return next((card for card in all_cards() if card.id == id_), None)


def label(name: str, locale: str) -> str:
    """A product's name in the customer's language; one that is none of the ten stays as it is."""
    card = by_name(name)
    return card.label(locale) if card else name
