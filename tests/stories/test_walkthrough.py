"""The new task that ARCHITECTURE.md walks through is a task: its very files are loaded, proved and played."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import assistant.actions
import assistant.demo_bank.operations
from assistant import bootstrap, task_examples
from assistant.action import actions
from assistant.demo_bank import members
from assistant.flow import read_all
from assistant.flow_check import check
from assistant.settings import Settings
from assistant.task_classifier import Start, TaskClassifier
from evals import bank
from evals.evaluators.end_state import found
from knowledge_base.embedder import Embedder
from knowledge_base.passage import Audience
from knowledge_base.search import Search
from tests.stories.story import Said, Stage, Story
from tests.stories.story import check as check_turn

ROOT = Path(__file__).parents[2]
FILE = re.compile(r"^`(assistant/\S+)`: .*?\n```\w+\n(.*?)^```", re.MULTILINE | re.DOTALL)
STORY = Story.model_validate(
    {
        "name": "the walkthrough",
        "kind": "happy_path",
        "customer": "c1001",
        "turns": [
            {"press_id": "change_email", "outcome": "in_flow", "flow": "change_email"},
            {"code": "right", "reply": ["请告诉我新的电子邮箱"]},
            {"say": "lin.xw@new.example", "reply": ["l***@new.example", "确认吗"]},
            {"press": "确认办理", "outcome": "flow_done", "reply": ["回执号"]},
        ],
    }
)


@pytest.fixture
def written(tmp_path: Path) -> Iterator[Path]:
    """The folder that holds the files of the walkthrough, as someone who follows it would have written them."""
    files = FILE.findall((ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8"))
    assert len(files) == 3
    for name, content in files:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")
    packages = (assistant.actions, assistant.demo_bank.operations)
    for package in packages:
        package.__path__.append(str(tmp_path / package.__name__.replace(".", "/")))
    _forget()
    yield tmp_path
    for package in packages:
        package.__path__.pop()
    _forget()


def _forget() -> None:
    for known in (actions, members.operations):
        known.cache_clear()


def test_it_is_proved_and_found_and_done(written: Path, library: Search, embedder: Embedder, template: Path) -> None:
    flows = read_all(written / "assistant" / "flows")
    assert check(flows, actions()) == []
    classifier = TaskClassifier(embedder, task_examples.load(flows))
    assert classifier.understand("我想把邮箱改成新的") == Start("change_email")
    settings = Settings(data_dir=written / "data", flows_dir=written / "assistant" / "flows")
    database = bootstrap.build_database(settings)
    with bank.running(template, written / "bank") as running:
        storage = bootstrap.build_storage(settings, database)
        teller = bootstrap.build_assistant(settings, storage, library, embedder, running.port)
        conversation, _token, reply = teller.start(Audience.CUSTOMER, "zh-CN", "c1001")
        stage = Stage(teller, running, "c1001", conversation, reply)
        teller.respond(conversation, "你能做什么")
        for number, turn in enumerate(STORY.turns, start=1):
            told = stage.play(Said.model_validate(turn.model_dump()))
            assert told
            check_turn(turn, told, number)
        assert found(running.record("c1001"), "customers[0].email") == "lin.xw@new.example"
    database.close()
