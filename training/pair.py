"""A pair of a question and an excerpt, which a judge of evidence learns from, and the file that pairs are kept in."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

from knowledge_base.cross_encoder import Excerpt


@dataclass(frozen=True)
class Pair:
    """A question and an excerpt. `answer` stands in the excerpt where it answers and is empty where it does not.

    `made` says how the pair came about, and `article` is the title that it is taken from, by which learning and testing
    are apart.
    """

    question: str
    excerpt: Excerpt
    answer: str
    made: str
    article: str

    @property
    def length(self) -> int:
        """Characters to read, by which pairs are put together so that little is padded."""
        return len(self.question) + len(self.excerpt.body)


class WrongPairs(Exception):
    """A file that is no file of pairs; the message says which line."""


def save(pairs: Iterable[Pair], path: Path) -> None:
    """Writes pairs as JSON Lines."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8") as file:
        file.writelines(json.dumps(asdict(pair), ensure_ascii=False) + "\n" for pair in pairs)


def load(path: Path) -> list[Pair]:
    """The pairs of a file; raises WrongPairs."""
    pairs = []
    with path.open(encoding="utf-8") as file:
        for number, line in enumerate(file, 1):
            try:
                row = json.loads(line)
                excerpt = Excerpt(row["excerpt"]["heading"], tuple(row["excerpt"]["sentences"]))
                pairs.append(Pair(row["question"], excerpt, row["answer"], row["made"], row["article"]))
            except (ValueError, KeyError, TypeError) as error:
                raise WrongPairs(f"{path}, line {number}: not a pair; run `python -m training prepare`.") from error
    return pairs
