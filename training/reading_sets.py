"""Open reading-comprehension sets: paragraphs of an encyclopaedia, and questions with where their answers stand."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from knowledge_base.text import simplify

STRETCH = 24
"""Letters and figures in a row; texts that share so many are taken for copies of one another."""
_SUFFIXES = frozenset({".jsonl", ".json", ".yaml", ".yml"})


@dataclass(frozen=True)
class Item:
    """A question on an article, with the paragraph that answers it and the answer's words in that paragraph."""

    question: str
    title: str
    paragraph: str
    answer: str


class WrongSet(Exception):
    """A file that cannot be read as what it should be; the message says where."""


def load(folder: Path, kept_out: frozenset[str] = frozenset()) -> list[Item]:
    """The items of every set in a folder, in simplified script, less those that share a stretch with `kept_out`.

    Rows are JSON objects with title, context, question and answers; where `context` is null, `context_of` is the place of
    the row in the same file that has it, from 0. Raises WrongSet.
    """
    items = [item for path in sorted(folder.glob("*.jsonl")) for item in _items(path)]
    told: dict[str, bool] = {}
    for item in items:
        for text in (item.paragraph, item.question):
            if text not in told:
                told[text] = bool(stretches(text) & kept_out)
    return [item for item in items if not told[item.paragraph] and not told[item.question]]


def kept_out(paths: Iterable[Path], besides: Path | None = None) -> frozenset[str]:
    """The stretches of every text in these files, and in the JSON and YAML files of these folders, however deep.

    Files under `besides`, the sets themselves, are passed over. Raises WrongSet for a path that is not there or not read.
    """
    found: set[str] = set()
    for path in paths:
        for file in _files(path):
            if besides is None or not file.resolve().is_relative_to(besides.resolve()):
                found.update(*(stretches(text) for text in _texts(_read(file)) if text.strip()))
    return frozenset(found)


def stretches(text: str) -> frozenset[str]:
    """Every run of 24 letters and figures of a text, by which copies are recognised; a short text is one stretch."""
    plain = re.sub(r"\W", "", simplify(text).lower())
    return frozenset(plain[at : at + STRETCH] for at in range(max(1, len(plain) - STRETCH + 1)))


def _items(path: Path) -> Iterator[Item]:
    rows = _read(path)
    for number, row in enumerate(rows, 1):
        try:
            owner = rows[row["context_of"]] if row["context"] is None else row
            title, paragraph = simplify(row["title"]), simplify(owner["context"])
            question, answer = simplify(row["question"]), simplify(row["answers"][0])
        except (KeyError, IndexError, TypeError) as error:
            raise WrongSet(f"{path}, row {number}: not a row of a reading-comprehension set.") from error
        # A bank's document always has a title to be read under, so a row without one would teach something else.
        if title and answer and answer in paragraph:
            yield Item(question, title, paragraph, answer)


def _files(path: Path) -> list[Path]:
    if path.is_dir():
        return sorted(file for file in path.rglob("*") if file.suffix in _SUFFIXES)
    if path.suffix not in _SUFFIXES or not path.exists():
        raise WrongSet(f"{path}: no such folder, and no file of {', '.join(sorted(_SUFFIXES))}.")
    return [path]


def _read(path: Path) -> Any:
    text = path.read_text(encoding="utf-8")
    try:
        if path.suffix == ".jsonl":
            return [json.loads(line) for line in text.splitlines() if line.strip()]
        return json.loads(text) if path.suffix == ".json" else list(yaml.safe_load_all(text))
    except (ValueError, yaml.YAMLError) as error:
        raise WrongSet(f"{path}: cannot be read: {error}") from error


def _texts(value: Any) -> Iterator[str]:
    """Every string in what was read, however deep."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, (dict, list)):
        for part in value.values() if isinstance(value, dict) else value:
            yield from _texts(part)
