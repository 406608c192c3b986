"""Knowledge bases with questions of which it is known whether they are answered: a folder each, with `documents/` and `questions.yaml`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError


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
