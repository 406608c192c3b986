"""A sentence-transformers folder run by onnxruntime from the int8 file beside it."""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from cachetools import LRUCache
from tokenizers import Tokenizer

from knowledge_base.embedder import Vectors
from knowledge_base.onnx_session import ONNX_FILE, OnnxSession

MAX_TOKENS = 512
# Understanding and search embed the same message, one after the other.
_REMEMBERED = 4


class OnnxEmbedder:
    """Queries and passages through one int8 session; safe to call from several threads."""

    def __init__(self, folder: Path) -> None:
        config = json.loads((folder / "config_sentence_transformers.json").read_text(encoding="utf-8"))
        prompts = config.get("prompts", {})
        self._query_prompt = prompts.get("query", "")
        self._passage_prompt = prompts.get("document", "")
        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokenizer.enable_truncation(MAX_TOKENS)
        self._tokenizer.no_padding()
        self._session = OnnxSession(folder / ONNX_FILE)
        self._recent = threading.local()
        self.dimensions = int(self._session.shape[-1])
        self.fingerprint = _fingerprint(folder)

    def embed_query(self, text: str) -> Vectors:
        """The vector of a question; shape (dimensions,). What a thread embedded just before is not embedded again."""
        recent: LRUCache[str, Vectors] = self._recent.__dict__.setdefault("vectors", LRUCache(_REMEMBERED))
        if text not in recent:
            (vectors,) = self._session.run(self._tokenizer.encode_batch([self._query_prompt + text]))
            recent[text] = vectors[0]
        return recent[text]

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        """The vectors of texts to be found; texts of like length are run together."""
        vectors = np.empty((len(texts), self.dimensions), dtype=np.float32)
        encodings = self._tokenizer.encode_batch([self._passage_prompt + text for text in texts])
        for batch, (output,) in self._session.run_batches(encodings):
            vectors[batch] = output
        return vectors


def _fingerprint(folder: Path) -> str:
    digest = hashlib.sha256()
    for name in (ONNX_FILE, Path("tokenizer.json"), Path("config_sentence_transformers.json")):
        with (folder / name).open("rb") as file:
            digest.update(hashlib.file_digest(file, "sha256").digest())
    return f"onnx-int8-{digest.hexdigest()[:12]}"
