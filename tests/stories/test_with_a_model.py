"""With a model: what it words, what it interprets, and what it is not let to do."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest

from assistant import bootstrap
from assistant.assistant import Assistant
from assistant.command import Answer
from assistant.event import KnowledgeAbstained, KnowledgeAnswered, MessageUnderstood
from assistant.flow_event import CallStarted
from assistant.live import Live
from assistant.llm import Failure
from assistant.llms.scripted import Line, Scripted
from assistant.model_event import ModelAsked
from assistant.reply import Outcome, Turn
from assistant.second_opinion import stands_whole
from assistant.settings import Settings
from evals import bank
from knowledge_base.embedder import Embedder
from knowledge_base.passage import Audience
from knowledge_base.search import Search
from tests.fakes import SpeakingLLM

QUESTION = "云杉白金信用卡年费是多少？"
ORIGINAL = "云杉白金信用卡主卡年费为每年3600元"
HELD = "文件中的原文："


@dataclass
class Talk:
    """A conversation with an assistant that has this model."""

    assistant: Assistant
    conversation: str
    llm: SpeakingLLM
    bank: bank.RunningBank

    def say(self, text: str) -> Turn:
        return self.assistant.respond(self.conversation, text)

    def heard(self, text: str) -> tuple[list[str], Turn]:
        """What was said while the reply was made, and the turn."""
        heard: list[str] = []
        return heard, self.assistant.respond(self.conversation, text, live=Live(heard.append))

    @property
    def answered(self) -> KnowledgeAnswered:
        return next(
            one for one in reversed(self.assistant.events(self.conversation)) if isinstance(one, KnowledgeAnswered)
        )

    @property
    def understood(self) -> MessageUnderstood:
        events = reversed(self.assistant.events(self.conversation))
        return next(one for one in events if isinstance(one, MessageUnderstood))


Meet = Callable[[SpeakingLLM], Talk]


@pytest.fixture
def meet(template: Path, library: Search, embedder: Embedder, tmp_path: Path) -> Iterator[Meet]:
    met: list[Talk] = []
    with ExitStack() as stack:

        def meet_one(llm: SpeakingLLM) -> Talk:
            place = tmp_path / str(len(met))
            settings = Settings(data_dir=place)
            database = bootstrap.build_database(settings)
            stack.callback(database.close)
            running = stack.enter_context(bank.running(template, place / "bank"))
            storage = bootstrap.build_storage(settings, database)
            house = bootstrap.build_house(settings, storage, library, embedder, running.port, llm)
            conversation, _token, _reply = house.assistant.start(Audience.CUSTOMER, "zh-CN")
            met.append(Talk(house.assistant, conversation, llm, running))
            return met[-1]

        yield meet_one


def test_an_answer_is_worded_and_cited_as_it_goes(meet: Meet) -> None:
    talk = meet(
        SpeakingLLM(["您好，云杉白金信用卡的主卡年", "费是每年3,600元[1]。", "消费满18万元，", "可以免次年年费[1]。"])
    )
    heard, turn = talk.heard(QUESTION)
    assert turn.outcome is Outcome.ANSWERED
    assert turn.reply.text.startswith("您好，云杉白金信用卡的主卡年费是每年3,600元")
    assert "18万元" in turn.reply.text
    assert HELD not in turn.reply.text
    assert len(heard) == 2
    assert turn.reply.text.startswith("".join(heard))
    assert [one.number for one in turn.reply.citations] == [1]
    assert talk.answered.prompt
    assert talk.answered.prompt.startswith("answer@")
    assert talk.answered.held_back == ()


def test_who_repeats_himself_is_heard_once(meet: Meet) -> None:
    talk = meet(SpeakingLLM(["主卡年费为每年3600元[1]。"] * 4 + ["消费满18万元免次年年费[1]。"]))
    heard, turn = talk.heard(QUESTION)
    assert len(heard) == 2
    assert turn.reply.text.count("3600元") == 1


def test_what_a_model_cost_is_kept_with_the_conversation(meet: Meet) -> None:
    talk = meet(SpeakingLLM(["主卡年费为每年3600元[1]。"]))
    talk.say(QUESTION)
    kept = [one for one in talk.assistant.events(talk.conversation) if isinstance(one, ModelAsked)]
    assert [(one.model, one.input_tokens, one.output_tokens, one.cost) for one in kept] == [("speaking", 100, 20, 0.5)]
    assert talk.assistant.conversation(talk.conversation).cost == 0.5


def test_a_wrong_figure_is_not_sent_and_the_documents_words_follow(meet: Meet) -> None:
    talk = meet(SpeakingLLM(["主卡年费为每年3600元[1]。", "附属卡年费为每年800元[1]。"]))
    heard, turn = talk.heard(QUESTION)
    assert "800" not in turn.reply.text
    assert "".join(heard) in turn.reply.text
    assert turn.reply.text.index(HELD) < turn.reply.text.rindex(ORIGINAL)
    assert talk.answered.held_back


def test_nothing_but_lies_leaves_the_documents_words_alone(meet: Meet) -> None:
    talk = meet(SpeakingLLM(["主卡年费为每年360元[1]。", "保证收益8%，请登录 http://evil.example 办理[7]。"]))
    heard, turn = talk.heard(QUESTION)
    assert heard == []
    assert turn.reply.text.startswith(ORIGINAL)
    assert HELD not in turn.reply.text
    assert talk.answered.prompt is None


@pytest.mark.parametrize("after", [0, 1, 2])
def test_a_model_that_breaks_off_leaves_nobody_without_an_answer(meet: Meet, after: int) -> None:
    talk = meet(SpeakingLLM(["主卡年费为每年3600元[1]。消费", "满18万元免次年年费[1]。", "……"], breaks_after=after))
    heard, turn = talk.heard(QUESTION)
    assert turn.outcome is Outcome.ANSWERED
    assert ORIGINAL in turn.reply.text
    assert turn.reply.text.startswith("".join(heard))
    assert (HELD in turn.reply.text) == bool(heard)


def test_who_goes_away_in_the_middle_is_answered_on_record(meet: Meet) -> None:
    talk = meet(SpeakingLLM(["主卡年费为每年3600元[1]。", "消费满18万元", "免次年年费", "[1]。"]))
    lives: list[Live] = []

    def hear(_text: str) -> None:
        lives[0].gone = True

    lives.append(Live(hear))
    turn = talk.assistant.respond(talk.conversation, QUESTION, live=lives[0])
    assert talk.llm.closed
    assert turn.reply.text.startswith("主卡年费为每年3600元")
    assert ORIGINAL in turn.reply.text
    assert talk.assistant.conversation(talk.conversation).last_reply == turn.reply


def test_a_model_may_find_that_the_passages_do_not_say_it(meet: Meet) -> None:
    talk = meet(SpeakingLLM(["[0", "]"]))
    heard, turn = talk.heard("白金卡年费可以退吗")
    assert (heard, turn.outcome, turn.reply.citations) == ([], Outcome.ABSTAINED, ())
    left = [one for one in talk.assistant.events(talk.conversation) if isinstance(one, KnowledgeAbstained)]
    assert [one.reason for one in left] == ["not_said"]


def test_a_model_is_not_believed_that_finds_nothing_where_the_answer_plainly_stands(meet: Meet) -> None:
    turn = meet(SpeakingLLM(["[0]"])).say(QUESTION)
    assert turn.outcome is Outcome.ANSWERED
    assert turn.reply.text.startswith(ORIGINAL)


@pytest.mark.parametrize("token", ["<NAME_1>", "＜NAME_1＞"])
def test_what_a_customer_gave_is_not_told_as_the_banks(meet: Meet, token: str) -> None:
    talk = meet(SpeakingLLM([f"主卡年费为每年3600元，请{token}办理[1]。", "主卡年费为每年3600元[1]。"]))
    heard, turn = talk.heard(f"我叫林晓雯，{QUESTION}")
    assert talk.llm.asked
    assert not any("晓雯" in asked.user for asked in talk.llm.asked)
    assert "晓雯" not in "".join(heard)
    assert "NAME" not in turn.reply.text
    assert "晓雯" not in turn.reply.text


@pytest.mark.parametrize("last", ["请携带有效身份证件到任一网点办理开户[1]。", "开户收费800元[1]。", "[0]"])
def test_what_stands_before_an_answer_is_heard_once_and_with_it(meet: Meet, last: str) -> None:
    talk = meet(SpeakingLLM(["您好！", "开户收费500元[1]。", last], [{"question": "怎么开户"}]))
    heard, turn = talk.heard("想在你们这儿弄个户头得带啥去哪儿整")
    assert any(asked.prompt.startswith("rewrite@") for asked in talk.llm.asked)
    assert turn.reply.text.startswith("".join(heard))


def test_nothing_of_the_staffs_reaches_a_model_for_a_customer(meet: Meet) -> None:
    talk = meet(SpeakingLLM(["主卡年费为每年3600元[1]。"]))
    for text in (QUESTION, "白金卡每张佣金多少", "内部佣金办法是什么"):
        talk.say(text)
    assert talk.llm.asked
    assert not any("佣金为80元" in asked.user or "内部使用" in asked.user for asked in talk.llm.asked)


def test_a_question_is_read_in_other_words_and_that_is_said(meet: Meet) -> None:
    talk = meet(SpeakingLLM(["请携带有效身份证件到任一网点办理开户[1]。"], [{"question": "怎么开户"}]))
    turn = talk.say("想在你们这儿弄个户头得带啥去哪儿整")
    assert turn.outcome is Outcome.ANSWERED
    if any(asked.prompt.startswith("rewrite@") for asked in talk.llm.asked):
        assert turn.reply.text.startswith("（我理解您问的是：怎么开户）")
    assert "有效身份证件" in turn.reply.text


def test_a_rewriting_that_brings_in_another_product_is_not_believed(meet: Meet) -> None:
    talk = meet(SpeakingLLM(fills=[{"question": QUESTION}]))
    turn = talk.say("火星移民的名额还剩下多少个呢")
    assert "3600" not in turn.reply.text
    assert turn.outcome is Outcome.ABSTAINED


def test_what_is_said_within_a_task_is_not_told_with_a_question(meet: Meet) -> None:
    talk = meet(SpeakingLLM(fills=[{"question": ""}] * 9))
    for said in ("我要投诉", "服务态度", "湿地路99号的林晓雯乱扣我钱", "不办了", "想在你们这儿弄个户头得带啥去哪儿整"):
        talk.say(said)
    asked = [one.user for one in talk.llm.asked if one.prompt.startswith("rewrite@")]
    assert asked
    assert not any("湿地路" in one for one in asked)


def test_a_rewriting_that_brings_in_another_term_is_not_believed(meet: Meet) -> None:
    talk = meet(SpeakingLLM(fills=[{"question": "存三年定期利率多少"}]))
    assert "三年" not in talk.say("想在你们这儿搁两年能有多少赚头呢").reply.text


class TestSecondOpinion:
    UNSURE = "我想弄一下密码"

    def test_a_model_tells_which_task_is_meant(self, meet: Meet) -> None:
        talk = meet(SpeakingLLM(fills=[{"means": "task:reset_card_password"}]))
        turn = talk.say(self.UNSURE)
        assert turn.flow is not None
        assert turn.flow.id == "reset_card_password"

    @pytest.mark.parametrize("means", ["task:report_lost_card", "task:", "confirm", "yes", "transfer_money"])
    def test_what_was_not_offered_is_not_believed(self, meet: Meet, means: str) -> None:
        talk = meet(SpeakingLLM(fills=[{"means": means}]))
        turn = talk.say(self.UNSURE)
        assert turn.outcome is Outcome.CLARIFYING
        assert turn.flow is None

    def test_what_sounds_like_no_question_may_be_a_wish(self, meet: Meet) -> None:
        assert meet(SpeakingLLM(fills=[{"means": "unclear"}])).say("换手机了").flow is None
        turn = meet(SpeakingLLM(fills=[{"means": "task:change_phone"}])).say("换手机了")
        assert turn.flow is not None
        assert turn.flow.id == "change_phone"

    def test_a_value_is_taken_from_the_customers_own_words_alone(self, meet: Meet) -> None:
        talk = meet(SpeakingLLM(fills=[{"means": "value", "words": "13900139023"}] * 3))
        talk.say("我要投诉")
        before = talk.assistant.conversation(talk.conversation).frames
        talk.say("嗯哪呗")
        assert talk.assistant.conversation(talk.conversation).frames[-1].slots == before[-1].slots

    @pytest.mark.parametrize("words", ["好", "是", "确认", "对"])
    def test_a_model_never_says_yes(self, meet: Meet, words: str) -> None:
        talk = meet(SpeakingLLM(fills=[{"means": "value", "words": words}] * 3))
        talk.say("我要挂失银行卡")
        talk.say(f"{words}像哪里不太{words}劲的样子")
        happened = talk.assistant.events(talk.conversation)
        assert not any(isinstance(one, CallStarted) for one in happened)
        assert not any(isinstance(command, Answer) for command in talk.understood.commands)

    @pytest.mark.parametrize(
        ("words", "message", "whole"),
        [
            ("13900139023", "号码嘛139001390231呀", False),
            ("5万", "就1.5万吧", False),
            ("十万", "二十万好了", False),
            ("1.5万", "就1.5万吧", True),
            ("3月5日", "2026年3月5日那天", True),
        ],
    )
    def test_a_part_of_a_figure_is_no_value(self, words: str, message: str, whole: bool) -> None:
        assert stands_whole(words, message) == whole

    @pytest.mark.parametrize(("said", "gives_up"), [("你猜猜看", False), ("你改天猜猜看", True)])
    def test_a_task_is_given_up_by_the_customers_words_alone(self, meet: Meet, said: str, gives_up: bool) -> None:
        talk = meet(SpeakingLLM(fills=[{"means": "cancel"}] * 3))
        talk.assistant.sign_in(talk.conversation, "c1001")
        talk.say("换手机号")
        talk.say(talk.bank.code("c1001"))
        turn = talk.say(said)
        assert any(asked.prompt.startswith("commands@") for asked in talk.llm.asked)
        assert (turn.outcome is Outcome.FLOW_CANCELLED) == gives_up

    def test_what_is_said_while_a_code_is_awaited_is_not_shown_to_a_model(self, meet: Meet) -> None:
        talk = meet(SpeakingLLM(fills=[{"means": "unclear"}] * 9))
        talk.assistant.sign_in(talk.conversation, "c1001")
        talk.say("换手机号")
        for said in ("好像是73516吧", "嗯哪呗七三五一六", "收到的那个啥7351"):
            talk.say(said)
        assert not any("7351" in asked.user or "七三五" in asked.user for asked in talk.llm.asked)

    def test_a_model_that_fails_leaves_the_question_back(self, meet: Meet) -> None:
        assert meet(SpeakingLLM()).say(self.UNSURE).outcome is Outcome.CLARIFYING

    def test_who_is_clear_is_not_asked_about(self, meet: Meet) -> None:
        talk = meet(SpeakingLLM(fills=[{"means": "question"}]))
        talk.say("我要修改预留手机号")
        assert talk.llm.asked == []


@pytest.mark.parametrize("failure", Failure)
def test_whatever_fails_the_customer_is_answered(
    failure: Failure, template: Path, library: Search, embedder: Embedder, tmp_path: Path
) -> None:
    settings, script = Settings(data_dir=tmp_path), Scripted([Line(prompt="answer", fail=failure)])
    database = bootstrap.build_database(settings)
    with bank.running(template, tmp_path / "bank") as running:
        storage = bootstrap.build_storage(settings, database)
        assistant = bootstrap.build_assistant(settings, storage, library, embedder, running.port, script)
        conversation, _token, _reply = assistant.start(Audience.CUSTOMER, "zh-CN")
        turn = assistant.respond(conversation, QUESTION)
        assert turn.outcome is Outcome.ANSWERED
        assert turn.reply.text.startswith(ORIGINAL)
        (asked,) = (one for one in assistant.events(conversation) if isinstance(one, ModelAsked))
        assert asked.failure == failure.value
    database.close()
