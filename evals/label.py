"""Answers that people have judged: what judges are measured against. Ours, and the bank's own in files of the same form."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from evals.suite import WrongSuite

SHIPPED = Path(__file__).parent / "labels"
FOLDER = "labels"
"""The bank's own stand in this folder inside its folder of suites."""

Fault = Literal[
    "", "figure", "other product", "condition", "negation", "invented", "other question", "half", "unit", "date"
]


class WrongLabels(WrongSuite):
    """A file of labels cannot be read; no judge is measured before it is mended."""


class Source(BaseModel):
    """A passage as it is cited: the name of its document's file, its title and heading, and its words."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    file: str = ""
    title: str = ""
    section: str = ""
    text: str = Field(min_length=1)


class Labelled(BaseModel):
    """An answer, whether the passages bear out all of it, whether it tells all that was asked, and why; `fault` is what is bad in it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    text: str = Field(min_length=1)
    grounded: bool
    answers: bool
    fault: Fault = ""
    why: str = Field(min_length=1)

    @model_validator(mode="after")
    def _of_one_piece(self) -> Labelled:
        if self.fault and self.grounded and self.answers:
            raise ValueError(f"“{self.text}” has the fault {self.fault}, and is good in both")
        return self


class Question(BaseModel):
    """A question with the passages that were cited, and answers to it. Thresholds are set on the split `tune`, and measured on `test`."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str
    split: Literal["test", "tune"] = "test"
    question: str = Field(min_length=1)
    passages: tuple[Source, ...] = Field(min_length=1)
    answers: tuple[Labelled, ...] = Field(min_length=1)


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    questions: tuple[Question, ...] = Field(min_length=1)


@dataclass(frozen=True)
class Labels:
    """One file of labels."""

    name: str
    questions: tuple[Question, ...]

    def of(self, split: str) -> Iterator[tuple[Question, Labelled]]:
        """Every answer of a split, with its question."""
        return ((one, answer) for one in self.questions if one.split == split for answer in one.answers)


def load(path: Path) -> Labels:
    """The labels of a file; raises WrongLabels."""
    try:
        content = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
        return Labels(path.stem, _File.model_validate(content).questions)
    except (OSError, yaml.YAMLError, ValidationError) as error:
        raise WrongLabels(f"{path} cannot be read as labels: {error}") from error


def found(own: Path) -> Mapping[str, Path]:
    """The files of labels, ours and those in the bank's folder of suites; one of the bank's of the same name stands beside ours."""
    shipped = {path.stem: path for path in sorted(SHIPPED.glob("*.yaml"))}
    banks = {f"{FOLDER}/{path.stem}": path for path in sorted((own / FOLDER).glob("*.yaml"))}
    return shipped | banks


def all_of(own: Path) -> Sequence[Labels]:
    """All labels there are, read."""
    return [Labels(name, load(path).questions) for name, path in found(own).items()]
