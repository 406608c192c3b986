"""What was said in a conversation is gone from everything that is stored, and nothing of anybody else's is."""

from __future__ import annotations

import hashlib
import json
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import time_machine
from sqlalchemy import insert, select
from typer.testing import CliRunner

from assistant import bootstrap
from assistant.audit import Audit
from assistant.erasure import Erasure, StillOpen
from assistant.event import ConversationStarted, Event, MessageReceived, SignedIn
from assistant.faq_draft import drafts
from assistant.gap_table import gaps, groups, read_up_to
from assistant.reason import Reason
from assistant.reply import Outcome, Reply, Turn
from assistant.seal import Seal
from assistant.settings import Settings
from assistant.storage import ConversationMoved, Storage, UnknownConversation
from assistant.ticket_event import TicketClaimed, TicketOpened, TicketResolved
from assistant.ticket_kind import Kind
from knowledge_base.database import Database, metadata
from knowledge_base.passage import Audience
from ui.cli import app
from ui.sweeping import keep

MINE, OTHERS = "我的秘密是红珊瑚", "别人说的是蓝鲸鱼"
NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
UNTIL = "2099-01-01T00:00:00.000+00:00"


class House:
    """A database with all that conversations leave behind."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.storage = Storage(database, Seal("key of the test"))
        self.audit = Audit(database, "key of the test")
        self.erasure = Erasure(database, self.audit, "key of the test")

    def converse(self, said: str, customer: str | None, *, signs_in_later: bool = False, closed: bool = True) -> str:
        """A conversation with a turn, a ticket, an open question in a group, a picture and a draft that came of it."""
        begun = ConversationStarted(
            Audience.CUSTOMER, "zh-CN", Reply("您好"), None if signs_in_later else customer, UNTIL, None, ""
        )
        one, _token = self.storage.start(begun)
        ticket = f"T{one}"
        events: list[Event] = [
            MessageReceived(said, None),
            TicketOpened(ticket, Kind.TALK, Reason.ASKED, "general", UNTIL, text=said),
        ]
        if signs_in_later and customer:
            events.insert(0, SignedIn(customer, UNTIL))
        self.storage.note(one, events)
        if closed:
            self.storage.note(
                one, [TicketClaimed(ticket, "agent", "王工"), TicketResolved(ticket, "agent", "answered", said)]
            )
        self.storage.remember(one, Turn(f"t{one}"[:32], 1, Outcome.ANSWERED, Reply(said), None, None), "key")
        self.leave_open(one, said, f"g{one}"[:32])
        with self.database.writing() as connection:
            picture = {"conversation": one, "ticket": ticket, "name": said, "media_type": "image/jpeg", "size": 1}
            connection.execute(
                insert(metadata.tables["pictures"]).values(
                    id=f"p{one}"[:32], sent_at=UNTIL, body=said.encode(), **picture
                )
            )
        return one

    def leave_open(self, one: str, said: str, group: str) -> None:
        """An open question of a conversation, in a group that is called by it where it is the first."""
        row = {
            "conversation": one, "number": 1, "at": UNTIL, "audience": "customer", "kind": "abstained", "text": said, "reason": "",
            "support": 0.5, "is_far": False, "comment": said, "answer": "", "passages": "", "reply": said, "embedder": "e",
            "vector": said.encode(), "gap_group": group,
        }  # fmt: skip
        called = {
            "audience": "customer",
            "title": said,
            "leader": said,
            "marks": "",
            "embedder": "e",
            "vector": said.encode(),
        }
        with self.database.writing() as connection:
            connection.execute(insert(gaps).values(**row))
            connection.execute(insert(read_up_to).values(conversation=one, number=3))
            if not connection.execute(select(groups).where(groups.c.id == group)).first():
                rest = {"answered_by": "", "checked": 0, "ignored_because": ""}
                connection.execute(insert(groups).values(id=group, **called, **rest))

    def told(self) -> str:
        """All that stands in any table, as text."""
        with self.database.reading() as connection:
            rows = [row for table in metadata.sorted_tables for row in connection.execute(select(table))]
        return "\n".join(
            value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)
            for row in rows
            for value in row
        )


@pytest.fixture
def house(database_url: str) -> Iterator[House]:
    with closing(Database(database_url)) as database:
        yield House(database)


class TestOneCustomer:
    def test_nothing_of_theirs_is_left_and_all_of_others_is(self, house: House) -> None:
        mine = [house.converse(MINE, "c1001"), house.converse(MINE, "c1001", signs_in_later=True)]
        others = [house.converse(OTHERS, "c1002"), house.converse(OTHERS, None)]
        before = house.told().count(OTHERS)
        certificate = house.erasure.customer("c1001", "system:root")
        assert MINE not in house.told()
        assert house.told().count(OTHERS) == before
        assert certificate.conversations == 2
        assert {
            "conversations",
            "events",
            "turns",
            "tickets",
            "pictures",
            "gaps",
            "gap_conversations",
        } <= certificate.rows.keys()
        for one in others:
            assert len(house.storage.events(one)) == 5
        for one in mine:
            assert house.storage.events(one) == []

    def test_it_is_gone_from_the_file_itself(self, tmp_path: Path) -> None:
        place = tmp_path / "teller.sqlite3"
        with closing(Database(f"sqlite:///{place}")) as database:
            house = House(database)
            house.converse(MINE, "c1001")
            house.erasure.customer("c1001", "system:root")
            for file in tmp_path.iterdir():
                assert MINE.encode() not in file.read_bytes(), file.name

    def test_a_name_that_only_begins_alike_or_is_only_spoken_of_is_anothers(self, house: House) -> None:
        house.converse('"customer":"c1001" 是谁', "c10011")
        assert house.erasure.of_customer("c1001") == []
        assert house.erasure.of_customer("c100%") == []

    def test_the_certificate_tells_no_name_and_the_audit_trail_holds_it(self, house: House) -> None:
        house.converse(MINE, "c1001")
        certificate = house.erasure.customer("c1001", "system:root")
        told = {name: value for name, value in asdict(certificate).items() if name != "digest"}
        text = json.dumps(told, ensure_ascii=False, sort_keys=True)
        assert certificate.digest == hashlib.sha256(text.encode()).hexdigest()
        assert "c1001" not in text
        (entry,) = house.audit.listed(limit=1)
        assert (entry.did, entry.what, entry.detail["certificate"]) == (
            "erase_customer", certificate.customer, certificate.digest,
        )  # fmt: skip
        assert house.audit.verify()[1] is None

    def test_a_second_time_finds_nothing(self, house: House) -> None:
        house.converse(MINE, "c1001")
        house.erasure.customer("c1001", "system:root")
        assert house.erasure.customer("c1001", "system:root").conversations == 0

    def test_while_somebody_is_served_nothing_is_erased(self, house: House) -> None:
        done, open_one = house.converse(MINE, "c1001"), house.converse(MINE, "c1001", closed=False)
        with pytest.raises(StillOpen, match=f"T{open_one}"):
            house.erasure.customer("c1001", "system:root")
        assert len(house.storage.events(done)) == 5


class TestGroupsOfOpenQuestions:
    def test_one_that_was_called_by_what_went_is_called_by_what_is_left(self, house: House) -> None:
        mine, other = house.converse(MINE, "c1001"), house.converse(OTHERS, "c1002")
        with house.database.writing() as connection:
            connection.execute(gaps.update().where(gaps.c.conversation == other).values(gap_group=f"g{mine}"))
        house.erasure.customer("c1001", "system:root")
        with house.database.reading() as connection:
            row = connection.execute(select(groups).where(groups.c.id == f"g{mine}")).one()
        assert (row.title, row.leader, row.vector) == (OTHERS, OTHERS, OTHERS.encode())

    def test_a_draft_that_came_of_one_stays_and_tells_no_more_of_it(self, house: House) -> None:
        mine = house.converse(MINE, "c1001")
        blank = {
            "question": "年费？",
            "similar_questions": "",
            "answer": "580元",
            "audience": "customer",
            "origin": "gap",
            "source": "",
        }
        rest = {"status": "draft", "revision": 1, "hands": "", "because": "", "made_at": UNTIL, "updated_at": UNTIL}
        with house.database.writing() as connection:
            connection.execute(insert(drafts).values(id="d", conversation=mine, gap_group=f"g{mine}", **blank, **rest))
        house.erasure.customer("c1001", "system:root")
        with house.database.reading() as connection:
            draft = connection.execute(select(drafts)).one()
        assert (draft.answer, draft.conversation, draft.gap_group) == ("580元", None, None)


class TestOldOnes:
    def test_those_go_in_which_nothing_has_happened_for_so_long(self, house: House) -> None:
        with time_machine.travel(NOW - timedelta(days=181)):
            gone, waiting = house.converse(MINE, None), house.converse(OTHERS, None, closed=False)
            spoken_in = house.converse(OTHERS, None)
        with time_machine.travel(NOW - timedelta(days=10)):
            house.storage.note(spoken_in, [MessageReceived("还在", None)])
        with time_machine.travel(NOW):
            assert house.erasure.older_than(180) == [gone]
            assert house.erasure.old(180, "system:root").conversations == 1
        assert house.storage.events(gone) == []
        assert house.storage.events(waiting)
        assert house.storage.events(spoken_in)
        assert house.audit.listed(limit=1)[0].detail == {"days": "180", "conversations": "1"}

    def test_many_are_as_good_as_one(self, house: House) -> None:
        with time_machine.travel(NOW - timedelta(days=400)):
            for _ in range(1_201):
                house.storage.start(
                    ConversationStarted(Audience.CUSTOMER, "zh-CN", Reply("您好"), None, None, None, "")
                )
        assert house.erasure.old(365, "system:root").conversations == 1_201


class TestBesideARunningService:
    """Another storage over the same database, as another process has it."""

    @pytest.fixture
    def other(self, house: House) -> Storage:
        return Storage(house.database, Seal("key of the test"))

    def test_what_it_remembers_is_answered_no_more(self, house: House, other: Storage) -> None:
        mine = house.converse(MINE, "c1001")
        state = other.load(mine)
        house.erasure.customer("c1001", "system:root")
        with pytest.raises(UnknownConversation):
            other.record(mine, None).close([MessageReceived("还在吗", None)], None)
        with pytest.raises(ConversationMoved):
            other.append(mine, state, [MessageReceived("还在吗", None)], None, None)
        with pytest.raises(UnknownConversation):
            other.load(mine)
        assert "还在吗" not in house.told()

    def test_it_forgets_what_is_gone_and_nothing_else(self, house: House, other: Storage) -> None:
        mine, others = house.converse(MINE, "c1001"), house.converse(OTHERS, "c1002")
        for one in (mine, others):
            other.load(one)
        other.forget_erased()
        assert {mine, others} <= other.remembered()
        house.erasure.customer("c1001", "system:root")
        other.forget_erased()
        assert other.remembered() == {others}

    def test_who_writes_meanwhile_is_erased_with_it_or_learns_that_it_is_gone(
        self, house: House, other: Storage
    ) -> None:
        mine = house.converse(MINE, "c1001")
        other.load(mine)
        outcomes: list[str] = []

        def write() -> None:
            for _ in range(200):
                try:
                    other.note(mine, [MessageReceived("一边说一边删", None)])
                    outcomes.append("said")
                except UnknownConversation:
                    outcomes.append("gone")

        writer = threading.Thread(target=write)
        writer.start()
        while not outcomes:
            time.sleep(0.001)
        certificate = house.erasure.customer("c1001", "system:root")
        writer.join(60)
        assert (certificate.conversations, len(outcomes)) == (1, 200)
        assert outcomes == sorted(outcomes, reverse=True)
        assert outcomes[-1] == "gone"
        assert "一边说一边删" not in house.told()

    def test_the_service_erases_what_is_older_than_is_kept(self, house: House, other: Storage) -> None:
        with time_machine.travel(NOW - timedelta(days=181)):
            gone = house.converse(MINE, None)
        kept = house.converse(OTHERS, None)
        other.load(gone)
        keep(other, house.erasure, 0)
        assert house.storage.events(gone)
        keep(other, house.erasure, 180)
        assert (house.storage.events(gone), gone in other.remembered()) == ([], False)
        assert house.storage.events(kept)
        noted = house.audit.listed(limit=5)
        keep(other, house.erasure, 180)
        assert house.audit.listed(limit=5) == noted


class TestCommandLine:
    def run(self, folder: Path, *arguments: str) -> tuple[int, str]:
        done = CliRunner().invoke(app, ["erase", *arguments], env={"TELLER_DATA_DIR": str(folder)})
        return done.exit_code, " ".join(done.output.split())

    def begin(self, folder: Path) -> None:
        settings = Settings(data_dir=folder)
        with closing(bootstrap.build_database(settings)) as database:
            House(database).converse(MINE, "c1001")

    def test_it_says_what_it_would_do_does_it_and_certifies_it(self, tmp_path: Path) -> None:
        self.begin(tmp_path)
        assert self.run(tmp_path, "customer", "c1001", "--dry-run") == (0, "1 conversations would be erased.")
        code, told = self.run(tmp_path, "customer", "c1001", "--certificate", str(tmp_path / "c.json"))
        assert code == 0
        assert "1 conversations were erased" in told
        assert json.loads((tmp_path / "c.json").read_text(encoding="utf-8"))["conversations"] == 1
        code, told = self.run(tmp_path, "customer", "c1001", "--certificate", str(tmp_path / "c.json"))
        assert (code, "exists already" in told) == (1, True)
        assert self.run(tmp_path, "old", "180")[0] == 0
