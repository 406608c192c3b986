"""Open question sets that are not part of the project, read from a folder beside it where there is one."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

_FOLDER = Path(os.environ.get("TELLER_EVAL_DATA", Path(__file__).parents[2] / "shared" / "data"))


@dataclass(frozen=True)
class Source:
    """A document as its set gives it."""

    name: str
    title: str
    text: str


@dataclass(frozen=True)
class Question:
    """A question, with the texts one of which must stand in a passage that answers it; none where nothing answers."""

    id: str
    text: str
    evidence: tuple[str, ...]

    @property
    def answerable(self) -> bool:
        """Whether the documents answer it."""
        return bool(self.evidence)


@dataclass(frozen=True)
class QuestionSet:
    """Documents and questions on them."""

    name: str
    sources: tuple[Source, ...]
    questions: tuple[Question, ...]

    def write(self, folder: Path) -> None:
        """Writes the documents as Markdown files, as a bank would bring them."""
        for source in self.sources:
            head = yaml.safe_dump({"title": source.title}, allow_unicode=True)
            (folder / f"{source.name}.md").write_text(f"---\n{head}---\n{source.text}\n", encoding="utf-8")


def present() -> bool:
    """Whether the sets are there."""
    return holds_set("dragonball_queries")


def holds_set(name: str) -> bool:
    """Whether a set of this name is there."""
    return (_FOLDER / f"{name}.jsonl").exists()


def finance() -> QuestionSet:
    """Reports of made-up companies with questions on them, some of which they do not answer (DragonBall)."""
    sources = tuple(Source(row["id"], row["title"], row["text"]) for row in rows("dragonball_docs"))
    questions = tuple(
        Question(row["id"], row["query"], tuple(row["refs"]) if row["answerable"] else ())
        for row in rows("dragonball_queries")
    )
    return QuestionSet("finance", sources, questions)


def encyclopaedia() -> QuestionSet:
    """Paragraphs of an encyclopaedia with questions that they answer (CMRC)."""
    names: dict[str, str] = {}
    questions = []
    for row in rows("reading_comprehension_zh"):
        names.setdefault(row["context"], f"p{len(names)}")
        questions.append(Question(row["id"], row["question"], tuple(row["answers"])))
    sources = tuple(Source(name, text.strip()[:16], text) for text, name in names.items())
    return QuestionSet("encyclopaedia", sources, tuple(questions))


def far_questions() -> tuple[Question, ...]:
    """Questions that have nothing to do with a bank."""
    return tuple(Question(row["id"], row["query"], ()) for row in rows("out_of_scope_zh"))


def holds(passage: str, evidence: str) -> bool:
    """Whether a passage holds a piece of evidence, or one of its sentences, white space apart."""
    text = re.sub(r"\s", "", passage)
    whole = re.sub(r"\s", "", evidence)
    parts = [part for part in re.findall("[^。！？；]+[。！？；]*", whole) if len(part) > 8]
    return whole in text or any(part in text for part in parts)


def rows(name: str) -> Iterator[dict[str, Any]]:
    """The rows of a set."""
    with (_FOLDER / f"{name}.jsonl").open(encoding="utf-8") as lines:
        yield from map(json.loads, lines)
