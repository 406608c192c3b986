"""How the kinds of what a task asks for are best put in."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import yaml


@cache
def inputs() -> dict[str, dict[str, str]]:
    """The attributes of an <input> by the kind of a field."""
    found: dict[str, dict[str, str]] = yaml.safe_load(Path(__file__).with_suffix(".yaml").read_text(encoding="utf-8"))
    return found
