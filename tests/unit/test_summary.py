from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from assistant import summary
from assistant.alarm import Kind as Alarm
from assistant.command import NotUnderstood
from assistant.conversation import fold
from assistant.desk_rules import load
from assistant.event import (
    AlarmRaised,
    ConversationStarted,
    Event,
    KnowledgeAbstained,
    KnowledgeAnswered,
    MessageReceived,
    MessageUnderstood,
)
from assistant.flow import read_all
from assistant.flow_event import (
    CallEnded,
    CallFailed,
    CallStarted,
    CodeChecked,
    FlowEnded,
    FlowStarted,
    SlotFilled,
    SlotRejected,
)
from assistant.question import open_question
from assistant.reason import Reason
from assistant.reply import Reply
from assistant.settings import Settings
from assistant.slot import Filled
from assistant.step import Status as Ended
from assistant.ticket import Status, Ticket
from assistant.ticket_event import TicketClaimed, TicketOpened, TicketReleased, TicketTransferred
from assistant.ticket_kind import Kind
from assistant.wording import Wordings
from knowledge_base.passage import Audience

FLOWS = read_all(Settings().flows_dir)
RULES = load(Settings().desk_file)
WORDS = Wordings("云杉银行", "小杉", "400-000-9528")
NOW = datetime(2026, 7, 3, 6, 30, tzinfo=UTC)
ASKED_AT = "2026-07-03T06:05:09.123+00:00"
START = ConversationStarted(Audience.CUSTOMER, "zh-CN", Reply("您好"))
SIGNED_IN = replace(START, customer="c1001", signed_in_until="2026-07-03T20:00:00+00:00")
PHONE = FlowStarted("change_phone:3-ab", "change_phone", "number")


def ticket(reason: Reason = Reason.ASKED, **changes: object) -> Ticket:
    plain = Ticket(
        "t1", "c1", Kind.TALK, Status.WAITING, reason, "general", "", 0, False, ASKED_AT, ASKED_AT, ASKED_AT, ASKED_AT
    )
    return replace(plain, **changes)  # type: ignore[arg-type]


def told(events: Sequence[Event], of: Ticket | None = None, language: str = "zh") -> tuple[str, ...]:
    state = fold(events)
    frame, words = state.frame, WORDS.of("en" if language == "en" else "zh-CN")
    asked = open_question(FLOWS[frame.flow], frame, state.identity(NOW), words) if frame else None
    return summary.compose(events, of or ticket(), asked, FLOWS, RULES, language, NOW)


def test_who_and_why_come_first() -> None:
    assert told([START]) == ("原因：客户要求人工，14:05提出。", "客户：没有登录，身份未知。")


def test_since_another_day_tells_the_day() -> None:
    asked = ticket(asked_at="2026-07-02T17:00:00+00:00")
    assert told([START], asked)[0] == "原因：客户要求人工，01:00提出。"
    asked = ticket(asked_at="2026-07-01T02:00:00+00:00")
    assert told([START], asked)[0] == "原因：客户要求人工，7月1日10:00提出。"
    assert told([START], asked, "en")[0] == "Reason: Asked for a person, since 1 Jul 10:00."


def test_an_elder_of_a_level_is_told() -> None:
    assert (
        told([SIGNED_IN], ticket(senior=True, level="金卡"))[1] == "客户：已登录，还没有用验证码核验；老年客户；金卡。"
    )


def test_the_customers_own_words_stand_beside_what_is_grave() -> None:
    opened = TicketOpened("t1", Kind.TALK, Reason.FRAUD, "general", ASKED_AT)
    events: list[Event] = [
        START,
        MessageReceived("有人骗我转了3万"),
        AlarmRaised(Alarm.FRAUD),
        opened,
        MessageReceived("快点"),
    ]
    assert told(events, ticket(Reason.FRAUD))[0] == ("原因：疑似诈骗或资金被盗，14:05提出。客户原话：“有人骗我转了3万”")
    assert told([*events, AlarmRaised(Alarm.DANGER)], ticket(Reason.FRAUD))[0].endswith("对话中还提到：人身安全风险。")


def test_where_the_open_task_stands() -> None:
    phone = SlotFilled(PHONE.frame, "new_phone", Filled("13900139077", "139****9077"))
    assert told([SIGNED_IN, PHONE])[2] == "正在办“变更预留手机号”。"
    assert "139****9077" in told([SIGNED_IN, PHONE, phone])[2]
    assert "13900139077" not in "".join(told([SIGNED_IN, PHONE, phone]))


def test_what_was_sent_and_is_not_known_to_be_done_is_said_first() -> None:
    lost: list[Event] = [
        CallEnded(PHONE.frame, "change_phone", "prepare", "ready", {}, "op1"),
        CallStarted(PHONE.frame, "change_phone", "op1"),
        CallFailed(PHONE.frame, "change_phone", True, "timeout"),
    ]
    lines = told([SIGNED_IN, PHONE, *lost])
    assert lines[2].startswith("“变更预留手机号”已提交，银行还没有告知结果；核清之前请不要重复办理。")
    assert "银行系统没有回应过" in lines[3]


def test_troubles_are_one_line_and_what_was_mended_is_none() -> None:
    troubles: list[Event] = [
        SlotRejected(PHONE.frame, "new_phone", "length"),
        MessageUnderstood((NotUnderstood(),)),
        CodeChecked(PHONE.frame, "identity", "wrong"),
        CodeChecked(PHONE.frame, "identity", "wrong"),
        CodeChecked(PHONE.frame, "identity", "locked"),
    ]
    line = told([SIGNED_IN, PHONE, *troubles])[3]
    assert line == ("没能采纳客户给的：新手机号。有1次没有听懂客户的话。验证码输错2次。验证码输错太多，已锁定。")
    mended = SlotFilled(PHONE.frame, "new_phone", Filled("13900139077", "139****9077"))
    assert "没能采纳" not in "".join(told([SIGNED_IN, PHONE, *troubles, mended]))


def test_questions_are_told_apart_the_latest_first_and_at_most_three() -> None:
    answered: list[Event] = [KnowledgeAnswered(f"问题{name}", None, 1.0, ()) for name in "甲乙丙丁"]
    lines = told([START, *answered, KnowledgeAbstained("月球网点", "too_far", 0.1)])
    assert lines[2:] == ("没有答上：“月球网点”。", "已按文件答复：“问题丁”、“问题丙”、“问题乙”。")


def test_a_long_question_is_cut_but_no_figure_is() -> None:
    line = told([START, KnowledgeAnswered("问" * 57 + "123456789元", None, 1.0, ())])[2]
    assert line.endswith("问…”。")


def test_tasks_that_ended_with_the_receipt_that_the_bank_gave() -> None:
    done: list[Event] = [
        PHONE,
        CallEnded(PHONE.frame, "change_phone", "commit", "done", {"receipt": Filled("R77", "R77")}),
        FlowEnded(PHONE.frame, "change_phone", Ended.DONE),
    ]
    block = FlowStarted("report_lost_card:9-aa", "report_lost_card", FLOWS["report_lost_card"].first)
    given_up: list[Event] = [block, FlowEnded(block.frame, block.flow, Ended.CANCELLED)]
    title = FLOWS["report_lost_card"].title.zh
    assert told([SIGNED_IN, *done, *given_up])[2] == (f"已办成：变更预留手机号（回执号R77）。客户没有继续办：{title}。")


def test_who_had_it_before_with_the_note_but_not_who_has_it_now() -> None:
    had: list[Event] = [
        TicketOpened("t1", Kind.TALK, Reason.ASKED, "general", ASKED_AT),
        TicketClaimed("t1", "wang", "王敏"),
        TicketTransferred("t1", "wang", "cards", note="客户要挂失"),
        TicketClaimed("t1", "li", "李强"),
        TicketReleased("t1", "li"),
        TicketClaimed("t1", "zhao", "赵磊"),
    ]
    now = ticket(status=Status.CLAIMED, claimed_by="zhao")
    assert told([START, *had], now)[2] == "王敏接待过，留言“客户要挂失”。李强接待过。"


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_sentence_can_be_told(language: str) -> None:
    assert all(text.of(language) for text in summary._sentences().values())
