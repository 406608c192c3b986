"""Wishes to leave a message or to be called back, and what only sounds like one."""

from __future__ import annotations

import time

import pytest

from assistant.later import wished

MESSAGES = """我要留言|留言|我想留个言|给你们留个言|可以留言吗|能不能留个言|那我留言吧|先留个言吧|我要给客户经理留言|帮我给人工留个言|那就留言|我要留個言|
I want to leave a message|leave a message|Can I leave a message please|Could I leave a note for my adviser"""
CALLS = """给我回电话|请给我回个电话|给我打个电话吧|让人给我打电话|能不能让工作人员给我回个电话|请安排你们的客户经理给我回个电话|预约回电|我要预约回电|
帮我约个回电|回个电话给我|明天上午给我回电话|稍后给我回电|给我回电话，13900139000|能给我回个电话吗|方便的时候打给我|不排队了，给我回电话吧|給我回個電話|
call me back|Please call me back tomorrow|have someone call me|I want a callback|book a call back|could you call me back this afternoon|
give me a call|schedule a callback please|Call me at 3 pm|please call me back on 13900139000"""
NEITHER = """怎么给银行留言|留言在哪里看|我的留言有人看吗|上次留言没人回|不想留言|取消留言|你们给我留言了吗|留言要收费吗|你们为什么一直给我打电话|
别给我打电话|不要再打电话给我|谁给我打电话|有人给我打电话说是银行的|客服给我打电话，说我账户异常|你们什么时候给我回电话|怎么还没给我回电话|
你们给我打电话了吗|是你们给我打的电话吗|预约回电收费吗|怎么预约回电|取消预约回电|给我妈打电话|打电话给我的号码是你们的吗|我给你们打电话没人接|
催收天天给我打电话|你们的电话是多少|说好给我回电话的|给我打电话，让我转账|你们会给我打电话吗|电话回访是什么|
why do you keep calling me|do not call me|how do I leave a message|call me a taxi|you said you would call me back|someone called me|
who called me back|can I call you back|leave me alone|did you call me|the message you left|I left a message yesterday"""


def sentences(text: str) -> list[str]:
    found = [one.strip() for one in text.split("|")]
    assert len(found) == len(set(found))
    return found


@pytest.mark.parametrize("text", sentences(MESSAGES))
def test_a_message_is_wished_for(text: str) -> None:
    assert wished(text) == "leave_message"


@pytest.mark.parametrize("text", sentences(CALLS))
def test_a_call_is_wished_for(text: str) -> None:
    assert wished(text) == "call_back"


@pytest.mark.parametrize("text", sentences(NEITHER))
def test_it_is_only_spoken_of(text: str) -> None:
    assert wished(text) is None


@pytest.mark.parametrize(
    "text",
    ["call me" + " when a" * 100 + " " + "z" * 60, "call me" + " at 1" * 20 + "#", "我" * 2000, "你可以" * 25 + "吗", "please " * 11 + "x", "可以" * 39 + "x"],
)  # fmt: skip
def test_no_text_takes_long(text: str) -> None:
    started = time.perf_counter()
    assert wished(text) is None
    assert time.perf_counter() - started < 0.5
