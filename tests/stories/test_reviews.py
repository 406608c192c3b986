"""Reviews at the desk: what they wait for, and that what was decided meanwhile is told in the end."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest

from assistant import bootstrap
from assistant.assistant import Assistant
from assistant.desk import Desk, TooFewPictures
from assistant.reply import Outcome
from assistant.settings import Settings
from assistant.ticket import IllegalMove, Status
from evals import bank
from knowledge_base.embedder import Embedder
from knowledge_base.passage import Audience
from knowledge_base.search import Search
from tests.unit.test_photo import picture, written

FLOW = "reset_card_password"
PHOTO = written(picture(), "JPEG")


@dataclass
class Waiting:
    """A customer who waits for the review of a card's PIN."""

    assistant: Assistant
    desk: Desk
    conversation: str
    ticket: str

    def last(self) -> str:
        return self.assistant.conversation(self.conversation).messages[-1].text


Wait = Callable[[int], Waiting]


@pytest.fixture
def wait(tmp_path: Path, template: Path, library: Search, embedder: Embedder) -> Iterator[Wait]:
    """Takes a customer to the review, which needs so many pictures."""
    with ExitStack() as stack:

        def take(pictures: int) -> Waiting:
            flow = (Settings().flows_dir / f"{FLOW}.yaml").read_text(encoding="utf-8")
            skill = "    skill: video_review\n"
            assert skill in flow
            (tmp_path / "flows").mkdir()
            needing = flow.replace(skill, f"{skill}    needs_pictures: {pictures}\n")
            (tmp_path / "flows" / f"{FLOW}.yaml").write_text(needing, encoding="utf-8")
            settings = Settings(data_dir=tmp_path, flows_dir=tmp_path / "flows", models_dir=tmp_path / "models")
            database = bootstrap.build_database(settings)
            stack.callback(database.close)
            storage = bootstrap.build_storage(settings, database)
            running = stack.enter_context(bank.running(template, tmp_path / "bank"))
            house = bootstrap.build_house(settings, storage, library, embedder, running.port)
            assistant = house.assistant
            conversation, _token, _reply = assistant.start(Audience.CUSTOMER, "zh-CN", "c1007")
            assistant.respond(conversation, "你能做什么")
            assistant.respond(conversation, "", FLOW)
            for message in (running.code("c1007"), "第一张", "忘了"):
                assistant.respond(conversation, message)
            review = assistant.conversation(conversation).review
            assert review
            return Waiting(assistant, house.desk, conversation, review.id)

        yield take


def test_pictures_are_asked_for_and_waited_for(wait: Wait) -> None:
    waiting = wait(2)
    assert "请用照片出示证件，至少2张。" in waiting.last()
    for number in range(2):
        with pytest.raises(TooFewPictures, match=f"There are {number} of 2"):
            waiting.desk.review("agent", waiting.ticket, approved=True)
        waiting.desk.pictures.send(waiting.conversation, f"{number}.jpg", PHOTO)
    assert waiting.desk.review("agent", waiting.ticket, approved=True).status is Status.RESOLVED
    assert "确认重置吗" in waiting.last()


def test_who_shows_nothing_can_be_refused(wait: Wait) -> None:
    waiting = wait(2)
    waiting.desk.review("agent", waiting.ticket, approved=False, reason="没有出示证件")
    assert "未通过原因：没有出示证件" in waiting.last()


def test_it_is_decided_and_never_closed_without(wait: Wait) -> None:
    waiting = wait(0)
    waiting.desk.claim("agent", waiting.ticket)
    with pytest.raises(IllegalMove, match="approve or refuse"):
        waiting.desk.resolve("agent", waiting.ticket, "answered")
    with pytest.raises(IllegalMove, match="approve or refuse"):
        waiting.desk.give_back("agent", waiting.ticket)
    assert waiting.desk.review("agent", waiting.ticket, approved=True).status is Status.RESOLVED


def test_a_refusal_while_a_person_talks_is_told_when_that_person_has_gone(wait: Wait) -> None:
    waiting = wait(0)
    assert "照片" not in waiting.last()
    asked = waiting.assistant.respond(waiting.conversation, "转人工")
    assert asked.ticket
    waiting.desk.claim("agent2", asked.ticket.id)
    waiting.desk.review("agent", waiting.ticket, approved=False, reason="视频没有接通")
    talking = waiting.assistant.respond(waiting.conversation, "我想问一下")
    assert (talking.outcome, talking.reply.text) == (Outcome.WITH_HUMAN, "")
    after = waiting.desk.give_back("agent2", asked.ticket.id)
    assert "未通过原因：视频没有接通" in after.reply.text
    assert "没有重置" in after.reply.text
