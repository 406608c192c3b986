"""How well a network tells what answers from what does not, on pairs of articles that it has not learnt from."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from sklearn.metrics import roc_auc_score

from training.encoding import Encoder
from training.network import Network, answered_by_pointer
from training.options import Heads
from training.pair import Pair

_AT_ONCE = 32
_DIGITS = 4


def measured(network: Network, encoder: Encoder, pairs: Sequence[Pair], heads: Heads) -> dict[str, float]:
    """AUROC from 0 to 1 by what it is of: each head that learns, their sum as "all", and "all" by kind of negative.

    A kind stands against every positive. What cannot be told, for want of positives or of negatives, is left out.
    """
    ordered = sorted(pairs, key=lambda pair: pair.length)
    score, pointer = _logits(network, encoder, ordered)
    by_head = {"score": score, "pointer": pointer}
    told = {name: value for name, value in by_head.items() if heads in ("both", name)}
    whole = np.sum(list(told.values()), axis=0)
    answered = np.array([bool(pair.answer) for pair in ordered])
    found = {name: _auroc(answered, value) for name, value in (told | {"all": whole}).items()}
    for kind in sorted({pair.made for pair in ordered if not pair.answer}):
        within = np.array([bool(pair.answer) or pair.made == kind for pair in ordered])
        found[kind] = _auroc(answered[within], whole[within])
    return {name: value for name, value in found.items() if value is not None}


def _logits(
    network: Network, encoder: Encoder, pairs: Sequence[Pair]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    scores: list[float] = []
    pointers: list[float] = []
    was_learning = network.training
    network.train(mode=False)
    with torch.no_grad():
        for start in range(0, len(pairs), _AT_ONCE):
            batch = encoder.batch(pairs[start : start + _AT_ONCE]).to(network.score.weight.device)
            score, pointed = network(batch)
            scores += score.tolist()
            pointers += answered_by_pointer(pointed).tolist()
    network.train(was_learning)
    return np.array(scores), np.array(pointers)


def _auroc(answered: NDArray[np.bool_], value: NDArray[np.float64]) -> float | None:
    if answered.all() or not answered.any():
        return None
    return round(float(roc_auc_score(answered, value)), _DIGITS)
