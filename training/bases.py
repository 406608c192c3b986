"""Knowledge bases with questions of which it is known whether they are answered: a folder each, with `documents/` and `questions.yaml`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from knowledge_base.passage import Passage
from knowledge_base.text import simplify


class WrongBase(Exception):
    """A knowledge base's questions cannot be read; the message says where."""


class Question(BaseModel):
    """A question with the texts one of which stands in what answers it; none where nothing does."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    asked: str
    evidence: tuple[str, ...]


@dataclass(frozen=True)
class Base:
    """One knowledge base."""

    name: str
    documents: Path
    questions: tuple[Question, ...]


def load(folder: Path) -> Iterator[Base]:
    """The bases in a folder, by name; raises WrongBase."""
    for file in sorted(folder.glob("*/questions.yaml")):
        try:
            rows = yaml.safe_load(file.read_text(encoding="utf-8"))
            questions = TypeAdapter(tuple[Question, ...]).validate_python(rows)
        except (yaml.YAMLError, ValidationError) as error:
            raise WrongBase(f"{file}: {error}") from error
        yield Base(file.parent.name, file.parent / "documents", questions)


def holds(passage: Passage, evidence: str) -> bool:
    """Whether a passage holds a piece of evidence, which of a table is a row as its file has it."""
    told = (passage.text, "".join(cell for _header, cell in passage.cells))
    return any(letters(evidence) in letters(text) for text in told)


def letters(text: str) -> str:
    """A text's letters and digits in simplified script, by which evidence is looked for."""
    return re.sub(r"[\W_]", "", simplify(text))
