"""Any reranker that sentence-transformers' CrossEncoder loads, by hub id or folder."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import numpy as np

from knowledge_base.cross_encoder import CrossEncoderUnusable, Excerpt, Reading


class SentenceTransformerCrossEncoder:
    """Scores by `predict`; the sentence that answers is the one that scores highest when it is read alone."""

    def __init__(self, model: str) -> None:
        """Loads the model; raises CrossEncoderUnusable."""
        from sentence_transformers import CrossEncoder  # takes seconds to import, and few set-ups need it
        from torch.nn import Identity

        try:
            self._model = CrossEncoder(model, device=None, activation_fn=Identity())
        except (OSError, ValueError) as error:
            reason = str(error).splitlines()[0]
            raise CrossEncoderUnusable(
                f"{model} cannot be loaded as a cross-encoder ({reason}); set TELLER_CROSS_ENCODER to the folder of one, "
                "or to `bundled` or `none`."
            ) from error
        if self._model.num_labels != 1:
            raise CrossEncoderUnusable(
                f"{model} gives {self._model.num_labels} scores for a pair; set TELLER_CROSS_ENCODER to a reranker, which gives one."
            )
        probe = np.round(self._predict([("白金卡年费多少", "白金卡年费580元。")]), 2)
        self.fingerprint = f"st-{hashlib.sha256(model.encode() + probe.tobytes()).hexdigest()[:12]}"

    def read(self, question: str, excerpts: Sequence[Excerpt]) -> list[Reading]:
        """A reading of each excerpt, in their order."""
        if not excerpts:
            return []
        alone = [(question, excerpt.lead + sentence) for excerpt in excerpts for sentence in excerpt.sentences]
        scores = self._predict([(question, excerpt.text) for excerpt in excerpts] + alone)
        readings, at = [], len(excerpts)
        for score, excerpt in zip(scores, excerpts, strict=False):
            own = scores[at : at + len(excerpt.sentences)]
            at += len(excerpt.sentences)
            readings.append(Reading(float(score), tuple(map(float, 1 / (1 + np.exp(-own))))))
        return readings

    def _predict(self, pairs: list[tuple[str, str]]) -> np.ndarray[tuple[int], np.dtype[np.float32]]:
        return np.asarray(self._model.predict(pairs, show_progress_bar=False), dtype=np.float32)
