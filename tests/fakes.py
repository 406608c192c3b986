"""Stand-ins that behave: an embedder without a model, one that tells what it was asked to embed, and a model that says its lines."""

from __future__ import annotations

import time
import zlib
from collections.abc import Generator, Sequence
from itertools import pairwise

import numpy as np

from assistant.llm import Allowance, Asked, Failure, ModelFailed, Shape
from assistant.model_event import ModelAsked
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


class SpeakingLLM:
    """A model that says what it is told to, in pieces, fills shapes, breaks off after so many pieces, and keeps what it was asked."""

    def __init__(
        self, says: Sequence[str] = (), fills: Sequence[dict[str, object]] = (), breaks_after: int | None = None
    ) -> None:
        self.says = list(says)
        self.fills = list(fills)
        self.breaks_after = breaks_after
        self.asked: list[Asked] = []
        self.closed = False

    def stream(self, asked: Asked, allowance: Allowance) -> Generator[str, None, None]:
        self.asked.append(asked)
        try:
            for number, piece in enumerate(self.says):
                if number == self.breaks_after:
                    raise ModelFailed(Failure.BROKEN_OFF)
                yield piece
        finally:
            self.closed = True
            allowance.asked.append(ModelAsked(asked.prompt, "speaking", 100, 20, 0.5, 1.0, 2.0))

    def fill(self, asked: Asked, shape: type[Shape], allowance: Allowance) -> Shape:
        self.asked.append(asked)
        allowance.asked.append(ModelAsked(asked.prompt, "speaking", 50, 5, 0.25, 1.0, 1.0))
        fitting = next((one for one in self.fills if one.keys() <= shape.model_fields.keys()), None)
        if fitting is None:
            raise ModelFailed(Failure.SERVER_ERROR)
        self.fills.remove(fitting)
        return shape.model_validate(fitting)

    def resting(self) -> dict[str, bool]:
        """A script has no server."""
        return {}

    def close(self) -> None:
        """Nothing is open."""
