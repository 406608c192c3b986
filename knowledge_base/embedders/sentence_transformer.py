"""Any sentence-transformers model, by hub id or folder."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import numpy as np

from knowledge_base.embedder import Vectors


class SentenceTransformerEmbedder:
    """A model loaded by sentence-transformers, with the prompts that its own configuration names."""

    def __init__(self, model: str) -> None:
        from sentence_transformers import SentenceTransformer  # takes seconds to import, and few set-ups need it

        self._model = SentenceTransformer(model, device=None)
        dimensions = self._model.get_embedding_dimension()
        if dimensions is None:
            raise ValueError(f"{model} does not say how long its vectors are; choose a sentence-embedding model")
        self.dimensions = dimensions
        probe = np.round(self.embed_passages(["云杉银行 spruce bank 0123456789"])[0], 3)
        self.fingerprint = f"st-{hashlib.sha256(model.encode() + probe.tobytes()).hexdigest()[:12]}"

    def embed_query(self, text: str) -> Vectors:
        """The vector of a question; shape (dimensions,)."""
        return np.asarray(self._model.encode_query(text, normalize_embeddings=True), dtype=np.float32)

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        """The vectors of texts to be found; shape (len(texts), dimensions)."""
        if not texts:
            return np.empty((0, self.dimensions), dtype=np.float32)
        return np.asarray(
            self._model.encode_document(list(texts), normalize_embeddings=True, show_progress_bar=False),
            dtype=np.float32,
        )
