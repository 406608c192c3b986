"""What ships of a run: the adapter as peft reads it, and the heads."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import torch
from peft import LoraConfig
from safetensors import SafetensorError
from safetensors.torch import load_file, save

from knowledge_base.embedders.bundled import NAME
from training import checkpoint
from training.network import HEADS, adapter

ADAPTER, CONFIG, HEADS_FILE = "adapter_model.safetensors", "adapter_config.json", "heads.safetensors"


class NotShipped(Exception):
    """A folder does not hold what ships of a run; the message says what is missing."""


class NoRun(Exception):
    """The folder holds no checkpoint of a run; `python -m training learn` makes one."""


def ship(run: Path, folder: Path) -> int:
    """Writes what a run has learnt so far and returns its steps; raises NoRun."""
    state = checkpoint.load(run)
    if state is None:
        raise NoRun(NoRun.__doc__)
    write(state.learnt, adapter(state.options.rank, state.layers), folder)
    return state.step


def write(learnt: Mapping[str, torch.Tensor], config: LoraConfig, folder: Path) -> None:
    """Writes the adapter in half precision, its configuration, which names the bundled model, and the heads in full.

    `learnt` is by the names of `Network`. The same input gives the same bytes.
    """
    folder.mkdir(parents=True, exist_ok=True)
    adapters = {name_of(name): value.half().contiguous() for name, value in learnt.items() if name not in HEADS}
    heads = {name: learnt[name].float().contiguous() for name in HEADS}
    (folder / ADAPTER).write_bytes(save(dict(sorted(adapters.items())), metadata={"format": "pt"}))
    (folder / HEADS_FILE).write_bytes(save(heads))
    config.base_model_name_or_path = NAME
    config.inference_mode = True
    every = config.to_dict()  # type: ignore[no-untyped-call]
    told = {name: sorted(value) if isinstance(value, set) else value for name, value in every.items()}
    (folder / CONFIG).write_text(json.dumps(told, indent=2, sort_keys=True) + "\n", encoding="utf-8")


def read(folder: Path) -> dict[str, torch.Tensor]:
    """What was written to a folder, by the names that it is written by; raises NotShipped."""
    try:
        return {**load_file(folder / ADAPTER), **load_file(folder / HEADS_FILE)}
    except (OSError, SafetensorError) as error:
        raise NotShipped(f"{folder} holds no adapter and heads: {error}") from error


def name_of(parameter: str) -> str:
    """A parameter's name as peft writes it: without the network's name for the model and its own for the adapter."""
    return parameter.removeprefix("bert.").replace(".default.", ".")
