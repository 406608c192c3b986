"""What a question names decides which passage answers it: the supplementary card's fee is not the card's, nor one card's another's."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from assistant.answering import Abstained, Answered, Answering, Question
from assistant.evidence import THRESHOLD, SimilarityJudge, Weakness
from knowledge_base.embedder import Embedder
from knowledge_base.passage import Audience
from tests.conftest import KnowledgeBase, Open

FEES = """# 信用卡收费标准

## 年费

| 卡种 | 年费 | 免年费条件 |
| --- | --- | --- |
| 云杉白金信用卡 | 580元 | 首年免年费，当年消费满12笔次年免 |
| 云杉标准信用卡 | 80元 | 首年免年费，当年消费满5笔次年免 |
"""
FAQ = """问题,答案
云杉白金信用卡附属卡年费多少？,云杉白金信用卡附属卡年费为290元/年，每张主卡最多办理3张附属卡。
云杉白金信用卡年费多少？,云杉白金信用卡主卡年费为580元/年，首年免年费。
云杉标准信用卡年费多少？,云杉标准信用卡主卡年费为80元/年，首年免年费。
"""


@pytest.fixture
def answering(open_knowledge: Open, embedder: Embedder) -> Iterator[Answering]:
    knowledge: KnowledgeBase = open_knowledge(embedder)
    knowledge.write("收费.md", FEES)
    knowledge.write("问答.csv", FAQ)
    knowledge.ingest()
    yield Answering(knowledge.search, SimilarityJudge(knowledge.search, THRESHOLD))


def told(answering: Answering, question: str) -> Answered | Abstained:
    asked = Question(question, Audience.CUSTOMER)
    answer = answering.answer(asked, answering.find(asked))
    assert isinstance(answer, Answered | Abstained)
    return answer


@pytest.mark.parametrize(
    "question", ["云杉白金信用卡附属卡年费多少？", "云杉白金信用卡的附属卡年费是多少", "云杉白金信用卡副卡年费"]
)
def test_a_row_does_not_answer_for_what_it_does_not_tell_apart(answering: Answering, question: str) -> None:
    answer = told(answering, question)
    assert isinstance(answer, Answered)
    assert "290元" in answer.text
    assert "580元" not in answer.text


def test_the_row_of_the_name_still_answers(answering: Answering) -> None:
    answer = told(answering, "云杉白金信用卡年费")
    assert isinstance(answer, Answered)
    assert "580元" in answer.text


@pytest.mark.parametrize(
    "question",
    [
        "How much is the annual fee of the Global Payment credit card?",
        "What is the annual fee of the Sapphire Reserve card?",
    ],
)
def test_a_card_by_an_english_name_that_nobody_knows_is_not_another(answering: Answering, question: str) -> None:
    answer = told(answering, question)
    assert isinstance(answer, Abstained)
    assert answer.weakness is Weakness.UNKNOWN_NAME


def test_an_english_name_that_is_known_is_not_refused(answering: Answering) -> None:
    asked = Question("What is the annual fee of the Platinum card?", Audience.CUSTOMER)
    assert not isinstance(answering.answer(asked, answering.find(asked)), Abstained)


REPORT = """# 云杉年报摘编

2024年，云杉银行新增贷款300亿元。

2025年，云杉银行新增贷款360亿元。
"""


@pytest.mark.parametrize(
    ("question", "is_answered"),
    [
        ("2024年新增贷款是多少", True),
        ("2024年和2025年新增贷款分别是多少", True),
        ("2023年和2025年新增贷款分别是多少", True),
        ("2021年新增贷款是多少", False),
        ("2021年和2022年新增贷款分别是多少", False),
    ],
)
def test_a_passage_of_other_years_alone_is_excluded(
    open_knowledge: Open, embedder: Embedder, question: str, is_answered: bool
) -> None:
    knowledge = open_knowledge(embedder)
    knowledge.write("年报.md", REPORT)
    knowledge.ingest()
    judge = SimilarityJudge(knowledge.search, 0.0)
    hits = knowledge.find(question)
    assert any(judge.fits(question, hit, hits, Audience.CUSTOMER) for hit in hits) is is_answered
