"""A sentence-transformers folder run by onnxruntime from the int8 file beside it."""

from __future__ import annotations

import hashlib
import json
import os
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import onnxruntime
from cachetools import LRUCache
from tokenizers import Encoding, Tokenizer

from knowledge_base.embedder import Vectors

ONNX_FILE = Path("onnx") / "model_int8.onnx"
MAX_TOKENS = 512
_BATCH_TOKENS = 2048
# Understanding and search embed the same message, one after the other.
_REMEMBERED = 4
_CORES = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


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
        self._session = onnxruntime.InferenceSession(str(folder / ONNX_FILE), _options(), ["CPUExecutionProvider"])
        self._recent = threading.local()
        self._running = threading.BoundedSemaphore(_CORES)
        self.dimensions = int(self._session.get_outputs()[0].shape[-1])
        self.fingerprint = _fingerprint(folder)

    def embed_query(self, text: str) -> Vectors:
        """The vector of a question; shape (dimensions,). What a thread embedded just before is not embedded again."""
        recent: LRUCache[str, Vectors] = self._recent.__dict__.setdefault("vectors", LRUCache(_REMEMBERED))
        if text not in recent:
            recent[text] = self._run(self._tokenizer.encode_batch([self._query_prompt + text]))[0]
        return recent[text]

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        """The vectors of texts to be found; texts of like length are run together."""
        vectors = np.empty((len(texts), self.dimensions), dtype=np.float32)
        encodings = self._tokenizer.encode_batch([self._passage_prompt + text for text in texts])

        def fill(batch: list[int]) -> None:
            vectors[batch] = self._run([encodings[index] for index in batch])

        with ThreadPoolExecutor(_CORES) as pool:
            list(pool.map(fill, reversed(list(_batches(encodings)))))
        return vectors

    def _run(self, encodings: Sequence[Encoding]) -> Vectors:
        width = max(len(encoding.ids) for encoding in encodings)
        ids = np.ones((len(encodings), width), dtype=np.int64)
        mask = np.zeros((len(encodings), width), dtype=np.int64)
        for row, encoding in enumerate(encodings):
            ids[row, : len(encoding.ids)] = encoding.ids
            mask[row, : len(encoding.ids)] = 1
        with self._running:
            output: Vectors = self._session.run(None, {"input_ids": ids, "attention_mask": mask})[0]
        return output


def _options() -> onnxruntime.SessionOptions:
    """One thread a run, as many runs as cores: threads that share a run wait for each other when the machine is busy."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    return options


def _batches(encodings: Sequence[Encoding]) -> Iterator[list[int]]:
    """Indices in batches of at most _BATCH_TOKENS padded tokens, shortest texts first."""
    batch: list[int] = []
    for index in sorted(range(len(encodings)), key=lambda position: len(encodings[position].ids)):
        if batch and (len(batch) + 1) * len(encodings[index].ids) > _BATCH_TOKENS:
            yield batch
            batch = []
        batch.append(index)
    if batch:
        yield batch


def _fingerprint(folder: Path) -> str:
    digest = hashlib.sha256()
    for name in (ONNX_FILE, Path("tokenizer.json"), Path("config_sentence_transformers.json")):
        with (folder / name).open("rb") as file:
            digest.update(hashlib.file_digest(file, "sha256").digest())
    return f"onnx-int8-{digest.hexdigest()[:12]}"
