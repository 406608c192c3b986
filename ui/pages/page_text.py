"""The words of a page, read from the YAML file that holds them by language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any, TypeVar

import yaml

Text = TypeVar("Text")


def read(file: Path, kind: type[Text], known: Mapping[str, object]) -> dict[str, Text]:
    """The words by language as `kind`, a dataclass with the field `language` and one for each text, filled in with what is known.

    Raises ValueError when a text is missing or unknown.
    """
    texts: Mapping[str, dict[str, str]] = yaml.safe_load(file.read_text(encoding="utf-8"))
    return {language: _text(file.name, language, words, kind, known) for language, words in texts.items()}


def _text(file: str, language: str, words: dict[str, str], kind: type[Text], known: Mapping[str, object]) -> Text:
    declared: Any = kind
    names = {field.name for field in fields(declared)} - {"language"}
    if set(words) != names:
        raise ValueError(f"{file} ({language}) lacks or has too many of: {', '.join(sorted(names ^ set(words)))}")
    return kind(language, **{name: text.format(**known) for name, text in words.items()})  # type: ignore[call-arg]
