"""The bundled judge of evidence: the bundled embedding model with the adapter that ships here, merged once and written as int8.

`judge/` holds the adapter and the two heads, a few MB, with a card that says how they were trained.
"""

from __future__ import annotations

import hashlib
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from filelock import FileLock

from knowledge_base.cross_encoder import CrossEncoderUnusable
from knowledge_base.embedders import bundled
from knowledge_base.onnx_export import quietly, save_int8
from knowledge_base.onnx_session import ONNX_FILE

if TYPE_CHECKING:
    import torch

ADAPTER = Path(__file__).with_name("judge")
_HEADS = "heads.safetensors"


def name() -> str:
    """The folder's name: of another adapter another one, so that a judge that was built before it is not taken for it.

    Raises CrossEncoderUnusable where the adapter was not installed.
    """
    digest = hashlib.sha256()
    for file in (ADAPTER / "adapter_model.safetensors", ADAPTER / _HEADS):
        if not file.exists():
            raise CrossEncoderUnusable(f"{file} is missing; install teller again, or set TELLER_CROSS_ENCODER=none.")
        digest.update(file.read_bytes())
    return f"evidence-judge-{digest.hexdigest()[:8]}"


def ensure(models: Path) -> Path:
    """The judge's folder under `models`, built when it is not there yet (about half a minute, and the embedding model before it)."""
    folder = models / name()
    base = bundled.ensure(models)
    if not (folder / ONNX_FILE).exists():
        with FileLock(models / f"{folder.name}.lock"):
            if not (folder / ONNX_FILE).exists():
                _build(base, folder)
    return folder


def _build(base: Path, folder: Path) -> None:
    # Built beside its place and renamed, so that a half-built folder is never taken for a model.
    with tempfile.TemporaryDirectory(dir=folder.parent) as scratch, quietly():
        made = Path(scratch) / folder.name
        bert = Path(scratch) / "bert"
        _save_merged(base, bert)
        shutil.copy(base / "tokenizer.json", bert)
        shutil.copy(base / "tokenizer_config.json", bert)
        _save_cross_encoder(bert, made)
        save_int8(_with_heads(bert), {"score": {0: "b"}, "tokens": {0: "b", 1: "s"}}, made / ONNX_FILE)
        shutil.rmtree(folder, ignore_errors=True)
        made.replace(folder)


def _save_merged(base: Path, folder: Path) -> None:
    from peft import PeftModel
    from transformers import BertModel

    bert = BertModel.from_pretrained(base, add_pooling_layer=False)
    merged: Any = PeftModel.from_pretrained(bert, str(ADAPTER)).merge_and_unload()
    merged.save_pretrained(folder)


def _save_cross_encoder(bert: Path, folder: Path) -> None:
    """The score head alone as an ordinary CrossEncoder folder in half precision, for those who would run it elsewhere."""
    import torch
    from safetensors.torch import load_file
    from sentence_transformers import CrossEncoder
    from sentence_transformers.base.modules import Dense, Transformer
    from sentence_transformers.sentence_transformer.modules import Pooling

    heads = load_file(ADAPTER / _HEADS)
    width = heads["score.weight"].shape[1]
    score = Dense(
        width,
        1,
        activation_function=torch.nn.Identity(),
        init_weight=heads["score.weight"].float(),
        init_bias=heads["score.bias"].float(),
        module_output_name="scores",
    )
    modules = [Transformer(str(bert)), Pooling(width, pooling_mode="cls"), score]
    CrossEncoder(modules=modules, device="cpu", num_labels=1).half().save_pretrained(str(folder))


def _with_heads(bert: Path) -> torch.nn.Module:
    import torch
    from safetensors.torch import load_file
    from transformers import BertModel

    heads = load_file(ADAPTER / _HEADS)

    class Judge(torch.nn.Module):
        """A pair's logit from its first token, and each token's from itself."""

        def __init__(self) -> None:
            super().__init__()
            self.bert = BertModel.from_pretrained(bert, add_pooling_layer=False, attn_implementation="eager")
            self.heads = {head: tensor.float() for head, tensor in heads.items()}

        def forward(self, input_ids: torch.Tensor, attention_mask: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
            hidden = self.bert(input_ids=input_ids, attention_mask=attention_mask).last_hidden_state
            scores, tokens = (
                torch.nn.functional.linear(place, self.heads[f"{head}.weight"], self.heads[f"{head}.bias"]).squeeze(-1)
                for head, place in (("score", hidden[:, 0]), ("pointer", hidden))
            )
            return scores, tokens

    judge = Judge()
    judge.train(mode=False)
    return judge
