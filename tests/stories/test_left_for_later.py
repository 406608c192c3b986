"""Outside the desk's hours: what is offered, what is left for later, and what becomes of it at the desk."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import yaml

from assistant import bootstrap, queue
from assistant.assistant import Assistant
from assistant.conversation import Conversation
from assistant.desk import Desk
from assistant.human_agent import Presence
from assistant.place import Places
from assistant.queue import Queue
from assistant.reason import Reason
from assistant.reply import Outcome, Turn
from assistant.settings import Settings
from assistant.storage import Storage
from assistant.ticket import IllegalMove, Status, Ticket
from assistant.ticket_event import TicketOpened
from assistant.ticket_kind import Kind
from evals import bank
from knowledge_base.embedder import Embedder
from knowledge_base.passage import Audience
from knowledge_base.search import Search

SHANGHAI = ZoneInfo("Asia/Shanghai")


@dataclass
class Scene:
    """An assistant with its desk, and one conversation."""

    assistant: Assistant
    desk: Desk
    queue: Queue
    storage: Storage
    places: Places
    conversation: str

    def say(self, *messages: str) -> Turn:
        turns = [self.assistant.respond(self.conversation, message) for message in messages]
        return turns[-1]

    def press(self, label: str, turn: Turn) -> Turn:
        button = next(one.id for one in turn.reply.choices if one.label == label)
        return self.assistant.respond(self.conversation, "", button)

    @property
    def state(self) -> Conversation:
        return self.assistant.conversation(self.conversation)

    @property
    def ticket(self) -> Ticket:
        """The only one there is."""
        found = self.queue.listed()
        assert len(found) == 1
        return found[0]

    def waiting(self) -> list[Ticket]:
        with self.storage.database.reading() as connection:
            return queue.waiting(connection)

    def opened(self) -> TicketOpened:
        return next(one for one in self.assistant.events(self.conversation) if isinstance(one, TicketOpened))


Set = Callable[..., Scene]


def hours_from_now(path: Path) -> Path:
    """The shipped rules, with every skill closed now and open at decent hours half a day away."""
    rules = yaml.safe_load(Settings().desk_file.read_text(encoding="utf-8"))
    late = datetime.now(SHANGHAI).hour < 12
    opening = {"days": "mon-sun", "from": "15:00" if late else "09:00", "to": "19:00" if late else "11:00"}
    rules["timetables"] = {"day": {"opening": [opening]}}
    rules["skills"] = {name: {**skill, "hours": "day"} for name, skill in rules["skills"].items()}
    path.write_text(yaml.safe_dump(rules, allow_unicode=True), encoding="utf-8")
    return path


@pytest.fixture
def set_scene(template: Path, library: Search, embedder: Embedder, tmp_path: Path) -> Iterator[Set]:
    with ExitStack() as stack:
        running = stack.enter_context(bank.running(template, tmp_path / "bank"))

        def set_one(*, closed: bool = False, customer: str | None = None) -> Scene:
            own = {"desk_file": hours_from_now(tmp_path / "desk.yaml")} if closed else {}
            settings = Settings(data_dir=tmp_path, **own)  # type: ignore[arg-type]
            database = bootstrap.build_database(settings)
            stack.callback(database.close)
            storage = bootstrap.build_storage(settings, database)
            house = bootstrap.build_house(settings, storage, library, embedder, running.port)
            assistant, desk = house.assistant, house.desk
            conversation, _token, _reply = assistant.start(Audience.CUSTOMER, "zh-CN", customer)
            return Scene(assistant, desk, Queue(database), storage, Places(database, desk.rules), conversation)

        yield set_one


class TestOutsideHours:
    def test_the_hours_are_told_and_two_ways_offered_and_nobody_waits(self, set_scene: Set) -> None:
        scene = set_scene(closed=True)
        told = scene.say("转人工")
        assert told.outcome is Outcome.HANDED_OFF
        assert "不在服务时间内" in told.reply.text and "每天" in told.reply.text
        assert [one.label for one in told.reply.choices] == ["留言", "预约回电"]
        assert scene.queue.listed() == []
        assert scene.state.mode == "assistant"
        assert "3600元" in scene.say("云杉白金信用卡年费是多少？").reply.text

    def test_a_message_is_left(self, set_scene: Set) -> None:
        scene = set_scene(closed=True)
        scene.press("留言", scene.say("转人工"))
        told = scene.say("想请人工看看我的贷款申请", "13900139041", "是")
        assert told.outcome is Outcome.FLOW_DONE
        assert scene.ticket.kind is Kind.MESSAGE
        assert told.ticket is None

    def test_a_call_lies_within_the_hours(self, set_scene: Set) -> None:
        scene = set_scene(closed=True, customer="c1001")
        scene.press("预约回电", scene.say("转人工"))
        scene.say("第一个", "跳过", "是")
        ticket = scene.ticket
        assert ticket.kind is Kind.CALL_BACK and ticket.due_at
        due = datetime.fromisoformat(ticket.due_at)
        opening = scene.desk.rules.timetables["day"].opening[0]
        assert opening.start <= f"{due.astimezone(SHANGHAI):%H:%M}" < opening.end
        assert due.utcoffset() == timedelta() and ticket.due_at == due.isoformat(timespec="milliseconds")


class TestWhatIsLeft:
    def leave(self, scene: Scene) -> Ticket:
        scene.say("我要留言", "想请人工看看我的贷款申请", "13900139042", "是")
        return scene.ticket

    def book(self, scene: Scene) -> Ticket:
        scene.say("预约回电", "第一个", "13900139043", "跳过", "是")
        return scene.ticket

    def test_holds_what_the_agent_needs_uncovered(self, set_scene: Set) -> None:
        scene = set_scene()
        self.leave(scene)
        details = {name: known.value for name, known in scene.opened().details.items()}
        assert details == {"message": "想请人工看看我的贷款申请", "phone": "13900139042"}
        with scene.storage.database.reading() as connection:
            stored = str(connection.exec_driver_sql("select body from events").scalars().all())
        assert "13900139042" not in stored

    def test_is_no_customer_waiting(self, set_scene: Set) -> None:
        scene = set_scene()
        self.leave(scene)
        assert scene.state.mode == "assistant" and scene.state.talk is None
        assert scene.assistant.ticket(scene.state) is None
        later = (datetime.now(UTC) + timedelta(hours=3)).timestamp()
        assert scene.places.of("general", (False, later)).position == 1

    def test_an_old_message_comes_before_who_asks_two_hours_later_and_no_sooner(self, set_scene: Set) -> None:
        scene = set_scene()
        rank = self.leave(scene).rank
        now = datetime.now(UTC)
        assert (now + timedelta(minutes=119)).timestamp() < rank < (now + timedelta(minutes=121)).timestamp()

    def test_a_call_does_not_wait_before_it_is_due(self, set_scene: Set) -> None:
        scene = set_scene()
        ticket = self.book(scene)
        assert scene.waiting() == []
        scene.desk.be("agent", Presence.ONLINE, 1)
        assert scene.desk.claim_next("agent") is None
        assert ticket.due_at and ticket.rank == datetime.fromisoformat(ticket.due_at).timestamp()

    def test_the_assistant_is_not_silent_while_an_agent_has_it(self, set_scene: Set) -> None:
        scene = set_scene()
        ticket = self.leave(scene)
        before = scene.say("你能做什么")
        scene.desk.be("agent", Presence.ONLINE, 1, shown_as="王芳")
        scene.desk.claim("agent", ticket.id)
        assert scene.state.mode == "assistant" and scene.state.choices == before.reply.choices
        assert not any(one.notice for one in scene.state.messages)
        assert "3600元" in scene.say("云杉白金信用卡年费是多少？").reply.text

    def test_it_is_answered_in_the_chat_and_resolved_without_a_word(self, set_scene: Set) -> None:
        scene = set_scene()
        ticket = self.leave(scene)
        scene.desk.be("agent", Presence.ONLINE, 1, shown_as="王芳")
        assert scene.desk.claim("agent", ticket.id).status is Status.CLAIMED
        scene.desk.write("agent", ticket.id, "您的贷款申请已经通过。")
        said = scene.state.messages[-1]
        assert (said.author, said.name, said.text) == ("human_agent", "王芳", "您的贷款申请已经通过。")
        turn = scene.desk.resolve("agent", ticket.id, "answered", "已回复")
        assert turn.reply.text == ""
        assert scene.ticket.status is Status.RESOLVED and scene.ticket.code == "answered"
        assert scene.state.messages[-1] == said
        assert scene.state.tickets == ()

    def test_it_cannot_be_given_back_and_so_lost(self, set_scene: Set) -> None:
        scene = set_scene()
        ticket = self.leave(scene)
        scene.desk.be("agent", Presence.ONLINE, 1)
        scene.desk.claim("agent", ticket.id)
        with pytest.raises(IllegalMove):
            scene.desk.give_back("agent", ticket.id)
        assert scene.ticket.status is Status.CLAIMED

    def test_an_open_task_goes_on_untouched(self, set_scene: Set) -> None:
        scene = set_scene()
        ticket = self.leave(scene)
        asked = scene.say("我要投诉")
        scene.desk.be("agent", Presence.ONLINE, 1)
        scene.desk.claim("agent", ticket.id)
        scene.desk.resolve("agent", ticket.id, "answered", end_task=True)
        assert scene.state.choices == asked.reply.choices
        assert scene.say("网点服务").flow is not None


class TestRatherThanWaiting:
    def test_who_asked_for_a_person_need_not_wait_too(self, set_scene: Set) -> None:
        scene = set_scene()
        told = scene.say("转人工")
        assert scene.state.talk
        scene.press("留言", told)
        told = scene.say("想请人工看看我的贷款申请", "13900139044", "是")
        assert "不用再排队了" in told.reply.text
        assert [one.kind for one in scene.queue.listed(Status.WAITING)] == [Kind.MESSAGE]
        assert scene.state.mode == "assistant"

    def test_what_is_grave_waits_on(self, set_scene: Set) -> None:
        scene = set_scene()
        scene.say("我被骗了，刚转了两万给骗子")
        assert scene.state.talk and scene.state.talk.reason is Reason.FRAUD
        scene.say("我要留言", "对方账号我都记下来了", "13900139045", "是")
        assert scene.state.talk is not None
        assert {one.kind for one in scene.queue.listed(Status.WAITING)} == {Kind.TALK, Kind.MESSAGE}


def test_a_lapsed_sign_in_is_told_nothing_of_its_customer(set_scene: Set, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("assistant.assistant.signed_in_until", lambda now: (now - timedelta(seconds=1)).isoformat())
    scene = set_scene(customer="c1001")
    told = scene.say("我要留言", "柜台的利率牌没有更新")
    assert "请留一个手机号" in told.reply.text
    assert "161****1001" not in told.reply.text
