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
from assistant.settings import Settings
from knowledge_base.embedder import Embedder
from knowledge_base.passage import Audience
from knowledge_base.search import Search
from tests import bank
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
            met.append(Talk(house.assistant, conversation, llm))
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
