"""Documents whose text gives an assistant orders of its own: they are taken in as what they are, text, and told of."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from ingest.split_document import SplitDocument
from knowledge_base import injection

_SHOWN = 60


@dataclass(frozen=True)
class GivenOrders:
    """A file in which such orders stand, what the first is after, and the beginning of its passage."""

    path: str
    after: str
    passage: str


def find(documents: Iterable[SplitDocument]) -> GivenOrders | None:
    """The first passage that gives orders, if one does."""
    for document in documents:
        for passage in document.passages:
            after = injection.find(passage.text)
            if after:
                return GivenOrders(document.holding.document.path, after, passage.text[:_SHOWN])
    return None
