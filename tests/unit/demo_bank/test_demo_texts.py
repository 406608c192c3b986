"""The bank's texts are whole: a comma in a figure must not end one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

import assistant.demo_bank

FILES = sorted(Path(assistant.demo_bank.__file__).parent.rglob("*.yaml"))


def texts(content: Any) -> Iterator[dict[str, Any]]:
    if isinstance(content, dict):
        if "zh" in content:
            yield content
        content = list(content.values())
    if isinstance(content, list):
        for part in content:
            yield from texts(part)


@pytest.mark.parametrize("path", FILES, ids=[path.name for path in FILES])
def test_no_text_is_cut_short(path: Path) -> None:
    for text in texts(yaml.safe_load(path.read_text(encoding="utf-8"))):
        assert None not in text.values(), text
