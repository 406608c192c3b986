"""What is offered beside an answer is what people ask for."""

from __future__ import annotations

from assistant.answering import Answered, Answering, Question
from assistant.evidence import THRESHOLD, SimilarityJudge
from knowledge_base.embedder import Embedder
from knowledge_base.passage import Audience
from tests.conftest import Open

CARD = """# 云杉白金信用卡产品说明

## 年费

云杉白金信用卡主卡年费为580元/年，首年免年费。

## 年费减免

云杉白金信用卡当年消费满12笔，次年免年费。

## 版本变更

云杉白金信用卡主卡年费自2026年1月1日起由480元/年调整为580元/年。

## 咨询渠道

云杉白金信用卡年费可拨打信用卡专线咨询。
"""


def test_a_section_that_every_document_has_is_not_offered(open_knowledge: Open, embedder: Embedder) -> None:
    knowledge = open_knowledge(embedder)
    knowledge.write("白金卡.md", CARD)
    knowledge.ingest()
    answering = Answering(knowledge.search, SimilarityJudge(knowledge.search, THRESHOLD))
    asked = Question("云杉白金信用卡年费多少", Audience.CUSTOMER)
    answer = answering.answer(asked, answering.find(asked))
    assert isinstance(answer, Answered)
    assert "580元" in answer.text
    assert answer.related == ("白金卡 年费减免",)
