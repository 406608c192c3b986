from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import pytest
from sqlalchemy import text

from assistant.conversation import Conversation
from assistant.event import ConversationStarted, Event, MessageReceived
from assistant.flow_event import FlowEnded, ReviewDecided
from assistant.queue import Queue
from assistant.reason import Reason
from assistant.reply import Outcome, Reply, Turn
from assistant.seal import Seal
from assistant.step import Status as Ending
from assistant.storage import ConversationMoved, Storage, UnknownConversation
from assistant.ticket import NoSuchTicket, Status
from assistant.ticket_event import TicketClaimed, TicketOpened
from assistant.ticket_kind import Kind as TicketKind
from knowledge_base.database import Database, after_commit
from knowledge_base.passage import Audience

THREADS = 8
STARTED = ConversationStarted(Audience.CUSTOMER, "zh-CN", Reply("您好"))


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    with closing(Database(database_url)) as opened:
        yield opened


@pytest.fixture
def storage(database: Database) -> Storage:
    return new_storage(database)


def new_storage(database: Database) -> Storage:
    """One that remembers nothing, as another process's does."""
    return Storage(database, Seal("secret of the test"))


def turn(identifier: str, number: int) -> Turn:
    return Turn(identifier, number, Outcome.ANSWERED, Reply(f"答{identifier}"))


def all_at_once(action: Callable[[int], object]) -> list[object]:
    """What each of eight threads got, or its exception; they begin together."""
    gate = threading.Barrier(THREADS)

    def run(number: int) -> object:
        gate.wait()
        try:
            return action(number)
        except Exception as error:
            return error

    with ThreadPoolExecutor(THREADS) as pool:
        return list(pool.map(run, range(THREADS)))


class TestAppend:
    def test_of_eight_that_append_to_one_state_one_succeeds_and_the_others_are_told(
        self, database: Database, storage: Storage
    ) -> None:
        conversation, _token = storage.start(STARTED)
        state = storage.load(conversation)

        def append(number: int) -> Conversation:
            own = new_storage(database)
            return own.append(conversation, state, [MessageReceived(str(number))], turn(f"t{number}", 1), None)

        results = all_at_once(append)
        assert sum(isinstance(result, Conversation) for result in results) == 1
        assert sum(isinstance(result, ConversationMoved) for result in results) == THREADS - 1
        assert len(storage.events(conversation)) == 2

    def test_eight_that_try_again_all_get_their_event_in(self, database: Database, storage: Storage) -> None:
        conversation, _token = storage.start(STARTED)

        def append(number: int) -> None:
            own = new_storage(database)
            for attempt in range(5):
                message = MessageReceived(f"{number}-{attempt}")
                while True:
                    try:
                        own.append(conversation, own.load(conversation), [message], None, None)
                        break
                    except ConversationMoved:
                        continue

        assert all_at_once(append) == [None] * THREADS
        texts = [happened.text for happened in storage.events(conversation) if isinstance(happened, MessageReceived)]
        assert sorted(texts) == sorted(f"{number}-{attempt}" for number in range(THREADS) for attempt in range(5))

    def test_a_turn_that_cannot_be_stored_takes_its_events_with_it(self, storage: Storage) -> None:
        conversation, _token = storage.start(STARTED)
        state = storage.append(conversation, storage.load(conversation), [MessageReceived("a")], turn("t1", 1), "k")
        with pytest.raises(ConversationMoved):
            storage.append(conversation, state, [MessageReceived("b")], turn("t2", 2), "k")
        assert len(storage.events(conversation)) == 2
        assert storage.append(conversation, state, [MessageReceived("b")], turn("t2", 2), "k2").events == 3

    def test_what_another_process_has_appended_is_found(self, database: Database, storage: Storage) -> None:
        conversation, token = storage.start(STARTED)
        state = storage.load(conversation)
        other = new_storage(database)
        other.append(conversation, other.load(conversation), [MessageReceived("a")], turn("t1", 1), "k")
        with pytest.raises(ConversationMoved):
            storage.append(conversation, state, [MessageReceived("b")], None, None)
        assert storage.load(conversation).events == 2
        assert storage.opens(conversation, token)
        assert storage.turn_by_key(conversation, "k") == storage.turn_by_id(conversation, "t1") == turn("t1", 1)
        assert storage.turn_by_number(conversation, 1) == turn("t1", 1)
        assert storage.turn_by_number(conversation, 2) is None

    def test_a_conversation_that_is_not_there(self, storage: Storage) -> None:
        with pytest.raises(UnknownConversation):
            storage.load("nobody")
        with pytest.raises(UnknownConversation):
            storage.opens("nobody", "token")


class TestKeys:
    def test_one_key_used_eight_times_at_once_makes_one_turn(self, database: Database, storage: Storage) -> None:
        conversation, _token = storage.start(STARTED)

        def say(number: int) -> Turn | None:
            own = new_storage(database)
            try:
                made = turn(f"t{number}", 1)
                own.append(conversation, own.load(conversation), [MessageReceived("a")], made, "k")
            except ConversationMoved:
                pass
            return own.turn_by_key(conversation, "k")

        results = all_at_once(say)
        assert isinstance(results[0], Turn)
        assert results == [results[0]] * THREADS
        assert len(storage.events(conversation)) == 2

    def test_one_key_in_two_conversations_is_two_turns(self, storage: Storage) -> None:
        for number in range(2):
            conversation, _token = storage.start(STARTED)
            storage.append(conversation, storage.load(conversation), [MessageReceived("a")], turn(f"t{number}", 1), "k")
            assert storage.turn_by_key(conversation, "k") == turn(f"t{number}", 1)

    def test_turns_without_a_key_do_not_meet(self, storage: Storage) -> None:
        conversation, _token = storage.start(STARTED)
        state = storage.load(conversation)
        for number in range(1, 4):
            state = storage.append(conversation, state, [MessageReceived("a")], turn(f"t{number}", number), None)
        assert state.events == 4

    def test_a_turn_whose_number_is_taken_is_not_remembered_and_nothing_breaks(self, storage: Storage) -> None:
        conversation, _token = storage.start(STARTED)
        storage.append(conversation, storage.load(conversation), [MessageReceived("a")], turn("t1", 1), "k1")
        storage.remember(conversation, turn("t2", 1), "k2")
        assert storage.turn_by_key(conversation, "k2") is None
        storage.remember(conversation, turn("t3", 2), "k2")
        assert storage.turn_by_key(conversation, "k2") == turn("t3", 2)


class TestTickets:
    def test_they_come_and_go_with_the_events(self, database: Database, storage: Storage) -> None:
        conversation, _token = storage.start(STARTED)
        asked = [
            TicketOpened(
                f"r{n}", TicketKind.REVIEW, Reason.REVIEW, "credit", "2026-11-22T08:00:00+00:00", frame=f"f{n}"
            )
            for n in range(3)
        ]
        state = storage.append(conversation, storage.load(conversation), asked, None, None)
        ends: list[Event] = [
            ReviewDecided("f0", "r0", True, "agent"),
            FlowEnded("f1", "change_phone", Ending.CANCELLED),
        ]
        storage.append(conversation, state, ends, None, None)
        tickets = Queue(database)
        assert [ticket.id for ticket in tickets.listed(Status.WAITING)] == ["r2"]
        assert {ticket.id: ticket.status for ticket in tickets.listed()} == {
            "r0": Status.RESOLVED,
            "r1": Status.ABANDONED,
            "r2": Status.WAITING,
        }
        assert tickets.get("r0").closed_by == "agent"
        with pytest.raises(NoSuchTicket):
            tickets.get("r9")

    def test_a_turn_begins_after_what_was_done_with_them_in_another_process(
        self, database: Database, storage: Storage
    ) -> None:
        conversation, _token = storage.start(STARTED)
        opened = TicketOpened("t1", TicketKind.TALK, Reason.ASKED, "general", "2026-11-20T09:00:00.000+00:00")
        storage.tell(conversation, opened)
        assert storage.load(conversation).mode == "waiting"
        new_storage(database).tell(conversation, TicketClaimed("t1", "agent", "王芳"))
        assert storage.recall(conversation).mode == "waiting"
        assert storage.record(conversation, None).state.mode == "human"


class TestTransactions:
    INSERT = "INSERT INTO conversations (id, token_digest, started_at) VALUES (:id, '', '')"

    def count(self, database: Database) -> int:
        with database.reading() as connection:
            return int(connection.execute(text("SELECT count(*) FROM conversations")).scalar_one())

    def test_a_reader_sees_one_moment(self, database: Database) -> None:
        query = text("SELECT count(*) FROM conversations")
        with database.reading() as connection:
            assert connection.execute(query).scalar_one() == 0
            with database.writing() as other:
                other.execute(text(self.INSERT), {"id": "a"})
            assert connection.execute(query).scalar_one() == 0
        assert self.count(database) == 1

    def test_what_waits_for_the_commit_is_done_after_it(self, database: Database) -> None:
        seen: list[int] = []
        with database.writing() as connection:
            after_commit(connection, lambda: seen.append(self.count(database)))
            connection.execute(text(self.INSERT), {"id": "a"})
            assert seen == []
        assert seen == [1]

    def test_what_waits_for_the_commit_is_not_done_after_a_rollback_nor_in_the_next_transaction(
        self, database: Database
    ) -> None:
        seen: list[str] = []
        with pytest.raises(ZeroDivisionError), database.writing() as connection:
            after_commit(connection, lambda: seen.append("rolled back"))
            raise ZeroDivisionError
        with database.writing() as connection:
            connection.execute(text(self.INSERT), {"id": "a"})
        assert seen == []

    def test_more_threads_than_connections_take_turns(self, database: Database) -> None:
        def write(number: int) -> None:
            with database.writing() as connection:
                connection.execute(text(self.INSERT), {"id": str(number)})

        with ThreadPoolExecutor(60) as pool:
            list(pool.map(write, range(300)))
        assert self.count(database) == 300

    def test_a_lost_connection_to_postgresql_is_made_again(self, postgres_url: str) -> None:
        with closing(Database(postgres_url)) as database:
            assert self.count(database) == 0
            with closing(Database(postgres_url)) as other, other.writing() as connection:
                others = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND datname = current_database()"
                assert connection.execute(text(others)).all()
            assert self.count(database) == 0
