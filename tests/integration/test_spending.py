"""What models cost, added up from the event log of a real database."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from assistant import spending
from assistant.event import ConversationStarted, MessageReceived
from assistant.model_event import ModelAsked
from assistant.reply import Reply
from assistant.seal import Seal
from assistant.storage import Storage
from knowledge_base.database import Database
from knowledge_base.passage import Audience
from tests.service import teller


def called(model: str, cost: float, failure: str | None = None) -> ModelAsked:
    return ModelAsked("answer@1-0", model, 100, 20, cost, 80.0, 900.0, failure)


def filled(url: str) -> tuple[Database, str, str]:
    """A cheap and a dear conversation; somebody wrote words that look like an event of a model's."""
    database = Database(url)
    storage = Storage(database, Seal("secret of the test"))
    begun = ConversationStarted(Audience.CUSTOMER, "zh-CN", Reply(""))
    cheap, dear = (storage.start(begun)[0] for _ in range(2))
    forged = MessageReceived('{"type":"model_asked","cost":1000}')
    storage.tell(cheap, forged, called("small", 0.25), called("large", 0, "slow"))
    storage.tell(dear, called("large", 1.5), called("large", 2.0))
    return database, cheap, dear


def test_calls_are_added_up_by_day_and_model(database_url: str) -> None:
    database, cheap, dear = filled(database_url)
    found = spending.since(Storage(database, Seal("secret of the test")))
    today = datetime.now().astimezone().date()
    assert [(row.day, row.model, row.calls, row.failed) for row in found.rows] == [
        (today, "large", 3, 1),
        (today, "small", 1, 0),
    ]
    assert [(row.input_tokens, row.output_tokens, row.cost) for row in found.rows] == [(300, 60, 3.5), (100, 20, 0.25)]
    assert [(one.conversation, one.calls, one.cost) for one in found.dearest] == [(dear, 2, 3.5), (cheap, 2, 0.25)]
    assert found.cost == 3.75
    database.close()


def test_what_was_before_the_day_does_not_count(database_url: str) -> None:
    database, cheap, _dear = filled(database_url)
    before = (datetime.now(UTC) - timedelta(days=2)).isoformat(timespec="milliseconds")
    with database.writing() as connection:
        connection.execute(text("UPDATE events SET at = :at WHERE conversation = :one"), {"at": before, "one": cheap})
    storage = Storage(database, Seal("secret of the test"))
    yesterday = datetime.now().astimezone().date() - timedelta(days=1)
    assert spending.since(storage, yesterday).cost == 3.5
    assert len({row.day for row in spending.since(storage).rows}) == 2
    database.close()


def test_events_are_heard_once_they_are_on_disk(tmp_path: Path) -> None:
    heard: list[object] = []
    database = Database(f"sqlite:///{tmp_path / 'teller.sqlite3'}")
    storage = Storage(database, Seal("secret of the test"), hear=heard.extend)
    conversation, _token = storage.start(ConversationStarted(Audience.CUSTOMER, "zh-CN", Reply("")))
    call = called("large", 1.0)
    storage.append(conversation, storage.load(conversation), [call], None, None)
    assert heard == [call]

    def fail(_connection: object) -> tuple[str, list[ModelAsked]]:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        storage.decide(fail)
    assert heard == [call]
    database.close()


class TestCommand:
    def test_it_tells_an_engineer_what_was_spent(self, tmp_path: Path) -> None:
        (tmp_path / "data").mkdir()
        database, _cheap, dear = filled(f"sqlite:///{tmp_path / 'data' / 'teller.sqlite3'}")
        database.close()
        told = json.loads(teller(tmp_path, "cost", "--json", TELLER_SECRET_KEY="secret of the test").stdout)
        assert (told["cost"], told["dearest"][0]["conversation"]) == (3.75, dear)
        assert told["rows"][0]["model"] == "large"
        shown = teller(tmp_path, "cost", TELLER_SECRET_KEY="secret of the test")
        assert shown.returncode == 0
        assert "3.750000 in all" in shown.stdout
        assert teller(tmp_path, "cost", "--since", "2126-01-01", "--json").stdout.count('"cost": 0') == 1

    def test_a_day_that_is_none_is_wrong_use(self, tmp_path: Path) -> None:
        assert teller(tmp_path, "cost", "--since", "yesterday").returncode == 2
