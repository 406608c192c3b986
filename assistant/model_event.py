"""What is kept of each call of a language model: how it went and what it cost, none of its text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class ModelAsked:
    """A model was asked with this prompt (name@version-digest).

    Tokens as the model's server counted them, or estimated where it did not; `cost` in the currency of the prices that the
    settings give; `first_ms` until its first word; `failure` names why nothing usable came, where it did not.
    """

    prompt: str
    model: str
    input_tokens: int
    output_tokens: int
    cost: float
    first_ms: float | None
    total_ms: float
    failure: str | None = None
    type: Literal["model_asked"] = "model_asked"
