"""What people of the bank do while a customer's turn is under way: nothing is done twice, lost, or told wrongly."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from assistant import bootstrap
from assistant.assistant import Assistant
from assistant.bootstrap import House
from assistant.desk import IllegalMove, UnknownAgent
from assistant.human_agent import Presence
from assistant.queue import Queue
from assistant.reply import Outcome, Turn
from assistant.routing import Routing
from assistant.settings import Settings
from assistant.storage import Storage
from evals import bank
from evals.bank import RunningBank
from knowledge_base.embedder import Embedder
from knowledge_base.passage import Audience
from knowledge_base.search import Search


@dataclass
class Meddling:
    """The bank's port; after a call of this name something else happens before the answer arrives."""

    port: Any
    after: dict[str, Callable[[], object]] = field(default_factory=dict)
    calls: list[str] = field(default_factory=list)

    def __getattr__(self, name: str) -> Any:
        def call(*arguments: Any, **named: Any) -> Any:
            self.calls.append(name)
            answer = getattr(self.port, name)(*arguments, **named)
            self.after.pop(name, lambda: None)()
            return answer

        return call


@dataclass
class Scene:
    house: House
    storage: Storage
    bank: RunningBank
    port: Meddling

    @property
    def assistant(self) -> Assistant:
        return self.house.assistant

    def start(self, customer: str | None = None) -> str:
        return self.assistant.start(Audience.CUSTOMER, "zh-CN", customer)[0]

    def say(self, conversation: str, *texts: str) -> Turn:
        turns = [self.assistant.respond(conversation, said) for said in texts]
        return turns[-1]

    def at_the_confirmation(self, conversation: str) -> Turn:
        self.say(conversation, "我要换手机号")
        self.say(conversation, self.bank.code("c1001"), "13900139012")
        return self.say(conversation, self.bank.code("c1001"))

    def ticket(self, conversation: str) -> str:
        opened = self.say(conversation, "转人工").ticket
        assert opened
        return opened.id


@pytest.fixture
def scene(template: Path, library: Search, embedder: Embedder, tmp_path: Path) -> Iterator[Scene]:
    with ExitStack() as stack:
        settings = Settings(data_dir=tmp_path)
        database = bootstrap.build_database(settings)
        stack.callback(database.close)
        running = stack.enter_context(bank.running(template, tmp_path / "bank"))
        port, storage = Meddling(running.port), bootstrap.build_storage(settings, database)
        yield Scene(bootstrap.build_house(settings, storage, library, embedder, port), storage, running, port)


@pytest.mark.parametrize("meddles", ["claim", "note"])
def test_a_receipt_is_told_whatever_the_desk_does_meanwhile(scene: Scene, meddles: str) -> None:
    conversation = scene.start("c1001")
    scene.at_the_confirmation(conversation)
    ticket, desk = scene.ticket(conversation), scene.house.desk
    moves = {"claim": lambda: desk.claim("agent", ticket), "note": lambda: desk.note("agent", ticket, "客户着急")}
    scene.port.after["commit"] = moves[meddles]
    turn = scene.assistant.respond(conversation, "确认办理", key="k1")
    assert "回执号" in turn.reply.text
    assert turn == scene.assistant.respond(conversation, "确认办理", key="k1")
    assert scene.assistant.conversation(conversation).frames == ()
    if meddles == "claim":
        assert scene.say(conversation, "谢谢").outcome is Outcome.WITH_HUMAN
        desk.give_back("agent", ticket)
    assert scene.port.calls.count("commit") == 1
    assert len(scene.bank.record("c1001")["phone_changes"]) == 1


def test_a_right_code_stays_right_while_a_note_is_taken(scene: Scene) -> None:
    conversation = scene.start("c1001")
    scene.say(conversation, "我换号码了")
    ticket = scene.ticket(conversation)
    scene.port.after["check_code"] = lambda: scene.house.desk.note("agent", ticket, "客户着急")
    turn = scene.say(conversation, scene.bank.code("c1001"))
    assert "请告诉我新的手机号" in turn.reply.text
    assert (scene.port.calls.count("check_code"), scene.port.calls.count("send_code")) == (1, 1)


def test_a_claim_while_an_answer_is_sought_silences_the_assistant(scene: Scene) -> None:
    conversation = scene.start("c1001")
    ticket = scene.ticket(conversation)
    scene.port.after["query"] = lambda: scene.house.desk.claim("agent", ticket)
    turn = scene.say(conversation, "上个月花了多少钱")
    assert (turn.outcome, turn.reply.text) == (Outcome.WITH_HUMAN, "")
    told = scene.assistant.conversation(conversation).messages
    assert [one.author for one in told][-2:] == ["human_agent", "customer"]


def test_signing_in_again_beside_a_person_ends(scene: Scene) -> None:
    conversation = scene.start("c1001")
    scene.house.desk.claim("agent", scene.ticket(conversation))
    before = scene.assistant.conversation(conversation).events
    signing = threading.Thread(target=scene.assistant.sign_in, args=(conversation, "c1001"), daemon=True)
    signing.start()
    signing.join(20)
    assert not signing.is_alive()
    assert scene.assistant.conversation(conversation).events == before


def test_a_restart_tears_nobody_from_their_agent(scene: Scene) -> None:
    conversation = scene.start()
    ticket, desk = scene.ticket(conversation), scene.house.desk
    desk.be("agent", Presence.ONLINE)
    desk.claim("agent", ticket)
    long_ago = (datetime.now(UTC) - timedelta(hours=1)).isoformat(timespec="milliseconds")
    with scene.storage.database.writing() as connection:
        connection.execute(text("UPDATE agents SET seen_at = :at"), {"at": long_ago})
    scene.house.routing.sweep()
    assert scene.assistant.conversation(conversation).mode == "human"
    Routing(scene.storage, scene.assistant, desk.rules, datetime.fromtimestamp(0, UTC)).sweep()
    assert scene.assistant.conversation(conversation).mode == "waiting"
    assert desk.agents.seen("agent").presence is Presence.ONLINE


def test_a_conversation_that_cannot_go_on_stops_nobody_else(scene: Scene) -> None:
    broken, waiting = scene.start("c1001"), scene.start()
    scene.say(broken, "我换号码了")
    gone, other = scene.ticket(broken), scene.ticket(waiting)
    long_ago = (datetime.now(UTC) - timedelta(hours=5)).isoformat(timespec="milliseconds")
    with scene.storage.database.writing() as connection:
        connection.execute(text("UPDATE tickets SET seen_at = :at WHERE id = :id"), {"at": long_ago, "id": gone})
    del scene.assistant._guiding.flows["change_phone"]  # type: ignore[attr-defined]
    scene.house.desk.be("agent", Presence.ONLINE)
    scene.house.routing.sweep()
    assert Queue(scene.storage.database).get(other).offered_to == "agent"


def test_only_who_has_it_makes_anything_happen(scene: Scene) -> None:
    conversation = scene.start()
    scene.say(conversation, "我换号码了")
    ticket, desk = scene.ticket(conversation), scene.house.desk
    desk.claim("agent", ticket)
    scene.assistant.sign_in(conversation, "c1001")
    with pytest.raises(IllegalMove):
        desk.give_back("agent2", ticket)
    assert "send_code" not in scene.port.calls
    with pytest.raises(UnknownAgent):
        desk.transfer("agent", ticket, to="nobody")


def test_something_graver_goes_to_a_desk_that_is_open(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    class Night(datetime):
        @classmethod
        def now(cls, tz: Any = None) -> datetime:  # type: ignore[override]
            return datetime(2026, 7, 11, 15, 0, tzinfo=UTC).astimezone(tz)

    monkeypatch.setattr("assistant.assistant.datetime", Night)
    conversation = scene.start()
    ticket = scene.ticket(conversation)
    scene.say(conversation, "我要投诉", "不登录，由人工受理")
    assert Queue(scene.storage.database).get(ticket).skill == "general"


def test_what_a_person_settled_is_not_asked_again_where_another_decides_on_it(scene: Scene) -> None:
    conversation, desk = scene.start("c1007"), scene.house.desk
    scene.say(conversation, "重置借记卡取款密码")
    scene.say(conversation, scene.bank.code("c1007"), "第一张", "忘了")
    review = scene.assistant.conversation(conversation).review
    assert review
    talk = scene.ticket(conversation)
    desk.claim("agent", talk)
    desk.claim("agent2", review.id)
    desk.resolve("agent", talk, "done_for_customer", end_task=True)
    state = scene.assistant.conversation(conversation)
    assert (state.frames, state.mode) == ((), "assistant")
