"""Plays every story: the replies, the events, and the end state of the bank."""

from __future__ import annotations

from pathlib import Path

import pytest

from evals.evaluators.end_state import found, in_order
from tests.stories.conftest import SetStage
from tests.stories.story import Story, check, stories

STORIES = stories(Path(__file__).parent)


@pytest.mark.parametrize("story", [story for _, story in STORIES], ids=[name for name, _ in STORIES])
def test_story(story: Story, set_stage: SetStage) -> None:
    stage = set_stage(story)
    for number, turn in enumerate(story.turns, start=1):
        told = stage.play(turn)
        if told:
            check(turn, told, number)
        stage.look(turn, number)
    happened = [event.type for event in stage.assistant.events(stage.conversation)]
    assert in_order(story.events, happened), f"{story.events} not in {happened}"
    assert not set(story.not_events) & set(happened), f"{set(story.not_events) & set(happened)} happened"
    assert story.tickets in (None, len(stage.tickets)), stage.tickets
    if stage.script:
        assert stage.script.left == []
    if story.bank:
        record = stage.bank.record(stage.customer or "")
        for path, wanted in story.bank.items():
            assert found(record, path) == wanted, path
