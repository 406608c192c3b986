"""The labels that judges are measured against: every passage stands in its document, and there is enough of each kind."""

from __future__ import annotations

from collections import Counter
from functools import cache
from pathlib import Path

import pytest

from assistant.settings import Settings
from evals import label
from evals.label import WrongLabels
from ingest.folder_file import FolderFile
from ingest.split_document import split_file
from knowledge_base.library import Holding
from knowledge_base.passage import Passage

QUESTIONS = label.load(label.SHIPPED / "groundedness.yaml").questions
ROOT = Settings().knowledge_dir.resolve()


@cache
def stands_in(file: str) -> dict[tuple[str, str], list[Passage]]:
    """The passages of a document's file by title and heading, as ingest cuts them."""
    (path,) = [one for one in ROOT.rglob(file) if one.is_file()]
    whole = Holding(FolderFile(path, ROOT, "").document(None), "", "", "", "", 0)
    found: dict[tuple[str, str], list[Passage]] = {}
    for part in split_file(path, whole):
        for passage in part.passages:
            found.setdefault((part.holding.document.title, passage.section), []).append(passage)
    return found


@pytest.mark.parametrize("file", sorted({passage.file for one in QUESTIONS for passage in one.passages}))
def test_every_passage_is_one_of_its_document_word_for_word(file: str) -> None:
    for one in QUESTIONS:
        for passage in one.passages:
            if passage.file == file:
                known = stands_in(file)[passage.title, passage.section]
                assert passage.text in [other.text for other in known], one.id


def test_there_are_enough_of_each_kind() -> None:
    answers = [(one.split, answer) for one in QUESTIONS for answer in one.answers]
    bad = [answer for _split, answer in answers if not (answer.grounded and answer.answers)]
    tuning = [split for split, _answer in answers if split == "tune"]
    faults = Counter(answer.fault for answer in bad)
    assert len(answers) >= 120
    assert len(bad) >= 0.45 * len(answers)
    assert 0.2 <= len(tuning) / len(answers) <= 0.3
    assert "" not in faults
    assert len(faults) == 9
    assert min(faults.values()) >= 5


def test_no_question_and_no_answer_stands_twice() -> None:
    ids = [one.id for one in QUESTIONS]
    said = [(one.question, answer.text) for one in QUESTIONS for answer in one.answers]
    assert len(ids) == len(set(ids))
    assert len(said) == len(set(said))


def test_a_good_answer_is_mostly_not_copied() -> None:
    good = [(one, answer) for one in QUESTIONS for answer in one.answers if answer.grounded and answer.answers]
    copied = [answer for one, answer in good if any(answer.text in passage.text for passage in one.passages)]
    assert len(copied) <= 0.1 * len(good)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("questions: []", "at least 1"),
        ("questions: [", "cannot be read"),
        (
            "questions: [{id: a, question: q, passages: [{text: t}], answers: "
            "[{text: t, grounded: true, answers: true, fault: unit, why: w}]}]",
            "has the fault unit, and is good in both",
        ),
        (
            "questions: [{id: a, question: q, passages: [{text: t}], answers: [{text: t, grounded: true, answers: true}]}]",
            "why",
        ),
    ],
)
def test_a_file_that_is_wrong_is_named(tmp_path: Path, text: str, says: str) -> None:
    path = tmp_path / "own.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(WrongLabels, match=says) as error:
        label.load(path)
    assert str(path) in str(error.value)
