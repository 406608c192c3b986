"""Pairs as the network reads them: tokens of the question and the excerpt, and which of them are the answer's."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from tokenizers import Tokenizer

from training.pair import Pair

_LONGEST = 320
"""Tokens; what is longer loses the end of its excerpt."""


@dataclass(frozen=True)
class Batch:
    """Pairs side by side; every tensor but the last is of shape (pairs, tokens) and of whole numbers.

    `excerpt` marks the excerpt's tokens, `answer` those of the answer; `answered`, of shape (pairs,), is 1.0 or 0.0.
    """

    ids: torch.Tensor
    mask: torch.Tensor
    excerpt: torch.Tensor
    answer: torch.Tensor
    answered: torch.Tensor

    def to(self, device: torch.device) -> Batch:
        """The same on a device."""
        parts = (self.ids, self.mask, self.excerpt, self.answer, self.answered)
        return Batch(*(part.to(device) for part in parts))


class Encoder:
    """Encodes pairs with the tokenizer of the bundled model's folder."""

    def __init__(self, folder: Path) -> None:
        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokenizer.enable_truncation(_LONGEST, strategy="only_second")
        self._tokenizer.no_padding()
        self._pad = self._tokenizer.token_to_id("<pad>")

    def batch(self, pairs: Sequence[Pair]) -> Batch:
        """The pairs as tensors, padded to the longest."""
        rows = [self._row(pair) for pair in pairs]
        fill = (self._pad, 0, 0, 0)
        width = max(len(row[0]) for row in rows)
        ids, mask, excerpt, answer = (
            torch.tensor([part + [value] * (width - len(part)) for part in column])
            for column, value in zip(zip(*rows, strict=True), fill, strict=True)
        )
        answered = torch.tensor([float(bool(pair.answer)) for pair in pairs])
        return Batch(ids, mask, excerpt, answer, answered)

    def _row(self, pair: Pair) -> tuple[list[int], list[int], list[int], list[int]]:
        """Ids, mask, marks of the excerpt and marks of the answer."""
        text = pair.excerpt.text
        encoded = self._tokenizer.encode(pair.question, text)
        start = text.find(pair.answer, len(pair.excerpt.lead)) if pair.answer else len(text)
        end = start + len(pair.answer)
        excerpt = [int(sequence == 1) for sequence in encoded.sequence_ids]
        answer = [
            int(bool(mark) and begins < end and ends > start)
            for (begins, ends), mark in zip(encoded.offsets, excerpt, strict=True)
        ]
        return encoded.ids, [1] * len(encoded.ids), excerpt, answer if pair.answer else [0] * len(answer)
