"""Signs that a message speaks of a task without wishing it here and now: of other people, other firms, or just in case."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import yaml

from knowledge_base.text import fold

_FILE = Path(__file__).with_name("doubts.yaml")


def speaks_of_something_else(message: str) -> bool:
    """Whether there is such a sign; a task that changes something is then offered, not begun."""
    return bool(_signs().search(fold(message)))


@cache
def _signs() -> re.Pattern[str]:
    signs: dict[str, list[str]] = yaml.safe_load(_FILE.read_text(encoding="utf-8"))
    return re.compile("|".join(f"(?:{sign})" for patterns in signs.values() for sign in patterns))
