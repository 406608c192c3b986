from __future__ import annotations

from collections import Counter
from pathlib import Path

import numpy as np
import pytest
import yaml

from assistant.evidence import designators
from assistant.gap_space import Groups, made_from, most_central
from knowledge_base.embedder import Embedder, Vectors
from knowledge_base.text import simplify

MEANINGS: list[list[str]] = yaml.safe_load(Path(__file__).with_name("gap_wordings.yaml").read_text(encoding="utf-8"))
ASKED = [(meaning, text) for meaning, texts in enumerate(MEANINGS) for text in texts]


@pytest.fixture(scope="module")
def vectors(embedder: Embedder) -> Vectors:
    return embedder.embed_passages([simplify(text) for _, text in ASKED])


def marks(text: str) -> str:
    return "|".join(sorted(designators(text)))


def test_questions_of_one_meaning_come_together_and_others_stay_apart(vectors: Vectors) -> None:
    space = made_from(vectors[:0])
    order = np.random.default_rng(1).permutation(len(ASKED))
    groups, found = Groups(space, vectors[:0], []), np.zeros(len(ASKED), int)
    for part in np.array_split(order, 4):
        found[part] = groups.assign(vectors[part], [marks(ASKED[row][1]) for row in part])
    meanings = np.array([meaning for meaning, _ in ASKED])
    pure = sum(max(Counter(meanings[found == one]).values()) for one in range(groups.count)) / len(ASKED)
    whole = sum(max(Counter(found[meanings == one]).values()) for one in set(meanings)) / len(ASKED)
    assert pure >= 0.95
    assert whole >= 0.7


def test_a_question_keeps_its_group_whatever_comes_after(vectors: Vectors) -> None:
    space = made_from(vectors[:0])
    names = [marks(text) for _, text in ASKED]
    first = Groups(space, vectors[:0], [])
    at_once = first.assign(vectors, names)
    second = Groups(space, vectors[:0], [])
    one_by_one = [second.assign(vectors[row : row + 1], names[row : row + 1])[0] for row in range(len(ASKED))]
    assert at_once == one_by_one


def test_what_names_another_thing_is_another_question(embedder: Embedder) -> None:
    texts = ["Ⅱ类户能绑几张卡", "Ⅲ类户能绑几张卡", "3年定期能提前支取吗", "5年定期能提前支取吗"]
    alike = embedder.embed_passages([simplify(text) for text in texts])
    groups = Groups(made_from(alike[:0]), alike[:0], [])
    assert groups.assign(alike, [marks(text) for text in texts]) == [0, 1, 2, 3]


def test_the_title_is_the_wording_nearest_to_all(embedder: Embedder) -> None:
    texts = ["撕坏的那张一百块还能不能拿来花", "残币能换吗", "残币可以换吗", "残币怎么换"]
    alike = embedder.embed_passages([simplify(text) for text in texts])
    assert most_central(alike, made_from(alike[:0])) != 0
