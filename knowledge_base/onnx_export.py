"""A torch model written as an int8 ONNX file."""

from __future__ import annotations

import logging
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import torch


def save_int8(model: torch.nn.Module, outputs: Mapping[str, Mapping[int, str]], target: Path) -> None:
    """Writes a model of token ids and their mask, matrices and embeddings in eight bits; `outputs` names what it gives, with its open axes."""
    import torch
    from onnxruntime.quantization import QuantType, quantize_dynamic

    target.parent.mkdir()
    full = target.with_name("model_fp32.onnx")
    sample = torch.randint(5, 1000, (2, 12))
    axes = {0: "b", 1: "s"}
    torch.onnx.export(
        model,
        (sample, torch.ones_like(sample)),
        str(full),
        input_names=["input_ids", "attention_mask"],
        output_names=list(outputs),
        dynamic_axes={
            "input_ids": axes,
            "attention_mask": axes,
            **{name: dict(open_) for name, open_ in outputs.items()},
        },
        opset_version=17,
        dynamo=False,
    )
    quantize_dynamic(
        full, target, weight_type=QuantType.QInt8, per_channel=True, op_types_to_quantize=["MatMul", "Gather"]
    )
    full.unlink()


@contextmanager
def quietly() -> Iterator[None]:
    """Keeps the libraries' remarks on every loading and saving from the reader of a set-up's log."""
    from transformers.utils import logging as transformers_logging

    transformers_logging.set_verbosity_error()  # type: ignore[no-untyped-call]
    transformers_logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    logging.disable(logging.WARNING)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            yield
        finally:
            logging.disable(logging.NOTSET)
