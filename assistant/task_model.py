"""The model behind the recognition of tasks: features of a message, logistic regression, and what is kept on disk of both."""

from __future__ import annotations

import hashlib
import re
import tempfile
import zlib
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from knowledge_base.embedder import Embedder
from knowledge_base.text import fold, simplify

Floats = NDArray[np.float32]

_BUCKETS = 1024
_LONGEST = 4
_PENALTY = 4e-5
_ROUNDS = 100
_POWERS = 12
_MARGIN = 1.05
_STRIDE = 4
SETTINGS = (2, _BUCKETS, _LONGEST, _PENALTY, _ROUNDS)
"""What a stored model depends on beside its examples; the first is raised when the code changes."""


def train(rows: Floats, classes: NDArray[np.int64], count: int | None = None) -> Floats:
    """The weights of a multinomial logistic regression with an L2 penalty, by accelerated gradient descent."""
    wanted = np.eye(count or int(classes.max()) + 1, dtype=np.float32)[classes]
    weights = np.zeros((rows.shape[1], wanted.shape[1]), dtype=np.float32)
    ahead = weights.copy()
    # The loss curves by half of the rows' steepness at most, and by 1 / classes where no class is likely yet.
    step = np.float32(1 / (min(0.5, _STRIDE / wanted.shape[1]) * _steepness(rows) + _PENALTY))
    for turn in range(_ROUNDS):
        missed: Floats = softmax(rows @ ahead) - wanted
        slope = rows.T @ missed / np.float32(len(rows)) + np.float32(_PENALTY) * ahead
        previous, weights = weights, np.asarray(ahead - step * slope, dtype=np.float32)
        ahead = weights + np.float32(turn / (turn + 3)) * (weights - previous)
    return weights


def softmax(scores: Floats) -> Floats:
    """Chances that add up to one along the last axis."""
    chances: Floats = np.exp(scores - scores.max(axis=-1, keepdims=True))
    chances /= chances.sum(axis=-1, keepdims=True)
    return chances


def _steepness(rows: Floats) -> float:
    """The largest eigenvalue of the rows' second moments, by powers, with a margin; a full decomposition takes seconds."""
    vector = np.ones(rows.shape[1], dtype=np.float32)
    for _ in range(_POWERS):
        vector = rows.T @ (rows @ (vector / np.linalg.norm(vector)))
    return _MARGIN * float(np.linalg.norm(vector)) / len(rows)


def features(vector: Floats, text: str) -> Floats:
    """The centred embedding and a folded message's runs of characters, each of length one, and a constant."""
    grams = np.zeros(_BUCKETS, dtype=np.float32)
    for gram in _grams(text):
        grams[zlib.crc32(gram.encode()) % _BUCKETS] += 1
    grams = np.log1p(grams)
    parts = (vector / max(float(np.linalg.norm(vector)), 1e-9), grams / max(float(np.linalg.norm(grams)), 1e-9))
    return np.concatenate([*parts, np.ones(1, dtype=np.float32)]).astype(np.float32)


def _grams(text: str) -> set[str]:
    """Runs of one to four characters within words; Chinese has no spaces, so there a word is a clause."""
    grams = set()
    for word in re.findall(r"\w+", text):
        padded = f" {word} "
        grams |= {padded[at : at + size] for size in range(1, _LONGEST + 1) for at in range(len(padded) - size + 1)}
    return grams - {" "}


def rows_of(vectors: Floats, texts: Iterable[str]) -> tuple[Floats, Floats]:
    """The features of texts with these embeddings, and the centre of the embeddings."""
    centre: Floats = vectors.mean(axis=0)
    return np.array(
        [features(vector - centre, fold(text)) for vector, text in zip(vectors, texts, strict=True)]
    ), centre


def embeddings(embedder: Embedder, texts: Sequence[str], folder: Path | None) -> Floats:
    """The embedding of each text; those in the folder are read from there, so that a changed text costs only its own."""
    path = folder / f"examples-{digest(embedder.fingerprint)}.npz" if folder else None
    known = _known(path)
    missing = [text for text in dict.fromkeys(texts) if digest(text) not in known]
    with ThreadPoolExecutor() as pool:
        made = pool.map(lambda text: embedder.embed_query(simplify(text)), missing)
        known |= dict(zip(map(digest, missing), made, strict=True))
    keys = [digest(text) for text in texts]
    vectors: Floats = np.array([known[key] for key in keys], dtype=np.float32)
    if path and missing:
        save(path, keys=np.array(keys), vectors=vectors)
    return vectors


def _known(path: Path | None) -> dict[str, Floats]:
    if path is None or not path.exists():
        return {}
    with np.load(path) as stored:
        return dict(zip(stored["keys"].tolist(), stored["vectors"], strict=True))


def digest(*parts: object) -> str:
    """A short name for what is given."""
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:16]


def save(path: Path, **arrays: NDArray[np.generic]) -> None:
    """Written beside and moved, so that another process never reads half a file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=path.parent, suffix=".part", delete=False) as file:
        np.savez(file, **arrays)  # type: ignore[arg-type]
    Path(file.name).chmod(0o644)
    Path(file.name).replace(path)
