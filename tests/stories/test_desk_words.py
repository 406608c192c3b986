"""What a model words for agents: the summary and the suggested replies, both behind their back."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from sqlalchemy import Connection

from assistant import bootstrap
from assistant.bell import Bell
from assistant.bootstrap import House
from assistant.desk_view import TicketView
from assistant.human_agent import Presence
from assistant.llm import Asked, Failure
from assistant.model_event import ModelAsked
from assistant.queue import Queue
from assistant.settings import Settings
from assistant.storage import DESK
from evals import bank
from evals.bank import RunningBank
from knowledge_base.database import Database
from knowledge_base.embedder import Embedder
from knowledge_base.passage import Audience
from knowledge_base.search import Search
from tests.model import FakeModel, retold

QUESTION = "云杉白金信用卡年费是多少？"
UNANSWERED = "月球上有你们的网点吗"
WORDED = "云杉白金信用卡的主卡年费为每年3600元，消费满18万元免次年年费[1]。"
PATIENCE = 20.0


def honest(asked: Asked) -> str | Failure:
    return retold(asked) if asked.prompt.startswith("summary@") else WORDED


def lying(asked: Asked, of: str, instead: str) -> str:
    """A summary in which something else is told, and an answer with another figure."""
    return retold(asked).replace(of, instead) if asked.prompt.startswith("summary@") else WORDED.replace("3600", "360")


@dataclass
class Office:
    """A customer in the middle of changing the phone number, who asked before and wants a person; and the desk."""

    house: House
    bank: RunningBank
    database: Database
    model: FakeModel
    rung: list[tuple[str, ...]]
    conversation: str = ""

    def play(self) -> str:
        assistant = self.house.assistant
        self.conversation = assistant.start(Audience.CUSTOMER, "zh-CN", "c1001")[0]
        for text in (UNANSWERED, "我要换手机号"):
            assistant.respond(self.conversation, text)
        assistant.respond(self.conversation, self.bank.code("c1001"))
        for text in ("新号码是13900139077", QUESTION, "我叫林晓雯，转人工"):
            assistant.respond(self.conversation, text)
        self.model.asked.clear()
        self.house.desk.be("agent", Presence.ONLINE)
        return Queue(self.database).listed()[0].id

    def settled(self, ticket: str, language: str = "zh", reader: str = "agent") -> TicketView:
        """The view once nothing is made any more in the background."""
        views = self.house.views
        views.of(ticket, language, reader)
        polishing, rewording = views._polishing, views._suggesting._rewording
        assert polishing
        assert rewording
        assert polishing._backroom.wait(PATIENCE)
        assert rewording._backroom.wait(PATIENCE)
        return views.of(ticket, language, reader)

    def noted(self) -> list[ModelAsked]:
        return [one for one in self.house.assistant.events(self.conversation) if isinstance(one, ModelAsked)]


Open = Callable[..., Office]


@pytest.fixture
def open_office(template: Path, library: Search, embedder: Embedder, tmp_path: Path) -> Iterator[Open]:
    with ExitStack() as stack:

        def open_one(answer: Callable[[Asked], str | Failure] = honest) -> Office:
            settings, model, rung = Settings(data_dir=tmp_path), FakeModel(answer), list[tuple[str, ...]]()
            database = bootstrap.build_database(settings)
            stack.callback(database.close)
            running = stack.enter_context(bank.running(template, tmp_path / "bank"))
            storage = bootstrap.build_storage(settings, database, Bell(database))
            ring = storage.ring

            def heard(connection: Connection, *topics: str) -> None:
                rung.append(topics)
                ring(connection, *topics)

            storage.ring = heard
            house = bootstrap.build_house(settings, storage, library, embedder, running.port, model)
            return Office(house, running, database, model, rung)

        yield open_one


def test_the_lines_are_there_at_once_and_the_model_s_words_later(open_office: Open) -> None:
    office = open_office()
    ticket = office.play()
    first = office.house.views.of(ticket, reader="agent")
    assert first.polished is None
    later = office.settled(ticket)
    assert later.summary == first.summary
    assert later.polished
    for told in ("变更预留手机号", "139****9077", "月球上有你们的网点吗", "已按文件答复", QUESTION):
        assert told in later.polished
    assert "[" not in later.polished


def test_both_languages_are_made_each_for_itself(open_office: Open) -> None:
    office = open_office()
    ticket = office.play()
    assert office.settled(ticket, "zh").polished != office.settled(ticket, "en").polished
    told = [one.system for one in office.model.asked if one.prompt.startswith("summary@")]
    assert ["英文" in one for one in told] == [False, True]


def test_it_is_made_once_whatever_else_is_said_and_anew_when_it_would_be_another(open_office: Open) -> None:
    office = open_office()
    ticket = office.play()
    office.settled(ticket)
    office.house.desk.claim("agent", ticket)
    before = len(office.model.asked)
    office.house.desk.write("agent", ticket, "您好，我来为您处理。")
    office.settled(ticket)
    assert len(office.model.asked) == before
    office.house.desk.transfer("agent", ticket, "general", note="客户想换新号码")
    assert "客户想换新号码" in (office.settled(ticket).polished or "")


def test_nothing_personal_is_in_what_the_model_is_asked(open_office: Open) -> None:
    office = open_office()
    ticket = office.play()
    office.house.desk.claim("agent", ticket)
    office.house.desk.transfer("agent", ticket, "general", note="请回电13800138000")
    office.settled(ticket)
    sent = "\n".join(one.system + one.user for one in office.model.asked)
    assert "变更预留手机号" in sent
    shown_as = office.house.desk.agents.seen("agent").shown_as
    for value in ("13900139077", "139****9077", "林晓雯", "13800138000", "161****1001", shown_as):
        assert value not in sent, value


def test_what_it_cost_is_kept_with_the_conversation_and_the_desk_is_woken(open_office: Open) -> None:
    office = open_office()
    ticket = office.play()
    office.rung.clear()
    office.settled(ticket)
    assert {one.prompt.partition("@")[0] for one in office.noted()} >= {"summary", "answer"}
    assert any(DESK in topics for topics in office.rung)
    assert office.house.assistant.conversation(office.conversation).cost > 0


@pytest.mark.parametrize(
    "answer",
    [
        lambda _asked: Failure.UNREACHABLE,
        lambda asked: lying(asked, "客户要求人工", "客户要求人工已等3小时"),
        lambda asked: lying(asked, "没有答上", "已经答上"),
        lambda asked: "客户很着急，请马上为他办理并给予100元补偿[1]。",
    ],
)
def test_what_a_failing_or_lying_model_says_is_not_shown(
    open_office: Open, answer: Callable[[Asked], str | Failure]
) -> None:
    office = open_office(answer)
    ticket = office.play()
    first, later = office.house.views.of(ticket, reader="agent"), office.settled(ticket)
    assert later.polished is None
    assert later.summary == first.summary
    assert later.suggestions == first.suggestions
    assert not any(one.worded for one in later.suggestions)


def test_a_suggestion_is_the_documents_first_and_then_the_model_s(open_office: Open) -> None:
    office = open_office()
    ticket = office.play()
    first = next(one for one in office.house.views.of(ticket, reader="agent").suggestions if one.question == QUESTION)
    assert not first.worded
    assert first.text.startswith("云杉白金信用卡主卡年费为每年3600元")
    later = next(one for one in office.settled(ticket).suggestions if one.question == QUESTION)
    assert later.worded
    assert later.text == "云杉白金信用卡的主卡年费为每年3600元，消费满18万元免次年年费。"
    assert [one.title for one in later.citations] == ["白金卡"]


def test_a_suggestion_with_a_figure_of_its_own_is_not_made(open_office: Open) -> None:
    office = open_office(lambda asked: retold(asked) if "summary" in asked.prompt else WORDED + "首年免年费50%[1]。")
    later = office.settled(office.play())
    assert not any(one.worded for one in later.suggestions)


def test_a_turn_that_goes_on_meanwhile_is_not_made_twice(open_office: Open) -> None:
    office = open_office()
    ticket = office.play()
    before = office.house.assistant.conversation(office.conversation)
    office.settled(ticket)
    after = office.house.assistant.conversation(office.conversation)
    assert after.cost > before.cost
    assert after.goes_by_the_same(replace(before))


def test_without_a_model_nothing_is_made(
    open_office: Open, template: Path, library: Search, embedder: Embedder, tmp_path: Path
) -> None:
    office = open_office()
    ticket = office.play()
    settings = Settings(data_dir=tmp_path)
    storage = bootstrap.build_storage(settings, office.database)
    house = bootstrap.build_house(settings, storage, library, embedder, office.bank.port)
    view = house.views.of(ticket, reader="agent")
    assert view.polished is None
    assert view.suggestions
    assert not any(one.worded for one in view.suggestions)
