"""A model whose process ends over some texts, as over a file that takes all memory."""

from __future__ import annotations

import os
from collections.abc import Sequence

from assistant import bootstrap
from assistant.settings import Settings
from knowledge_base.embedder import Embedder, Vectors

DEADLY = "读到这里就完了"


class DyingEmbedder:
    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder
        self.fingerprint = embedder.fingerprint
        self.dimensions = embedder.dimensions

    def embed_query(self, text: str) -> Vectors:
        return self._embedder.embed_query(text)

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        if any(DEADLY in text for text in texts):
            os._exit(9)
        return self._embedder.embed_passages(texts)


def make() -> Embedder:
    """Called in the processes that read."""
    return DyingEmbedder(bootstrap.build_embedder(Settings()))
