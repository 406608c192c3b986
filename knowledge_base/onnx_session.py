"""An ONNX file run on the processor: one thread a run, as many runs as cores."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
from numpy.typing import NDArray
from tokenizers import Encoding

ONNX_FILE = Path("onnx") / "model_int8.onnx"
_BATCH_TOKENS = 2048
_CORES = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1

Outputs = list[NDArray[np.float32]]


class OnnxSession:
    """Runs encoded texts; safe to call from several threads, which wait for each other once every core is busy."""

    def __init__(self, file: Path) -> None:
        self._session = onnxruntime.InferenceSession(str(file), _options(), ["CPUExecutionProvider"])
        self._running = threading.BoundedSemaphore(_CORES)
        self.shape: list[Any] = list(self._session.get_outputs()[0].shape)

    def run(self, encodings: Sequence[Encoding]) -> Outputs:
        """Each output of the model for texts that are run together, padded to the longest; the first axis is the text."""
        width = max(len(encoding.ids) for encoding in encodings)
        ids = np.ones((len(encodings), width), dtype=np.int64)
        mask = np.zeros((len(encodings), width), dtype=np.int64)
        for row, encoding in enumerate(encodings):
            ids[row, : len(encoding.ids)] = encoding.ids
            mask[row, : len(encoding.ids)] = 1
        with self._running:
            outputs: Outputs = self._session.run(None, {"input_ids": ids, "attention_mask": mask})
        return outputs

    def run_batches(
        self, encodings: Sequence[Encoding], tokens: int = _BATCH_TOKENS
    ) -> Iterator[tuple[list[int], Outputs]]:
        """The places of texts of like length, of at most so many tokens together, with what the model says of them, on every core."""
        batches = list(reversed(list(_batches(encodings, tokens))))
        with ThreadPoolExecutor(_CORES) as pool:
            outputs = pool.map(lambda batch: self.run([encodings[index] for index in batch]), batches)
            yield from zip(batches, outputs, strict=True)


def _options() -> onnxruntime.SessionOptions:
    """One thread a run: threads that share a run wait for each other when the machine is busy."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    return options


def _batches(encodings: Sequence[Encoding], tokens: int) -> Iterator[list[int]]:
    """Indices in batches of at most so many padded tokens, shortest texts first."""
    batch: list[int] = []
    for index in sorted(range(len(encodings)), key=lambda position: len(encodings[position].ids)):
        if batch and (len(batch) + 1) * len(encodings[index].ids) > tokens:
            yield batch
            batch = []
        batch.append(index)
    if batch:
        yield batch
