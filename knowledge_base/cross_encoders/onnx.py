"""A cross-encoder with a pointer, run by onnxruntime from the int8 file beside it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from tokenizers import Encoding, Tokenizer

from knowledge_base.cross_encoder import Excerpt, Reading
from knowledge_base.onnx_session import ONNX_FILE, OnnxSession

MAX_TOKENS = 320
_ALONE = 1
"""Tokens a run, so that each excerpt is read alone: eight-bit scales are taken from all that is run together, and what stands
beside an excerpt would change what is made of it.
"""
_FAR = 30
"""Logits are kept within so far of nothing, which is also that of an excerpt without a token."""


class OnnxCrossEncoder:
    """Reads excerpts with the bundled judge: a logit that the excerpt answers, and one for each token that the answer is there.

    The score is the sum of both heads' logits: the first token's, and the log of the tokens' odds together.
    """

    def __init__(self, folder: Path) -> None:
        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        # Of a question that is longer than half of all that is read, the end goes too.
        self._tokenizer.enable_truncation(MAX_TOKENS, strategy="longest_first")
        self._tokenizer.no_padding()
        self._session = OnnxSession(folder / ONNX_FILE)
        self.fingerprint = folder.name

    def read(self, question: str, excerpts: Sequence[Excerpt]) -> list[Reading]:
        """A reading of each excerpt, in their order."""
        encodings = self._tokenizer.encode_batch([(question, excerpt.text) for excerpt in excerpts])
        readings: dict[int, Reading] = {}
        for batch, (scores, tokens) in self._session.run_batches(encodings, _ALONE):
            for place, score, logits in zip(batch, scores, tokens, strict=True):
                readings[place] = _reading(float(score), logits, encodings[place], excerpts[place])
        return [readings[place] for place in range(len(excerpts))]


def _reading(score: float, logits: NDArray[np.float32], encoding: Encoding, excerpt: Excerpt) -> Reading:
    read = [place for place, part in enumerate(encoding.sequence_ids) if part == 1]
    odds = np.exp(np.clip(logits[read].astype(np.float64), -_FAR, _FAR))
    starts = np.cumsum([len(excerpt.lead), *(len(sentence) for sentence in excerpt.sentences)])[:-1]
    owners = np.searchsorted(starts, [encoding.offsets[place][1] - 1 for place in read], side="right") - 1
    told = [float(odds[owners == sentence].sum()) for sentence in range(len(excerpt.sentences))]
    whole = float(odds.sum())
    return Reading(score + (math.log(whole) if whole else -_FAR), tuple(share / (1 + whole) for share in told))
