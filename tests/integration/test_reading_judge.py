"""Evidence that is read: what bears an answer out is answered, with its sentence, what may not is doubted, and rules still hold."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
import yaml

from assistant import bootstrap, decision
from assistant.answering import Abstained, Answered, Answering, Question
from assistant.asking import Asking
from assistant.command import AskKnowledge
from assistant.conversation import Conversation
from assistant.decision import Calibration, Decision
from assistant.evidence import THRESHOLD, Evidence, SimilarityJudge, Weakness
from assistant.live import Speech
from assistant.llm import Allowance
from assistant.reading_judge import ReadingJudge
from assistant.reply import Outcome
from assistant.said import HUMAN_CHOICE, Said
from assistant.settings import Settings
from assistant.wording import Wordings
from knowledge_base.cross_encoder import Excerpt, Reading
from knowledge_base.cross_encoders import bundled
from knowledge_base.cross_encoders.onnx import OnnxCrossEncoder
from knowledge_base.embedder import Embedder
from knowledge_base.passage import Audience, Hit, Kind
from tests.conftest import KnowledgeBase

HALLS = """---
title: 职工食堂与宿舍管理办法
---
# 食堂

职工食堂每日供应三餐。早餐在七点开始。食堂位于综合楼一层东侧。自带餐具的职工可以领取一份水果。晚上加班的职工由部门统一订餐。

# 宿舍

职工宿舍按入职先后分配。每间宿舍住两人。宿舍管理员由后勤部指派。水电费由入住职工平摊。访客须在二十二点前离开宿舍。
"""
CARS = f"""---
title: 公务车管理办法
---
# 用车

{"综合管理部会同各个业务条线在每一个季度末对全部公务车辆的保养记录和行驶里程进行核对登记，" * 3}并存档备查。\
公务车由综合管理部统一调度。周末用车须部门负责人签字。
"""
REPORT = """---
title: 白云物流股份有限公司年报
---
# 收入

白云物流的营业收入为三亿元。员工人数为二百人。
"""
FAQ = "question,answer\n宿舍可以养猫吗,宿舍不允许饲养任何宠物。\n食堂能刷卡吗,食堂可以刷工作卡，也可以用手机付款。\n"
SURE_OF_NOTHING, DOUBTFUL, SURE = (100.0, 100.0), (-100.0, 100.0), (-100.0, -100.0)
GUESTS = "访客几点前要离开宿舍"
RECEPTION = "宿舍的访客由谁接待"
WORDS = Wordings("云杉银行", "小杉", "400-000-9528")


class WordReader:
    """Finds an answer in every sentence that holds a word, the more surely the earlier the word was given; keeps what it read."""

    fingerprint = "words-1"

    def __init__(self) -> None:
        self.words: tuple[str, ...] = ()
        self.read_so_far: list[Excerpt] = []

    def read(self, question: str, excerpts: Sequence[Excerpt]) -> list[Reading]:
        self.read_so_far += excerpts
        return [self._reading(one) for one in excerpts]

    def _reading(self, one: Excerpt) -> Reading:
        held = [place for place, word in enumerate(self.words) if word in one.body]
        shares = tuple(0.9 if held and self.words[held[0]] in sentence else 0.1 for sentence in one.sentences)
        return Reading(5.0 - held[0] if held else -5.0, shares)


@pytest.fixture(scope="module")
def knowledge(tmp_path_factory: pytest.TempPathFactory, embedder: Embedder) -> Iterator[KnowledgeBase]:
    found = KnowledgeBase(tmp_path_factory.mktemp("halls"), embedder)
    for name, text in {"后勤.md": HALLS, "用车.md": CARS, "年报.md": REPORT, "问答.csv": FAQ}.items():
        found.write(name, text)
    found.ingest()
    yield found
    found.close()


@pytest.fixture
def reader(knowledge: KnowledgeBase) -> Iterator[WordReader]:
    knowledge.search.cross_encoder = made = WordReader()
    yield made
    knowledge.search.cross_encoder = None


def decided(
    lines: tuple[float, float],
    question: float = 0.0,
    support: float = 0.0,
    search: float = 0.0,
    saturated: float = 10.0,
) -> Decision:
    weights = {"question": question, "support": support, "search": search, "saturated": saturated}
    return Decision(Calibration(intercept=0.0, score=1.0, bases={}, **weights), *lines)


def judging(knowledge: KnowledgeBase, made: Decision) -> ReadingJudge:
    return ReadingJudge(SimilarityJudge(knowledge.search, THRESHOLD), knowledge.search, made)


def judged(knowledge: KnowledgeBase, question: str, made: Decision) -> Evidence:
    hits = knowledge.find(question, limit=8)
    return judging(knowledge, made).judge(question, hits, Audience.CUSTOMER)


def answered(knowledge: KnowledgeBase, question: str, made: Decision) -> Answered | Abstained:
    answering, asked = Answering(knowledge.search, judging(knowledge, made)), Question(question, Audience.CUSTOMER)
    answer = answering.answer(asked, answering.find(asked))
    assert isinstance(answer, Answered | Abstained)
    return answer


def said(knowledge: KnowledgeBase, question: str, made: Decision, state: Conversation, locale: str = "zh-CN") -> Said:
    asking = Asking(Answering(knowledge.search, judging(knowledge, made)), {})
    return asking.ask(AskKnowledge(question), state, WORDS.of(locale), Speech(Allowance(0)))


def units(hit: Hit | None, place: int | None) -> str:
    assert hit is not None and place is not None
    return hit.passage.units[place]


@pytest.mark.usefixtures("reader")
class TestWhatIsDoneAboutIt:
    """What a question gets by the strength of what was read."""

    def test_what_is_strong_enough_is_answered_plainly(self, knowledge: KnowledgeBase, reader: WordReader) -> None:
        reader.words = ("访客",)
        told = said(knowledge, GUESTS, decided(SURE), Conversation())
        assert told.outcome is Outcome.ANSWERED
        assert "二十二点前" in told.reply.text
        assert WORDS.of("zh-CN").doubtful not in told.reply.text
        assert HUMAN_CHOICE not in [choice.id for choice in told.reply.choices]

    def test_what_is_doubtful_is_answered_with_the_doubt_and_a_person_is_offered(
        self, knowledge: KnowledgeBase
    ) -> None:
        told = said(knowledge, GUESTS, decided(DOUBTFUL), Conversation())
        assert told.outcome is Outcome.ANSWERED
        assert told.reply.text.startswith(WORDS.of("zh-CN").doubtful)
        assert "二十二点前" in told.reply.text
        assert told.reply.citations
        assert [choice.id for choice in told.reply.choices].count(HUMAN_CHOICE) == 1

    @pytest.mark.parametrize("locale", ["zh-CN", "en"])
    def test_staff_are_sent_to_the_rule_itself(self, knowledge: KnowledgeBase, locale: str) -> None:
        told = said(knowledge, GUESTS, decided(DOUBTFUL), Conversation(audience=Audience.STAFF), locale)
        words = WORDS.of(locale)
        assert told.reply.text.startswith(words.doubtful_colleague)
        assert words.doubtful not in told.reply.text

    def test_what_is_too_weak_is_left_open(self, knowledge: KnowledgeBase) -> None:
        found = answered(knowledge, GUESTS, decided(SURE_OF_NOTHING))
        assert isinstance(found, Abstained)
        assert found.weakness is Weakness.TOO_FAR
        told = said(knowledge, GUESTS, decided(SURE_OF_NOTHING), Conversation())
        assert told.outcome is Outcome.ABSTAINED
        assert WORDS.of("zh-CN").doubtful not in told.reply.text

    def test_what_is_not_near_enough_at_a_glance_is_answered_where_it_reads_well(
        self, knowledge: KnowledgeBase, reader: WordReader
    ) -> None:
        question = "自带餐具有什么奖励"
        glance = SimilarityJudge(knowledge.search, THRESHOLD)
        assert glance.judge(question, knowledge.find(question, limit=8), Audience.CUSTOMER).best is None
        reader.words = ("水果",)
        found = answered(knowledge, question, decided((0.0, 0.0)))
        assert isinstance(found, Answered)
        assert "领取一份水果" in found.text
        assert not found.doubtful

    def test_confidence_rises_with_strength(self, knowledge: KnowledgeBase, reader: WordReader) -> None:
        sure = []
        for words in ((), ("没有", "没有", "没有", "没有", "访客"), ("访客",)):
            reader.words = words
            sure.append(judged(knowledge, GUESTS, decided(DOUBTFUL)).confidence)
        assert 0 < sure[0] < sure[1] < sure[2] < 1


class TestTheSentence:
    """The sentence that answers is told, wherever it stands."""

    def test_it_is_in_the_answer_with_the_nearest(self, knowledge: KnowledgeBase, reader: WordReader) -> None:
        reader.words = ("管理员",)
        found = answered(knowledge, GUESTS, decided(SURE))
        assert isinstance(found, Answered)
        nearest = found.text.index("访客须在二十二点前离开宿舍。")
        assert found.text.index("宿舍管理员由后勤部指派。") < nearest
        reader.words = ("访客",)
        found = answered(knowledge, GUESTS, decided(SURE))
        assert isinstance(found, Answered)
        assert "管理员" not in found.text

    def test_it_is_told_of_a_passage_of_which_only_a_part_is_read(
        self, knowledge: KnowledgeBase, reader: WordReader
    ) -> None:
        reader.words = ("调度",)
        evidence = judged(knowledge, "公务车谁来调度安排", decided(SURE))
        assert evidence.read
        assert not any("行驶里程" in one.body for one in reader.read_so_far)
        assert units(evidence.best, evidence.marked) == "公务车由综合管理部统一调度。"

    def test_of_a_question_it_is_the_one_with_its_answer(self, knowledge: KnowledgeBase, reader: WordReader) -> None:
        reader.words = ("宠物",)
        evidence = judged(knowledge, "宿舍里能养狗吗", decided(SURE))
        assert evidence.best and evidence.best.passage.kind is Kind.FAQ
        assert "宠物" in units(evidence.best, evidence.marked)

    def test_the_bundled_judge_marks_it(self, knowledge: KnowledgeBase) -> None:
        knowledge.search.cross_encoder = OnnxCrossEncoder(bundled.ensure(Settings().models_dir))
        try:
            evidence = judged(knowledge, GUESTS, decided(SURE))
            found = answered(knowledge, GUESTS, decided(SURE))
        finally:
            knowledge.search.cross_encoder = None
        assert evidence.read
        assert units(evidence.best, evidence.marked) == "访客须在二十二点前离开宿舍。"
        assert isinstance(found, Answered)
        assert "访客须在二十二点前离开宿舍。" in found.text


class TestWhatIsRead:
    """Few passages, those that a glance is not sure of."""

    def test_the_first_four_are_read_and_what_reads_best_stands_first(
        self, knowledge: KnowledgeBase, reader: WordReader
    ) -> None:
        reader.words = ("宠物", "食堂", "宿舍")
        hits = knowledge.find(RECEPTION, limit=8)
        assert len(hits) > 4
        assert "宠物" not in hits[0].passage.text
        evidence = judging(knowledge, decided(SURE)).judge(RECEPTION, hits, Audience.CUSTOMER)
        assert len(reader.read_so_far) == 4
        assert set(evidence.hits[:4]) == set(hits[:4])
        assert list(evidence.hits[4:]) == hits[4:]
        assert "宠物" in evidence.hits[0].passage.text
        assert evidence.best is evidence.hits[0]

    def test_nothing_is_read_after_what_answers(self, knowledge: KnowledgeBase, reader: WordReader) -> None:
        found = knowledge.find(RECEPTION, limit=8)
        reader.words = (found[1].passage.units[0],)
        evidence = judged(knowledge, RECEPTION, decided(SURE, saturated=4.0))
        assert len(reader.read_so_far) == 2
        assert evidence.hits == (found[1], found[0], *found[2:])
        assert evidence.best == found[1]

    def test_what_search_put_first_weighs_as_calibrated(self, knowledge: KnowledgeBase, reader: WordReader) -> None:
        found = knowledge.find(RECEPTION, limit=8)
        reader.words = (found[2].passage.units[0],)
        for weight, first in ((0.0, found[2]), (1_000.0, found[0])):
            evidence = judged(knowledge, RECEPTION, decided(SURE, search=weight))
            assert evidence.best == evidence.hits[0] == first

    def test_what_is_near_and_what_is_a_question_weigh_as_calibrated(
        self, knowledge: KnowledgeBase, reader: WordReader
    ) -> None:
        assert reader.words == ()
        hits = knowledge.find(RECEPTION, limit=8)
        glance = SimilarityJudge(knowledge.search, THRESHOLD)
        nearest = max(glance.support(RECEPTION, hit, hits, Audience.CUSTOMER) for hit in hits[:4])
        for margin, is_answered in ((-0.001, True), (0.001, False)):
            line = nearest - 5.0 + margin
            assert bool(judged(knowledge, RECEPTION, decided((line, line), support=1.0)).best) is is_answered
        assert any(hit.passage.kind is Kind.FAQ for hit in hits[:4])
        for weight, is_answered in ((2.0, True), (0.0, False)):
            assert bool(judged(knowledge, RECEPTION, decided((-4.0, -4.0), question=weight)).best) is is_answered

    def test_the_strongest_says_whether_there_is_an_answer_and_the_first_gives_it(
        self, knowledge: KnowledgeBase, reader: WordReader
    ) -> None:
        found = knowledge.find(RECEPTION, limit=8)
        reader.words = (found[2].passage.units[0],)
        evidence = judged(knowledge, RECEPTION, decided((4.0, 4.0), search=1_000.0))
        assert evidence.best == found[0]

    @pytest.mark.parametrize(("question", "confidence"), [("宿舍可以养猫吗", 1.0), ("月亮离地球多远", 0.0)])
    def test_what_a_glance_is_sure_of_is_not_read(
        self, knowledge: KnowledgeBase, reader: WordReader, question: str, confidence: float
    ) -> None:
        evidence = judged(knowledge, question, decided(DOUBTFUL))
        assert reader.read_so_far == []
        assert not evidence.read
        assert not evidence.doubtful
        assert evidence.confidence == confidence
        assert bool(evidence.best) == bool(confidence)

    def test_of_nothing_nothing_is_read(self, knowledge: KnowledgeBase, reader: WordReader) -> None:
        evidence = judging(knowledge, decided(SURE)).judge(GUESTS, [], Audience.CUSTOMER)
        assert evidence.weakness is Weakness.NOTHING_FOUND
        assert reader.read_so_far == []


class TestRulesStillHold:
    """What names, classes and quantities exclude stays excluded, however well it reads."""

    @pytest.mark.parametrize(
        "question",
        [
            "蓝天旅游有限公司的营业收入是多少",
            "藍天旅遊有限公司的營業收入是多少",
            "蓝天旅游有限公司与白云物流股份有限公司的营业收入",
        ],
    )
    def test_a_company_that_no_document_knows_is_left_open(
        self, knowledge: KnowledgeBase, reader: WordReader, question: str
    ) -> None:
        reader.words = ("营业收入",)
        found = answered(knowledge, question, decided(SURE))
        assert isinstance(found, Abstained)
        assert found.weakness is Weakness.UNKNOWN_NAME
        assert reader.read_so_far == []

    @pytest.mark.parametrize(
        "question", ["白云物流股份有限公司的营业收入", "白雲物流股份有限公司的營業收入", "白云物流集团的营业收入"]
    )
    def test_one_that_is_known_is_answered(self, knowledge: KnowledgeBase, reader: WordReader, question: str) -> None:
        reader.words = ("营业收入",)
        found = answered(knowledge, question, decided(SURE))
        assert isinstance(found, Answered)
        assert "三亿元" in found.text

    def test_how_much_is_not_answered_without_a_figure(self, knowledge: KnowledgeBase, reader: WordReader) -> None:
        reader.words = ("宠物",)
        question = "宿舍养猫要交多少元"
        hits = knowledge.find(question, limit=8)
        evidence = judging(knowledge, decided(SURE)).judge(question, hits, Audience.CUSTOMER)
        assert "宠物" in evidence.hits[0].passage.text
        assert evidence.best is not evidence.hits[0]
        alone = [hit for hit in hits if "宠物" in hit.passage.text]
        evidence = judging(knowledge, decided(SURE)).judge(question, alone, Audience.CUSTOMER)
        assert evidence.read
        assert evidence.best is None
        assert evidence.weakness is Weakness.NO_QUANTITY
        assert evidence.hits == tuple(alone)


class TestWhichJudgeIsBuilt:
    """Only a cross-encoder that was calibrated decides."""

    @pytest.fixture
    def file(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
        strengths = [float(number) for number in range(101)]
        base = {"answerable": strengths, "unanswerable": [strength - 50 for strength in strengths]}
        made = {
            "intercept": 0.0,
            "score": 1.0,
            "support": 0.0,
            "question": 0.0,
            "search": 0.0,
            "saturated": 9.0,
            "bases": {"a": base},
        }
        file = tmp_path / "decision.yaml"
        file.write_text(yaml.safe_dump({WordReader.fingerprint: made}), encoding="utf-8")
        monkeypatch.setattr(decision, "_FILE", file)
        return file

    @pytest.mark.usefixtures("file")
    def test_one_that_was_calibrated_reads(self, knowledge: KnowledgeBase, reader: WordReader) -> None:
        judge = bootstrap.build_judge(Settings(answerable_lost=0.03), knowledge.search)
        assert isinstance(judge, ReadingJudge)
        # A score of 5 lies between the lines: three of a hundred that are answered are weaker, as are most that are not.
        hits, reader.words = knowledge.find(GUESTS, limit=8), ("访客",)
        assert judge.judge(GUESTS, hits, Audience.CUSTOMER).doubtful
        strict = bootstrap.build_judge(Settings(answerable_lost=0.06), knowledge.search)
        assert strict.judge(GUESTS, hits, Audience.CUSTOMER).weakness is Weakness.TOO_FAR

    @pytest.mark.usefixtures("file")
    def test_one_that_was_not_does_not(self, knowledge: KnowledgeBase, reader: WordReader) -> None:
        reader.fingerprint = "words-2"
        assert isinstance(bootstrap.build_judge(Settings(), knowledge.search), SimilarityJudge)
        knowledge.search.cross_encoder = None
        assert isinstance(bootstrap.build_judge(Settings(), knowledge.search), SimilarityJudge)


def test_what_is_read_beside_an_answer_must_fit_as_well(knowledge: KnowledgeBase, reader: WordReader) -> None:
    hits = knowledge.find(GUESTS, limit=8)
    judge, glance = judging(knowledge, decided(SURE)), SimilarityJudge(knowledge.search, THRESHOLD)
    for question in (GUESTS, "宿舍的水电费是多少元", "蓝天白金卡"):
        for hit in (*hits, replace(hits[0], score=0.0)):
            assert judge.fits(question, hit, hits, Audience.CUSTOMER) == glance.fits(
                question, hit, hits, Audience.CUSTOMER
            )
