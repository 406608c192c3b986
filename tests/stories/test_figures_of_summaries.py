"""Whatever has happened in a story, the summary that an agent reads holds no figure that did not come of it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest

from assistant import summary
from assistant.command import NotUnderstood
from assistant.conversation import fold
from assistant.desk_rules import load
from assistant.event import Event, KnowledgeAbstained, KnowledgeAnswered, MessageUnderstood
from assistant.flow import read_all
from assistant.flow_event import CallEnded, CodeChecked, FlowStarted, SlotFilled
from assistant.question import open_question
from assistant.reason import Reason
from assistant.settings import Settings
from assistant.slot import Filled
from assistant.ticket import Status, Ticket
from assistant.ticket_kind import Kind
from assistant.wording import Wordings
from tests.stories.conftest import SetStage
from tests.stories.story import Story, stories

KINDS = {"handoff", "rejected_value", "several", "knowledge_in_flow"}
STORIES = [(name, story) for name, story in stories(Path(__file__).parent) if story.kind in KINDS]
FLOWS = read_all(Settings().flows_dir)
RULES = load(Settings().desk_file)
WORDS = Wordings("云杉银行", "小杉", "400-000-9528")
NOW = datetime(2026, 7, 3, 6, 30, tzinfo=UTC)
AT = "2026-07-03T06:05:09.123+00:00"
CLOCK = ("14", "05")
_FIGURE = re.compile("[0-9]+")


def _values(events: Sequence[Event]) -> Iterator[Filled]:
    for event in events:
        if isinstance(event, SlotFilled):
            yield event.value
        elif isinstance(event, CallEnded):
            yield from (one for one in event.values.values() if isinstance(one, Filled))
        elif isinstance(event, FlowStarted):
            yield from (one for one in event.slots.values() if isinstance(one, Filled))


def _shown(events: Sequence[Event]) -> Iterator[str]:
    """What the events say of figures: what was said, what is known as it is shown, and how often something failed."""
    yield from (message.text for message in fold(events).messages)
    yield from (one.question for one in events if isinstance(one, KnowledgeAnswered | KnowledgeAbstained))
    yield from (one.shown for one in _values(events))
    yield str(sum(isinstance(one, CodeChecked) and one.outcome == "wrong" for one in events))
    understood = (one.commands for one in events if isinstance(one, MessageUnderstood))
    yield str(sum(any(isinstance(one, NotUnderstood) for one in commands) for commands in understood))


@pytest.mark.parametrize("story", [story for _, story in STORIES], ids=[name for name, _ in STORIES])
def test_no_figure_is_invented(story: Story, set_stage: SetStage) -> None:
    stage = set_stage(story)
    for turn in story.turns:
        stage.play(turn)
    events = stage.assistant.events(stage.conversation)
    state = fold(events)
    ticket = Ticket("t", "c", Kind.TALK, Status.WAITING, Reason.ASKED, "general", "", 0, False, AT, AT, AT, AT)
    allowed = {figure for text in _shown(events) for figure in _FIGURE.findall(text)} | set(CLOCK)
    for locale, language in (("zh-CN", "zh"), ("en", "en")):
        frame, words = state.frame, WORDS.of(locale)
        asked = open_question(FLOWS[frame.flow], frame, state.identity(NOW), words) if frame else None
        lines = summary.compose(events, ticket, asked, FLOWS, RULES, language, NOW)
        text = "\n".join(lines)
        assert len(lines) <= 8
        assert set(_FIGURE.findall(text)) <= allowed, text
        assert not [one for one in _values(events) if "*" in one.shown and one.value in text], text
