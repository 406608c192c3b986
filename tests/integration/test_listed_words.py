"""Words of the bank's list come into no document, question or answer; what is said instead leads on."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest

from assistant import bootstrap
from assistant.answering import Abstained, Answered, Answering, Question
from assistant.command import AskHuman, Command, Decline, RaiseAlarm
from assistant.conversation import Conversation
from assistant.evidence import THRESHOLD, SimilarityJudge, Weakness
from assistant.settings import Settings
from assistant.understanding import Understanding
from ingest.ingest import Ingest
from ingest.publishing import Publishing
from ingest.reader import Unreadable
from knowledge_base.embedder import Embedder
from knowledge_base.lexicon import Lexicon
from knowledge_base.passage import Audience
from knowledge_base.word_list import NOTHING_LISTED, WordList
from tests.conftest import KnowledgeBase, Open

LISTED = WordList(["地下钱庄", "内部名额", "290元"])
FAQ = """问题,答案
云杉白金信用卡附属卡年费多少？,云杉白金信用卡附属卡年费为290元/年，每张主卡最多办理3张附属卡。
云杉白金信用卡年费多少？,云杉白金信用卡主卡年费为580元/年，首年免年费。
"""
TODAY = date(2026, 11, 23)


@pytest.fixture
def knowledge(open_knowledge: Open, embedder: Embedder) -> Iterator[KnowledgeBase]:
    yield open_knowledge(embedder)


@pytest.fixture(scope="module")
def understanding(embedder: Embedder) -> Understanding:
    flows = bootstrap.build_flows(Settings())
    classifier = bootstrap.build_classifier(Settings(), embedder, flows)
    return Understanding(classifier, flows, lambda _audience: Lexicon([]), words=LISTED)


def understood(understanding: Understanding, message: str, audience: Audience = Audience.CUSTOMER) -> Command:
    (command,) = understanding.understand(message, None, Conversation(audience=audience), None, TODAY)
    return command


class TestDocuments:
    def test_a_file_that_holds_one_is_not_taken_in_and_told_with_what_to_do(self, knowledge: KnowledgeBase) -> None:
        knowledge.write("好.md", "# 汇款\n\n手机银行汇款免费。")
        knowledge.write("坏.md", "# 活动\n\n通过地 下 錢莊换汇更快，内部名额有限。")
        lock = knowledge.root / "ingest.lock"
        report = Ingest(knowledge.library, knowledge.embedder, knowledge.folder, lock, LISTED).run()
        assert report.added == ["好.md"]
        (failure,) = report.failed
        assert failure.path == "坏.md"
        assert "地下钱庄, 内部名额" in failure.reason
        assert "TELLER_WORD_LIST" in failure.remedy

    def test_one_that_held_none_before_is_taken_out_when_it_does(self, knowledge: KnowledgeBase) -> None:
        ingest = Ingest(knowledge.library, knowledge.embedder, knowledge.folder, knowledge.root / "ingest.lock", LISTED)
        knowledge.write("活动.md", "# 活动\n\n名额有限。")
        assert ingest.run().added == ["活动.md"]
        knowledge.write("活动.md", "# 活动\n\n内部名额有限。")
        assert [failure.path for failure in ingest.run().failed] == ["活动.md"]
        assert knowledge.texts("名额") == []

    def test_an_editor_cannot_publish_one(self, knowledge: KnowledgeBase) -> None:
        def note(*_told: object) -> None: ...

        desk = Publishing(knowledge.library, knowledge.embedder, knowledge.folder, note, words=LISTED)
        with pytest.raises(Unreadable, match="内部名额"):
            desk.draft("editor", "活动.md", "# 活动\n\n内部名额有限。".encode(), {"audience": "customer"})


class TestQuestions:
    @pytest.mark.parametrize("message", ["地下钱庄怎么换汇", "你们有没有內部名額", "地-下-钱-庄手续费多少"])
    def test_they_are_declined(self, understanding: Understanding, message: str) -> None:
        assert isinstance(understood(understanding, message), Decline)

    def test_for_staff_too(self, understanding: Understanding) -> None:
        assert isinstance(understood(understanding, "地下钱庄手续费", Audience.STAFF), Decline)

    @pytest.mark.parametrize(
        ("message", "kind"), [("我被地下钱庄骗了，钱转过去了", RaiseAlarm), ("地下钱庄的事我要找人工", AskHuman)]
    )
    def test_but_what_cannot_wait_comes_first(
        self, understanding: Understanding, message: str, kind: type[Command]
    ) -> None:
        assert isinstance(understood(understanding, message), kind)

    def test_what_holds_none_is_understood_as_before(self, understanding: Understanding) -> None:
        assert not isinstance(understood(understanding, "跨境汇款手续费多少"), Decline)


class TestAnswers:
    @pytest.mark.parametrize(("words", "given"), [(LISTED, False), (NOTHING_LISTED, True)])
    def test_one_that_holds_one_is_not_given(self, knowledge: KnowledgeBase, words: WordList, given: bool) -> None:
        knowledge.write("问答.csv", FAQ)
        knowledge.ingest()
        answering = Answering(knowledge.search, SimilarityJudge(knowledge.search, THRESHOLD), words)
        asked = Question("云杉白金信用卡附属卡年费多少？", Audience.CUSTOMER)
        answer = answering.answer(asked, answering.find(asked))
        assert isinstance(answer, Answered) is given
        if isinstance(answer, Abstained):
            assert answer.weakness is Weakness.LISTED_WORD
            assert answer.nearest == ()
