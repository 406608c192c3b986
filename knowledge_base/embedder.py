"""The port to an embedding model; `embedders/` holds one file per backend."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]


class Embedder(Protocol):
    """Texts to vectors of length one, so that a dot product is a cosine."""

    fingerprint: str
    """Names the model and the way it is run; vectors of two fingerprints must never be compared."""
    dimensions: int

    def embed_query(self, text: str) -> Vectors:
        """The vector of a question; shape (dimensions,)."""
        ...

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        """The vectors of texts to be found; shape (len(texts), dimensions)."""
        ...
