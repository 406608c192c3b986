"""Stand-ins that behave: an embedder without a model, and one that tells what it was asked to embed."""

from __future__ import annotations

import time
import zlib
from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from knowledge_base.embedder import Embedder, Vectors


class HashEmbedder:
    """A vector of hashed characters and pairs of them: the same for the same text, nearer the more two texts share."""

    def __init__(self, fingerprint: str = "hash-64", dimensions: int = 64, seconds_a_text: float = 0) -> None:
        self.fingerprint = fingerprint
        self.dimensions = dimensions
        self._seconds_a_text = seconds_a_text

    def embed_query(self, text: str) -> Vectors:
        vector = np.full(self.dimensions, 1e-3, dtype=np.float32)
        for part in [*text, *map("".join, pairwise(text))]:
            vector[zlib.crc32(part.encode()) % self.dimensions] += 1
        normed: Vectors = vector / np.linalg.norm(vector)
        return normed

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        time.sleep(self._seconds_a_text * len(texts))
        return np.stack([self.embed_query(text) for text in texts])


class RecordingEmbedder:
    """Another embedder, and every text that it was given to store."""

    def __init__(self, inner: Embedder) -> None:
        self._inner = inner
        self.fingerprint = inner.fingerprint
        self.dimensions = inner.dimensions
        self.passages: list[str] = []

    def embed_query(self, text: str) -> Vectors:
        return self._inner.embed_query(text)

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        self.passages += texts
        return self._inner.embed_passages(texts)
