"""What staff call levels and kinds of products, and what tells that a question is about something else: sales_words.yaml."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path

import yaml

from assistant.part import Part
from assistant.product import Kind

_SEVERAL = 2


class SalesVocabulary(Part):
    """sales_words.yaml; its words are regular expressions over folded text."""

    levels: Mapping[int, str]
    kinds: Mapping[Kind, str]
    beside: Mapping[Kind, tuple[Kind, ...]]
    only_asked: frozenset[Kind]
    never: str
    ordinary: tuple[str, ...]

    def is_ordinary(self, text: str, facts: int) -> bool:
        """Whether a folded question that tells so many facts of a customer is about rules or pay, not about what to sell."""
        return bool(re.search(self.never, text) or (facts < _SEVERAL and re.search("|".join(self.ordinary), text)))

    def kinds_named(self, text: str) -> frozenset[Kind]:
        """The kinds that a folded text speaks of."""
        return frozenset(kind for kind, pattern in self.kinds.items() if re.search(pattern, text))

    def meant_by(self, kinds: Iterable[Kind]) -> tuple[Kind, ...]:
        """These kinds with those that go with them."""
        return tuple(dict.fromkeys(meant for kind in kinds for meant in (kind, *self.beside.get(kind, ()))))


@cache
def load() -> SalesVocabulary:
    """The vocabulary that ships; raises ValidationError for a file that is wrong."""
    path = Path(__file__).with_name("sales_words.yaml")
    return SalesVocabulary.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
