"""A turn made again: what would be different, and that nothing is done by it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import func, select

from assistant import bootstrap
from assistant.banks.none import NoBank
from assistant.bootstrap import House
from assistant.human_agent import Presence
from assistant.queue import Queue
from assistant.replay import Replayed, UnknownTurn
from assistant.reply import Turn
from assistant.settings import Settings
from assistant.storage import Storage
from evals import bank
from evals.bank import RunningBank
from knowledge_base.database import Database, metadata
from knowledge_base.embedder import Embedder
from knowledge_base.passage import Audience
from knowledge_base.search import Search
from tests.model import FakeModel

QUESTION = "云杉白金信用卡年费是多少？"
GOOD = "云杉白金信用卡的主卡年费是每年3600元[1]。"


@dataclass
class Place:
    """A house in which turns are made, and others over the same database in which they are made again."""

    house: House
    bank: RunningBank
    database: Database
    open: Callable[..., House]

    def begin(self, customer: str | None = None, audience: Audience = Audience.CUSTOMER) -> str:
        return self.house.assistant.start(audience, "zh-CN", customer)[0]

    def say(self, conversation: str, text: str, choice: str | None = None) -> Turn:
        return self.house.assistant.respond(conversation, text, choice)

    def rows(self) -> dict[str, int]:
        """How many rows every table has."""
        with self.database.reading() as connection:
            return {
                name: connection.execute(select(func.count()).select_from(table)).scalar_one()
                for name, table in metadata.tables.items()
            }

    def replay(self, turn: Turn, model: FakeModel | None = None, **settings: object) -> Replayed:
        """The turn made again, by a house that cannot reach the bank; nothing may have been stored or called."""
        house, before, calls = self.open(NoBank(), model, **settings), self.rows(), len(self.bank.calls)
        replayed = house.replay.of(turn.id)
        assert self.rows() == before
        assert len(self.bank.calls) == calls
        return replayed


@pytest.fixture
def meet(template: Path, library: Search, embedder: Embedder, tmp_path: Path) -> Iterator[Callable[..., Place]]:
    with ExitStack() as stack:
        running = stack.enter_context(bank.running(template, tmp_path / "bank"))
        database = bootstrap.build_database(Settings(data_dir=tmp_path))
        stack.callback(database.close)

        def open_one(port: object, model: FakeModel | None = None, **changed: object) -> House:
            settings = Settings(data_dir=tmp_path, **changed)  # type: ignore[arg-type]
            storage: Storage = bootstrap.build_storage(settings, database)
            return bootstrap.build_house(settings, storage, library, embedder, port, model)  # type: ignore[arg-type]

        yield lambda model=None: Place(open_one(running.port, model), running, database, open_one)


def test_what_is_as_it_was_is_the_same(meet: Callable[..., Place]) -> None:
    place = meet()
    talk = place.begin()
    turns = [place.say(talk, text) for text in (QUESTION, "你好", "月球上有你们的网点吗", "那附属卡呢")]
    assert [place.replay(turn).is_same for turn in turns] == [True] * 4
    first = place.replay(turns[0])
    assert (first.conversation, first.number, first.message, first.masked) == (talk, 1, QUESTION, False)
    assert first.then == first.now
    assert first.now.commands == (f"AskKnowledge(question={QUESTION}, task=apply_credit_card)",)
    assert first.now.sources == ("《白金卡》云杉白金信用卡 > 年费",)
    assert first.diff == ()


def test_it_is_read_in_the_light_of_what_was_said_before_and_not_after(meet: Callable[..., Place]) -> None:
    place = meet()
    talk = place.begin()
    place.say(talk, QUESTION)
    follows = place.say(talk, "那免年费的条件是什么？")
    place.say(talk, "存款保险赔多少？")
    replayed = place.replay(follows)
    assert replayed.is_same
    assert replayed.number == 2
    assert "白金" in replayed.now.commands[0]


def test_other_rules_answer_otherwise(meet: Callable[..., Place]) -> None:
    place = meet()
    turn = place.say(place.begin(), QUESTION)
    replayed = place.replay(turn, evidence_threshold=1.0)
    assert not replayed.is_same
    assert (replayed.then.outcome, replayed.now.outcome) == ("answered", "abstained")
    assert (replayed.then.sources, replayed.now.sources) == (("《白金卡》云杉白金信用卡 > 年费",), ())
    assert any(line.startswith("-") and "3600元" in line for line in replayed.diff)
    assert any(line.startswith("+") for line in replayed.diff)


def test_another_model_words_it_otherwise_and_what_both_cost_is_told(meet: Callable[..., Place]) -> None:
    place = meet(FakeModel(lambda _asked: GOOD))
    turn = place.say(place.begin(), QUESTION)
    other = FakeModel(lambda _asked: "主卡每年收3600元年费[1]。附属卡每年收900元[1]。")
    replayed = place.replay(turn, other)
    assert not replayed.is_same
    assert replayed.then.prompt
    assert replayed.then.prompt == replayed.now.prompt
    assert replayed.then.prompt.startswith("answer@")
    assert replayed.then.held_back == ()
    assert replayed.now.held_back
    assert "900" not in replayed.now.reply
    assert (replayed.then.tokens, replayed.then.cost) == ((100, 20), 0.01)
    assert replayed.now.asked[0].model == "fake"
    assert place.replay(turn, FakeModel(lambda _asked: GOOD)).is_same


def test_without_its_model_the_documents_speak(meet: Callable[..., Place]) -> None:
    place = meet(FakeModel(lambda _asked: GOOD))
    replayed = place.replay(place.say(place.begin(), QUESTION))
    assert not replayed.is_same
    assert replayed.now.prompt is None
    assert replayed.now.asked == ()


def test_a_task_is_named_and_not_begun(meet: Callable[..., Place]) -> None:
    place = meet()
    talk = place.begin("c1001")
    turn = place.say(talk, "我要换手机号")
    replayed = place.replay(turn)
    assert replayed.is_same
    assert replayed.now.commands == ("StartFlow(flow=change_phone)",)
    assert {"FlowStarted", "StartFlow"} <= set(replayed.beyond)
    assert replayed.customer == "c1001"


def test_codes_and_numbers_are_shown_to_nobody(meet: Callable[..., Place]) -> None:
    place = meet()
    talk = place.begin("c1001")
    place.say(talk, "我要换手机号")
    code = place.bank.code("c1001")
    turns = [place.say(talk, code), place.say(talk, "新号码是13900139077")]
    for turn in turns:
        replayed = place.replay(turn)
        assert replayed.masked
        assert code not in repr(replayed)
        assert "13900139077" not in repr(replayed)
    assert "139****9077" in repr(place.replay(turns[1]).then.commands)


def test_a_button_is_pressed_again(meet: Callable[..., Place]) -> None:
    place = meet()
    talk = place.begin("c1001")
    begun = place.say(talk, "我要换手机号")
    pressed = place.say(talk, "", begun.reply.choices[0].id)
    asked = place.say(place.begin(), "你能做什么？")
    assert place.replay(pressed).then.commands == place.replay(pressed).now.commands == ("ResendCode()",)
    assert place.replay(asked).is_same


def test_a_person_who_is_wanted_is_named_and_not_brought(meet: Callable[..., Place]) -> None:
    place = meet()
    talk = place.begin()
    wanted = place.say(talk, "转人工")
    replayed = place.replay(wanted)
    assert replayed.is_same
    assert replayed.now.commands == ("AskHuman()",)
    assert {"TicketOpened", "AskHuman"} <= set(replayed.beyond)
    place.house.desk.be("agent", Presence.ONLINE)
    place.house.desk.claim("agent", Queue(place.database).listed()[0].id)
    held = place.replay(place.say(talk, "在吗"))
    assert held.is_same
    assert (held.now.outcome, held.now.reply, held.now.commands) == ("with_human", "", ())


def test_what_colleagues_asked_is_made_again_for_colleagues(meet: Callable[..., Place]) -> None:
    place = meet()
    turn = place.say(place.begin(audience=Audience.STAFF), "云杉白金信用卡每张佣金是多少？")
    replayed = place.replay(turn)
    assert replayed.is_same
    assert "80元" in replayed.now.reply


def test_an_unknown_turn_is_said_to_be_one(meet: Callable[..., Place]) -> None:
    place = meet()
    place.begin()
    with pytest.raises(UnknownTurn, match="no such turn"):
        place.house.replay.of("nothing")
