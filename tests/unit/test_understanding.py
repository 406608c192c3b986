from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import cache

import pytest

from assistant import bootstrap
from assistant.command import (
    Answer,
    AskHuman,
    AskKnowledge,
    Command,
    MakeSmalltalk,
    PressStaleChoice,
    Repeat,
    SetSlot,
    StartFlow,
    Topic,
)
from assistant.conversation import Conversation
from assistant.reply import Choice
from assistant.said import HUMAN_CHOICE
from assistant.settings import Settings
from assistant.understanding import Understanding
from knowledge_base.lexicon import Lexicon, Names

TODAY = date(2026, 11, 22)
TAGS = frozenset({"白金卡", "青年卡"})
NEW = Conversation()
OFFERED = Conversation(
    choices=(Choice("ask:1", "怎么开户"), Choice("ask:2", "怎么销户"), Choice(HUMAN_CHOICE, "转人工"))
)
ASKED = Conversation(question="白金卡年费是多少", subject="云杉白金信用卡")


LEXICON = Lexicon([Names(frozenset({"云杉白金信用卡", "云杉青年信用卡", "云杉稳盈90天"}), None, TAGS)])


@cache
def understanding() -> Understanding:
    """The whole of it, over the shipped tasks and the bundled model."""
    settings = Settings()
    flows = bootstrap.build_flows(settings)
    classifier = bootstrap.build_classifier(settings, bootstrap.build_embedder(settings), flows)
    return Understanding(classifier, flows, lambda _audience: LEXICON)


def understood(message: str, conversation: Conversation = NEW, choice: str | None = None) -> Command:
    (command,) = understanding().understand(message, choice, conversation, None, TODAY)
    return command


def question(message: str, conversation: Conversation = NEW, choice: str | None = None) -> str:
    """The question that a message is taken to ask."""
    command = understood(message, conversation, choice)
    assert isinstance(command, AskKnowledge)
    return command.question


@pytest.mark.parametrize(
    ("message", "topic"),
    [
        ("你好", Topic.GREETING),
        ("您好！", Topic.GREETING),
        ("早上好~", Topic.GREETING),
        ("在吗？", Topic.GREETING),
        ("Hello", Topic.GREETING),
        ("谢谢", Topic.THANKS),
        ("好的，谢谢您啦", Topic.THANKS),
        ("謝謝", Topic.THANKS),
        ("OK", Topic.THANKS),
        ("知道了。", Topic.THANKS),
        ("thank you very much", Topic.THANKS),
        ("再见", Topic.GOODBYE),
        ("没别的事了", Topic.GOODBYE),
        ("bye!", Topic.GOODBYE),
        ("你是谁", Topic.IDENTITY),
        ("你是真人吗？", Topic.IDENTITY),
        ("are you a robot?", Topic.IDENTITY),
        ("你是人工智能吗", Topic.IDENTITY),
        ("你能做什么", Topic.ABILITY),
        ("你可以帮我办什么业务？", Topic.ABILITY),
        ("what can you do?", Topic.ABILITY),
    ],
)
def test_small_talk_is_taken_as_such(message: str, topic: Topic) -> None:
    assert understood(message) == MakeSmalltalk(topic)


@pytest.mark.parametrize(
    "message",
    [
        "你好，白金卡年费是多少",
        "谢谢，那怎么开户",
        "好的理财产品有哪些",
        "你们行有什么信用卡",
        "hello kitty联名卡的年费",
    ],
)
def test_small_talk_with_a_question_is_a_question(message: str) -> None:
    assert isinstance(understood(message), AskKnowledge)


@pytest.mark.parametrize(
    "message",
    [
        "转人工", "我要转人工！", "人工", "人工客服", "帮我找个真人", "轉人工", "找客服", "真人客服在哪",
        "I want to talk to a person", "human agent please", "跟真人说",
    ],
)  # fmt: skip
def test_a_wish_for_a_person_is_heard(message: str) -> None:
    assert understood(message) == AskHuman()


@pytest.mark.parametrize("message", ["人工客服几点上班", "人工客服电话是多少", "人工服务时间", "人工智能基金的风险"])
def test_a_question_about_the_service_is_a_question(message: str) -> None:
    assert isinstance(understood(message), AskKnowledge)


@pytest.mark.parametrize(
    "message", ["再说一遍", "没听清", "没看明白", "say it again", "重复一次", "再说一次", "再說一遍"]
)
def test_a_wish_to_hear_it_again_is_heard(message: str) -> None:
    assert understood(message) == Repeat()


class TestChoices:
    def test_a_button_asks_what_it_says(self) -> None:
        assert question("", OFFERED, "ask:2") == "怎么销户"

    def test_the_button_for_a_person_brings_one(self) -> None:
        assert understood("", OFFERED, HUMAN_CHOICE) == AskHuman()

    @pytest.mark.parametrize("choice", ["ask:9", "", "confirm:1"])
    def test_a_button_that_is_not_offered_is_stale(self, choice: str) -> None:
        assert understood("怎么开户", OFFERED, choice) == PressStaleChoice()
        assert understood("怎么开户", NEW, HUMAN_CHOICE) == PressStaleChoice()

    @pytest.mark.parametrize(
        "message", ["第二个", "2", "选2", "第2项吧", "要第二个", "the second one", "second", "２", "②"]
    )
    def test_an_ordinal_presses_a_button(self, message: str) -> None:
        assert question(message, OFFERED) == "怎么销户"

    @pytest.mark.parametrize("message", ["最后一个", "最后一张", "选最后一项吧"])
    def test_the_last_is_the_last(self, message: str) -> None:
        assert understood(message, OFFERED) == AskHuman()

    @pytest.mark.parametrize("message", ["第四个", "9", "20", "2026", "第二张卡的年费", "0"])
    def test_an_ordinal_beyond_the_choices_is_a_question(self, message: str) -> None:
        assert question(message, OFFERED) not in {choice.label for choice in OFFERED.choices}

    def test_an_ordinal_without_choices_is_a_question(self) -> None:
        assert question("第二个", NEW) == "第二个"


class TestFollowUps:
    @pytest.mark.parametrize(
        "message", ["那青年卡呢", "青年卡呢？", "那云杉青年信用卡呢", "那青年卡", "what about 青年卡"]
    )
    def test_another_name_is_asked_the_same(self, message: str) -> None:
        asked = question(message, ASKED)
        assert "青年" in asked
        assert "年费" in asked
        assert "白金" not in asked

    @pytest.mark.parametrize(
        "message", ["那额度呢", "它的额度呢", "额度多少", "额度是多少？", "那額度呢", "这张卡的额度"]
    )
    def test_another_attribute_is_asked_of_the_same(self, message: str) -> None:
        asked = question(message, ASKED)
        assert "云杉白金信用卡" in asked
        assert "额度" in asked
        assert "年费" not in asked

    @pytest.mark.parametrize(
        "message",
        [
            "青年卡的额度是多少", "怎么开户", "存款保险最高赔多少", "我的身份证丢了怎么办", "手机银行密码忘了怎么办",
            "网点几点开门", "其他银行转账收费吗", "稳盈90天的风险等级是什么",
        ],
    )  # fmt: skip
    def test_what_stands_on_its_own_is_left_alone(self, message: str) -> None:
        assert question(message, ASKED) == message

    def test_without_an_earlier_question_nothing_is_completed(self) -> None:
        assert "白金" not in question("那额度呢", NEW)

    def test_without_a_subject_the_earlier_question_is_the_topic(self) -> None:
        asked = question("那额度呢", replace(ASKED, subject=None))
        assert "白金卡" in asked
        assert "额度" in asked


@pytest.mark.parametrize(
    ("message", "day"), [("去年的白金卡年费是多少", date(2025, 12, 31)), ("白金卡年费是多少", None)]
)
def test_the_day_that_is_asked_about_is_noted(message: str, day: date | None) -> None:
    command = understood(message)
    assert isinstance(command, AskKnowledge)
    assert (command.question, command.as_of) == (message, day)


@pytest.mark.parametrize("message", ["？", "👍", "呢", "。。。", "的", "n", "那呢", "它", "第", "\u202e", "9" * 2_000])
def test_odd_messages_are_commands_too(message: str) -> None:
    for conversation in (NEW, OFFERED, ASKED):
        assert understanding().understand(message, None, conversation, None, TODAY)


class TestTasks:
    @pytest.mark.parametrize(
        ("message", "flow"),
        [("我换号码了", "change_phone"), ("我的信用卡丢了", "report_lost_card"), ("我要投诉你们", "file_complaint")],
    )
    def test_a_wish_begins_it(self, message: str, flow: str) -> None:
        command = understood(message)
        assert isinstance(command, StartFlow)
        assert command.flow == flow

    @pytest.mark.parametrize(
        "message",
        [
            "我同事换手机号跑了三趟银行",
            "工商银行的卡丢了怎么办",
            "我想了解一下换手机号的流程，先不办",
            "公交卡丢了在哪挂失",
            "我要投诉外卖小哥",
            "我朋友的U盾密码忘了",
            "微博的手机号想换掉",
        ],
    )
    def test_what_is_of_others_or_just_in_case_begins_nothing(self, message: str) -> None:
        assert not isinstance(understood(message), StartFlow)

    @pytest.mark.parametrize("message", ["挂失要多少钱", "挂失后几天能补卡", "投诉多久有结果"])
    def test_a_question_about_an_alarming_task_is_answered_and_the_task_offered(self, message: str) -> None:
        command = understood(message)
        assert isinstance(command, AskKnowledge)

    @pytest.mark.parametrize("message", ["是", "确认", "好的", "对", "不"])
    def test_a_bare_yes_or_no_begins_nothing(self, message: str) -> None:
        assert isinstance(understood(message), Answer | MakeSmalltalk)

    def test_two_wishes_in_one_message_are_both_heard(self) -> None:
        found = understanding().understand("我要换手机号，顺便查一下信用卡申请进度", None, NEW, None, TODAY)
        assert [one.flow for one in found if isinstance(one, StartFlow)] == ["change_phone", "card_application_status"]

    def test_what_comes_with_the_wish_is_taken(self) -> None:
        first, *more = understanding().understand("把手机号换成13900139000", None, NEW, None, TODAY)
        assert isinstance(first, StartFlow)
        assert [command.value.value for command in more if isinstance(command, SetSlot)] == ["13900139000"]
