"""What a run has come to, in one file that is always whole: it goes on from there after a kill."""

from __future__ import annotations

import os
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import torch

from training.options import Options

FILE = "checkpoint.pt"


@dataclass(frozen=True)
class Checkpoint:
    """A run after `step` steps; `pairs` is a digest of what it learns from, `layers` the base model's."""

    options: Options
    pairs: str
    layers: int
    step: int
    seconds: float
    averages: tuple[float, float]
    learnt: dict[str, torch.Tensor]
    optimizer: dict[str, Any]
    schedule: dict[str, Any]
    chance: list[torch.Tensor]
    """The states of the random generators: the CPU's, then each CUDA device's."""

    def save(self, folder: Path) -> None:
        """Writes it beside the one before and puts it in its place."""
        part = folder / f"{FILE}.part"
        with part.open("wb") as file:
            torch.save({**vars(self), "options": asdict(self.options)}, file)
            file.flush()
            os.fsync(file.fileno())
        part.replace(folder / FILE)


def load(folder: Path) -> Checkpoint | None:
    """The checkpoint of a run's folder; None where it has none."""
    if not (folder / FILE).exists():
        return None
    state = torch.load(folder / FILE, map_location="cpu", weights_only=True)
    return Checkpoint(**{**state, "options": Options(**state["options"])})


def chance() -> list[torch.Tensor]:
    """The states of all random generators."""
    return [torch.get_rng_state(), *(torch.cuda.get_rng_state_all() if torch.cuda.is_available() else ())]


def put_back(states: list[torch.Tensor]) -> None:
    """Sets all random generators to their states; those of devices that are not there are passed over."""
    torch.set_rng_state(states[0])
    if torch.cuda.is_available() and len(states) == torch.cuda.device_count() + 1:
        torch.cuda.set_rng_state_all(states[1:])
