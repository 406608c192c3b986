"""A reader turns one file into blocks; `readers/` holds one file per format."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol


@dataclass(frozen=True)
class Heading:
    """A heading; level 1 is the topmost."""

    text: str
    level: int
    page: int | None = None


@dataclass(frozen=True)
class Paragraph:
    """Running text."""

    text: str
    page: int | None = None


@dataclass(frozen=True)
class ListItem:
    """One item of a list, its marker kept in the text where it is a number."""

    text: str
    page: int | None = None


@dataclass(frozen=True)
class Row:
    """One row of a table: its cells beside the table's headers, both as shown, merged cells repeated."""

    headers: tuple[str, ...]
    cells: tuple[str, ...]
    page: int | None = None


@dataclass(frozen=True)
class Faq:
    """One question and its answer, with other wordings of the question and the columns that override the file's metadata."""

    question: str
    answer: str
    similar_questions: tuple[str, ...] = ()
    id: str | None = None
    audience: str | None = None
    flow: str | None = None
    effective_from: str | None = None
    effective_to: str | None = None


Block = Heading | Paragraph | ListItem | Row | Faq


class Unreadable(Exception):
    """This file cannot be read: the reason, and what to do about it."""

    def __init__(self, reason: str, remedy: str) -> None:
        super().__init__(f"{reason}; {remedy}")
        self.reason = reason
        self.remedy = remedy

    def __reduce__(self) -> tuple[type[Unreadable], tuple[str, str]]:
        return type(self), (self.reason, self.remedy)


class Reader(Protocol):
    """What every module in `readers/` offers."""

    SUFFIXES: frozenset[str]

    def read(self, path: Path) -> Sequence[Block]:
        """The file's blocks in reading order; raises Unreadable."""
        ...
