"""From the middle of every task to a person and back: the task stands where it stood, and ends as if nobody had come between."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.conversation import fold
from assistant.question import Wants
from assistant.reply import Outcome
from assistant.ticket import Status
from evals.evaluators.end_state import found
from tests.stories.conftest import SetStage
from tests.stories.story import Said, Stage, Story, check, stories

FOLDER = Path(__file__).parent
ALSO = ("identity", "clarification")
"""Kinds of stories that are played too where a task only reads, and so asks little in its happy stories."""
READING = ("card_application_status", "query_transactions")
ASKS = {"zh-CN": "转人工", "en": "I would like to talk to a human agent"}
GOES = {"zh-CN": "王芳的服务已结束", "en": "王芳 has finished"}
MEANT_FOR_THE_AGENT = {
    "zh-CN": ("是", "取消", "第一个", "我的验证码是 048213", "ok"),
    "en": ("yes", "cancel", "the first one", "my code is 048213", "ok"),
}


def chosen() -> Iterator[tuple[str, Story]]:
    """The first and the last happy story of each task, and more of those that ask little."""
    by_flow: dict[str, list[tuple[str, Story]]] = defaultdict(list)
    for name, story in stories(FOLDER):
        by_flow[name.partition(":")[0]].append((name, story))
    for flow, told in by_flow.items():
        happy = [one for one in told if one[1].kind == "happy_path"]
        also = [one for one in told if flow in READING and one[1].kind in ALSO]
        yield from dict([*happy[:1], *happy[-1:], *also]).items()


def hand_over_and_back(stage: Stage) -> None:
    """An agent takes the conversation, both say something, and the assistant gets it back; nothing else may happen."""
    before, shown = stage.assistant.conversation(stage.conversation), stage.reply.choices
    asked = stage.play(Said(say=ASKS[before.locale]))
    assert asked and asked.outcome is Outcome.HANDED_OFF
    stage.play(Said(agent="claim", by="王芳"))
    called, record = len(stage.bank.calls), stage.bank.record(stage.customer) if stage.customer else None
    stage.play(Said(agent="write", by="王芳", text="您好，请问有什么可以帮您？"))
    for text in MEANT_FOR_THE_AGENT[before.locale]:
        heard = stage.play(Said(say=text))
        assert heard and heard.outcome is Outcome.WITH_HUMAN and heard.reply.text == ""
    for button in (*shown[:2], *asked.reply.choices[-1:]):
        pressed = stage.play(Said(press_id=button.id))
        assert pressed and pressed.outcome is Outcome.WITH_HUMAN and pressed.reply.text == ""
        assert stage.assistant.conversation(stage.conversation).messages[-1].text == button.label
    stage.play(Said(agent="write", by="王芳", text="好的，请您接着办。"))
    assert stage.assistant.conversation(stage.conversation).frames == before.frames
    back = stage.play(Said(agent="return", by="王芳", text="客户已清楚"))
    after = stage.assistant.conversation(stage.conversation)
    assert len(stage.bank.calls) == called, stage.bank.calls[called:]
    assert stage.customer is None or stage.bank.record(stage.customer) == record
    assert fold(stage.assistant.events(stage.conversation)).frames == after.frames == before.frames
    assert back and back.reply.text.startswith(GOES[before.locale])
    assert {one.id for one in shown} - {"human"} <= {one.id for one in back.reply.choices} | {"human"}
    assert (after.mode, after.talk, after.tickets) == ("assistant", None, before.tickets)
    assert stage.ticket.status is Status.RETURNED


@pytest.mark.parametrize("story", [story for _, story in chosen()], ids=[name for name, _ in chosen()])
def test_it_ends_as_it_would_have(story: Story, set_stage: SetStage) -> None:
    stage = set_stage(story)
    handed, confirmed = 0, False
    for number, turn in enumerate(story.turns, start=1):
        told = stage.play(turn)
        if told:
            check(turn, told, number)
        open_task = stage.assistant.open_task(stage.conversation)
        if open_task:
            handed += 1
            confirmed |= open_task.wants is Wants.YES_NO
            hand_over_and_back(stage)
    assert stage.assistant.conversation(stage.conversation).frames == ()
    assert len(stage.tickets) >= handed
    record = stage.bank.record(stage.customer or "") if story.bank else {}
    for path, wanted in story.bank.items():
        assert found(record, path) == wanted, path
    happened = {event.type for event in stage.assistant.events(stage.conversation)}
    assert confirmed or "call_started" not in happened


def test_the_clock_begins_anew_after_a_matter_was_settled(set_stage: SetStage) -> None:
    stage = set_stage(Story(name="twice", kind="handoff", turns=[Said(say="转人工")]))
    stage.play(Said(say="转人工"))
    stage.play(Said(say="还要等多久，转人工"))
    first = stage.ticket
    assert stage.tickets == [first]
    stage.play(Said(agent="claim", by="王芳"))
    stage.play(Said(agent="resolve", by="王芳"))
    stage.play(Said(say="转人工"))
    assert [one.status for one in stage.tickets] == [Status.RESOLVED, Status.WAITING]
    assert stage.ticket.asked_at > first.asked_at and stage.ticket.rank > first.rank
