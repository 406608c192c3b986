"""What is learnt from and what is tested on: articles apart; and the order in which pairs are learnt."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from random import Random

from training.pair import Pair

_DEV_ARTICLES = 120
_DEV_SHARE = 5
"""No more than one article in five is held out, however few there are."""
_DEV_PAIRS = 1600
_POOL = 16
"""Batches that are put together by length at once."""


@dataclass(frozen=True)
class Division:
    """Pairs to learn from, pairs of held-out articles, and the state of chance after they were drawn."""

    learning: list[Pair]
    dev: list[Pair]
    choose: Random

    def batches(self, size: int) -> Iterator[list[Pair]]:
        """Batches without end, pairs of like length together, everything once before anything comes again.

        Nothing but the seed decides them, so a run that goes on passes over as many as it has learnt.
        """
        pairs, pool = list(self.learning), _POOL * size
        while True:
            for at in range(0, max(1, len(pairs) - pool), pool):
                near = sorted(pairs[at : at + pool], key=lambda pair: pair.length)
                batches = [near[start : start + size] for start in range(0, len(near), size)]
                self.choose.shuffle(batches)
                yield from batches
            self.choose.shuffle(pairs)


def divide(pairs: Sequence[Pair], seed: int) -> Division:
    """Holds out whole articles, by their titles; raises ValueError where there are fewer than two."""
    choose = Random(seed)
    titles = sorted({pair.article for pair in pairs})
    if len(titles) < 2:
        raise ValueError("pairs of at least two articles are needed: one to learn from, one to test on")
    choose.shuffle(titles)
    held_out = set(titles[: max(1, min(_DEV_ARTICLES, len(titles) // _DEV_SHARE))])
    dev = [pair for pair in pairs if pair.article in held_out]
    learning = [pair for pair in pairs if pair.article not in held_out]
    choose.shuffle(dev)
    choose.shuffle(learning)
    return Division(learning, dev[:_DEV_PAIRS], choose)
