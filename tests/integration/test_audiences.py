"""What is for staff stays with staff: in the index query itself, when documents change hands, and in all that is only suggested."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from assistant.answering import Abstained, Answering, Question
from assistant.evidence import SimilarityJudge
from knowledge_base.embedder import Embedder
from knowledge_base.index import Index
from knowledge_base.keyword import Keyword
from knowledge_base.passage import Audience
from knowledge_base.search import Query, Search
from tests.conftest import KnowledgeBase, Open

_STAFF = "---\naudience: staff\n---\n"
_SECRET = "# 内部佣金办法\n\n云杉白金信用卡每张佣金为80元，仅限内部使用。\n"
_OPEN = "# 白金卡说明\n\n云杉白金信用卡年费为580元。\n"


class Touched(Exception):
    """The staff's index was asked."""


@pytest.fixture
def closed(knowledge: KnowledgeBase, monkeypatch: pytest.MonkeyPatch) -> Iterator[KnowledgeBase]:
    """A knowledge base whose staff indexes must not be asked for anything."""
    knowledge.write("open.md", _OPEN)
    knowledge.write("secret.md", _STAFF + _SECRET)
    knowledge.ingest()
    knowledge.search.refresh()
    staff = knowledge.search._shelves[Audience.STAFF]

    def guarded(kind: type, name: str, own: object) -> None:
        asked = getattr(kind, name)

        def ask(self: object, *arguments: object) -> object:
            if self is own:
                raise Touched(name)
            return asked(self, *arguments)

        monkeypatch.setattr(kind, name, ask)

    for name in ("nearest", "_query"):
        guarded(Index, name, staff.dense)
    for name in ("nearest", "frequency", "count"):
        guarded(Keyword, name, staff.keyword)
    yield knowledge


def test_a_customers_query_never_asks_the_staffs_collection(closed: KnowledgeBase) -> None:
    with pytest.raises(Touched):
        closed.find("云杉白金信用卡佣金", Audience.STAFF)
    found = closed.find("云杉白金信用卡佣金", Audience.CUSTOMER)
    assert [hit.document.audience for hit in found] == [Audience.CUSTOMER]


def test_nor_does_anything_that_judges_words_or_suggests(closed: KnowledgeBase) -> None:
    search = closed.search
    answering = Answering(search, SimilarityJudge(search, 0.5))
    question = Question("内部佣金办法里每张多少", Audience.CUSTOMER)
    answering.answer(question, answering.find(question))
    assert search.frequency("佣金", Audience.CUSTOMER) == 0
    assert search.size(Audience.CUSTOMER) == 1
    assert search.rows("佣金", Audience.CUSTOMER, date.today()) == []
    assert search.sample_questions(Audience.CUSTOMER) == []
    assert [document.title for document in search.documents(Audience.CUSTOMER)] == ["open"]


def test_two_audiences_live_in_collections_of_their_own(knowledge: KnowledgeBase) -> None:
    knowledge.write("open.md", _OPEN)
    knowledge.write("secret.md", _STAFF + _SECRET)
    knowledge.ingest()
    knowledge.search.refresh()
    counts = {one.name.partition("-")[0]: one.count() for one in knowledge.client.list_collections()}
    assert counts == {"customer": 1, "staff": 1}


class TestChangingHands:
    """Whoever was allowed to read a document yesterday may not be today."""

    def test_a_document_that_is_marked_for_staff_is_gone_for_customers(self, knowledge: KnowledgeBase) -> None:
        knowledge.write("open.md", _OPEN)
        knowledge.write("moving.md", _SECRET)
        knowledge.ingest()
        assert "80元" in "".join(knowledge.texts("佣金"))
        knowledge.write("moving.md", _STAFF + _SECRET)
        knowledge.ingest()
        assert "佣金" not in "".join(knowledge.texts("佣金"))
        assert "80元" in "".join(knowledge.texts("佣金", Audience.STAFF))
        assert [one.title for one in knowledge.search.documents(Audience.CUSTOMER)] == ["open"]

    def test_a_folder_that_is_marked_for_staff_takes_its_documents_along(self, knowledge: KnowledgeBase) -> None:
        knowledge.write("inside/one.md", _SECRET)
        knowledge.ingest()
        knowledge.write("inside/_meta.yaml", "audience: staff\n")
        knowledge.ingest()
        assert knowledge.texts("佣金") == []

    def test_a_staff_document_that_was_withdrawn_is_found_by_nobody(self, knowledge: KnowledgeBase) -> None:
        path = knowledge.write("secret.md", _STAFF + _SECRET)
        knowledge.ingest()
        path.unlink()
        knowledge.ingest()
        assert knowledge.texts("佣金", Audience.STAFF) == []

    def test_a_mark_that_is_misspelt_publishes_nothing(self, knowledge: KnowledgeBase) -> None:
        knowledge.write("secret.md", _STAFF + _SECRET)
        knowledge.ingest()
        for mark in ("audience: Staff-only", "audiense: staff", "audience: [staff]"):
            knowledge.write("secret.md", f"---\n{mark}\n---\n{_SECRET}")
            report = knowledge.ingest()
            assert [failure.path for failure in report.failed] == ["secret.md"], mark
            assert knowledge.texts("佣金") == [], mark

    def test_another_process_that_indexed_before_shows_nothing_old(self, open_knowledge: Open, tmp_path: Path) -> None:
        """The dense store of an earlier run still holds the passage; what counts is what the library says now."""
        first = open_knowledge()
        first.write("moving.md", _SECRET)
        first.ingest()
        assert first.texts("佣金")
        later = Search(first.library, first.embedder, first.client)
        first.write("moving.md", _STAFF + _SECRET)
        first.ingest()
        assert [hit.passage.text for hit in later.find(Query("佣金"))] == []


class TestSuggestions:
    """What is offered unasked comes from customers' documents alone."""

    @pytest.fixture
    def mixed(self, open_knowledge: Open, embedder: Embedder) -> KnowledgeBase:
        """An FAQ file with rows for both, and tables for each."""
        knowledge = open_knowledge(embedder)
        knowledge.write(
            "faq.csv",
            "问题,答案,audience\n"
            "内部佣金率是多少,每张佣金80元。,staff\n"
            "信用卡怎么激活,登录手机银行激活。,customer\n"
            "内部支持热线是多少,0571-0000-9100。,staff\n",
        )
        knowledge.write("private.csv", "产品,起购金额\n远航私募一号,300万元\n")
        knowledge.write("private.csv.meta.yaml", "audience: staff\n")
        knowledge.write("shelf.csv", "产品,起购金额\n云杉稳盈90天,1000元\n")
        knowledge.ingest()
        return knowledge

    def test_rows_of_one_file_go_to_whom_they_are_for(self, mixed: KnowledgeBase) -> None:
        told = "".join(mixed.texts("内部佣金率是多少"))
        assert "激活" in told
        assert "80元" not in told
        assert "9100" not in told

    def test_sample_questions_are_the_customers(self, mixed: KnowledgeBase) -> None:
        assert mixed.search.sample_questions(Audience.CUSTOMER) == ["信用卡怎么激活"]

    def test_a_private_products_name_is_no_word_that_customers_are_understood_by(self, mixed: KnowledgeBase) -> None:
        mixed.search.refresh()
        lexicon = mixed.search.lexicon
        assert lexicon(Audience.STAFF).names_in("远航私募一号起购多少")
        assert lexicon(Audience.CUSTOMER).names_in("远航私募一号起购多少") == []
        assert lexicon(Audience.CUSTOMER).names_in("云杉稳盈90天起购多少")

    def test_what_is_nearest_to_an_unanswered_question_is_the_customers(self, mixed: KnowledgeBase) -> None:
        answering = Answering(mixed.search, SimilarityJudge(mixed.search, 2.0))
        question = Question("远航私募一号的内部佣金率", Audience.CUSTOMER)
        answer = answering.answer(question, answering.find(question))
        assert isinstance(answer, Abstained)  # nothing is ever certain enough here
        near = " ".join(answer.nearest)
        assert near
        assert "私募" not in near
        assert "佣金" not in near
