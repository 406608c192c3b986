"""The judge's network: a small BERT with adapters that learn, and two heads.

The score head reads the first token and says whether the excerpt answers. The pointer head reads every token of the excerpt;
its softmax has a null, of logit 0, so that the log-sum-exp of the tokens' logits is the logit of there being an answer, and a
token's share is how likely the answer stands there.
Adapters: E. Hu et al., "LoRA: Low-Rank Adaptation of Large Language Models", 2021, https://arxiv.org/abs/2106.09685.
"""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from pathlib import Path

import torch
from peft import LoraConfig, get_peft_model
from torch.nn.functional import binary_cross_entropy_with_logits
from transformers import BertModel

from training.encoding import Batch

HEADS = ("score.weight", "score.bias", "pointer.weight", "pointer.bias")
_LINEAR = ("query", "key", "value", "attention.output.dense", "intermediate.dense", "output.dense")
_FIRST_LAYER = 3
"""The layers below stay as they are."""
_NEVER = -1e4
_NULL_AT_FIRST = -4.0
"""A token's logit before anything is learnt, for the softmax is over dozens of tokens and one null."""
_ANSWERED = 1.5
"""How much an answered pair counts: there are fewer of them."""


def base(folder: Path) -> BertModel:
    """The bundled model as it is learnt on: without dropout and without the layer that makes one vector of a text."""
    return BertModel.from_pretrained(
        folder, add_pooling_layer=False, hidden_dropout_prob=0.0, attention_probs_dropout_prob=0.0
    )


def adapter(rank: int, layers: int) -> LoraConfig:
    """What is adapted: every linear layer from the fourth of the model's `layers` on."""
    return LoraConfig(
        r=rank,
        lora_alpha=2 * rank,
        lora_dropout=0.0,
        target_modules=list(_LINEAR),
        layers_to_transform=list(range(_FIRST_LAYER, layers)),
    )


class Network(torch.nn.Module):
    """The model with adapters and heads; what learns is the adapters and the heads."""

    def __init__(self, bert: BertModel, rank: int) -> None:
        super().__init__()
        self.layers = int(bert.config.num_hidden_layers)
        with warnings.catch_warnings():
            # peft asks transformers a question that transformers answers by another name since.
            warnings.simplefilter("ignore", FutureWarning)
            self.bert = get_peft_model(bert, adapter(rank, self.layers))
        self.score = torch.nn.Linear(int(bert.config.hidden_size), 1)
        self.pointer = torch.nn.Linear(int(bert.config.hidden_size), 1)
        torch.nn.init.constant_(self.pointer.bias, _NULL_AT_FIRST)

    def forward(self, batch: Batch) -> tuple[torch.Tensor, torch.Tensor]:
        """The score's logits, of shape (pairs,), and the pointer's, of shape (pairs, tokens)."""
        with torch.autocast(batch.ids.device.type, torch.bfloat16):
            hidden = self.bert(input_ids=batch.ids, attention_mask=batch.mask).last_hidden_state
        hidden = hidden.float()
        pointed = self.pointer(hidden).squeeze(-1).masked_fill(batch.excerpt == 0, _NEVER)
        return self.score(hidden[:, 0]).squeeze(-1), pointed

    def learnt(self) -> dict[str, torch.Tensor]:
        """What has been learnt, by name, on the CPU."""
        return {name: value.detach().cpu().clone() for name, value in self.named_parameters() if value.requires_grad}

    def take(self, learnt: Mapping[str, torch.Tensor]) -> None:
        """Puts back what was learnt; raises KeyError where it is of another network."""
        if learnt.keys() != self.learnt().keys():
            raise KeyError("what was learnt has other names than what learns")
        self.load_state_dict(dict(learnt), strict=False)


def answered_by_pointer(pointed: torch.Tensor) -> torch.Tensor:
    """The pointer's logit of there being an answer, of shape (pairs,)."""
    return torch.logsumexp(pointed, 1)


def losses(score: torch.Tensor, pointed: torch.Tensor, batch: Batch) -> tuple[torch.Tensor, torch.Tensor]:
    """The losses of the two heads: cross-entropy of the score, and of the pointer over the tokens and the null.

    All tokens of the answer are right. A pair whose answer was cut off with the end of its excerpt teaches the pointer nothing.
    """
    weight = torch.tensor(_ANSWERED, device=score.device)
    by_score = binary_cross_entropy_with_logits(score, batch.answered, pos_weight=weight)
    null = torch.zeros(len(score), 1, device=score.device)
    every = torch.logsumexp(torch.cat([null, pointed], 1), 1)
    right = torch.logsumexp(pointed.masked_fill(batch.answer == 0, _NEVER), 1)
    marked = batch.answer.sum(1) > 0
    by_pointer = torch.where(marked, _ANSWERED * (every - right), every)
    return by_score, by_pointer[(batch.answered == 0) | marked].mean()
