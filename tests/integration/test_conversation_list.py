"""Looking through real conversations, on both databases; what a reader sees is covered."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text

from assistant.command import AskKnowledge
from assistant.conversation_list import ConversationList, Trait
from assistant.event import (
    ConversationStarted,
    Event,
    FeedbackGiven,
    HumanRequested,
    KnowledgeAbstained,
    MessageReceived,
    MessageUnderstood,
    ReplySent,
)
from assistant.reason import Reason
from assistant.reply import Outcome, Reply, Turn
from assistant.seal import Seal
from assistant.storage import Storage
from evals import transcript
from evals.case_draft import DraftTurn, Kind
from knowledge_base.database import Database
from knowledge_base.passage import Audience


@pytest.fixture
def storage(database_url: str) -> Iterator[Storage]:
    with closing(Database(database_url)) as database:
        yield Storage(database, Seal("secret of the test"))


def told(storage: Storage, said: str, *events: Event, rating: str = "") -> str:
    """A conversation with one turn."""
    conversation, _token = storage.start(ConversationStarted(Audience.CUSTOMER, "zh-CN", Reply("您好")))
    state = storage.load(conversation)
    reply = Reply("好的")
    turn = Turn(f"t{conversation[:20]}", 1, Outcome.ANSWERED, reply)
    happened = [MessageReceived(said), *events, ReplySent(Outcome.ANSWERED, reply)]
    state = storage.append(conversation, state, happened, turn, None)
    if rating:
        storage.append(conversation, state, [FeedbackGiven(turn.id, rating, "不对")], None, None)  # type: ignore[arg-type]
    return conversation


@pytest.fixture
def there(storage: Storage) -> dict[str, str]:
    at = datetime.now(UTC).isoformat()
    found = {
        "abstained": told(storage, "宇宙有多大", KnowledgeAbstained("宇宙有多大", "too_far", 0.7)),
        "handed_off": told(storage, "找人工", HumanRequested(Reason.ASKED, at)),
        "rated_down": told(storage, 'Annual FEE of 100% "plain" card_x', rating="down"),
        "rated_up": told(storage, "年费多少", rating="up"),
    }
    with storage.database.writing() as connection:
        for day, conversation in enumerate(found.values(), 1):
            changed = {"at": f"2026-11-0{day}T00:00:00.000+00:00", "id": conversation}
            connection.execute(text("UPDATE conversations SET started_at = :at WHERE id = :id"), changed)
    return found


def ids(storage: Storage, *arguments: object, **named: object) -> list[str]:
    return [one.id for one in ConversationList(storage.database).listed(*arguments, **named)]  # type: ignore[arg-type]


def test_the_newest_come_first(storage: Storage, there: dict[str, str]) -> None:
    assert ids(storage) == list(there.values())[::-1]
    assert ids(storage, limit=2) == [there["rated_up"], there["rated_down"]]


@pytest.mark.parametrize("trait", list(Trait))
def test_they_are_found_by_what_happened(storage: Storage, there: dict[str, str], trait: Trait) -> None:
    assert ids(storage, trait) == [there[trait.value]]


@pytest.mark.parametrize(
    ("said", "name"),
    [("宇宙", "abstained"), ("annual fee", "rated_down"), ('"plain"', "rated_down"), ("100%", "rated_down")],
)
def test_they_are_found_by_what_was_said(storage: Storage, there: dict[str, str], said: str, name: str) -> None:
    assert ids(storage, None, said) == [there[name]]


@pytest.mark.parametrize("said", ["1%0", "cardyx", "好的", "message_received"])
def test_signs_are_taken_as_they_are_and_replies_are_not_searched(
    storage: Storage, there: dict[str, str], said: str
) -> None:
    assert there and ids(storage, None, said) == []


def test_both_filters_count(storage: Storage, there: dict[str, str]) -> None:
    assert ids(storage, Trait.ABSTAINED, "宇宙") == [there["abstained"]]
    assert ids(storage, Trait.RATED_DOWN, "宇宙") == []


def test_older_ones_are_found_by_day(storage: Storage, there: dict[str, str]) -> None:
    until = datetime(2026, 11, 2, 8, tzinfo=UTC) - timedelta(hours=8)
    assert ids(storage, until=until) == [there["abstained"]]


def test_a_reader_sees_the_turns_with_personal_data_covered(storage: Storage) -> None:
    # As it would stand in an event of before today's rules.
    said = "我的手机号是16100001001"
    conversation = told(storage, said, MessageUnderstood((AskKnowledge(said),)), rating="down")
    found = transcript.read(storage, conversation)
    (exchange,) = found.exchanges
    assert exchange.said == "我的手机号是161****1001" and exchange.masked
    assert "16100001001" not in repr(found)
    assert (exchange.rating, exchange.comment, found.traits) == ("down", "不对", ("rated_down",))
    assert found.draft().turns == (DraftTurn(Kind.SAY, "我的手机号是161****1001"),)


def test_a_code_becomes_a_code(storage: Storage) -> None:
    found = transcript.read(storage, told(storage, "******"))
    assert found.draft().turns == (DraftTurn(Kind.RIGHT_CODE),)
