"""Pictures in the database: sealed, counted, for one review and one conversation, and deleted in time."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import update

from assistant import photo, picture, queue, ticket_table
from assistant.audit import Audit
from assistant.event import ConversationStarted
from assistant.flow_event import ReviewDecided
from assistant.photo import MOST_BYTES
from assistant.picture import NoPictureWanted, NoSuchPicture, Pictures, WrongPicture
from assistant.reason import Reason
from assistant.reply import Reply
from assistant.seal import Seal, WrongKey
from assistant.step import MOST_PICTURES
from assistant.storage import Storage
from assistant.ticket import IllegalMove
from assistant.ticket_event import PictureSent, ReviewChecked, TicketOpened
from assistant.ticket_kind import Kind
from assistant.wording import Wordings
from knowledge_base.database import Database
from knowledge_base.passage import Audience
from tests.unit.test_photo import picture as painted
from tests.unit.test_photo import written

WORDS = Wordings("云杉银行", "小杉", "400").of("zh")
PHOTO = written(painted(), "PNG")
LATE = timedelta(days=31)


class Desk:
    """A database with conversations that wait for a review."""

    def __init__(self, folder: Path) -> None:
        self.file = folder / "teller.sqlite3"
        self.database = Database(f"sqlite:///{self.file}")
        self.storage = Storage(self.database, Seal("the right key"))
        self.audit = Audit(self.database, "the right key")
        self.pictures = self.sealed("the right key")

    def sealed(self, key: str) -> Pictures:
        return Pictures(self.storage, Seal(key), lambda _conversation: WORDS, self.audit)

    def waiting(self, ticket: str, *, two_people: bool = False, kind: Kind = Kind.REVIEW) -> str:
        """A conversation that waits for this ticket."""
        conversation, _token = self.storage.start(ConversationStarted(Audience.CUSTOMER, "zh-CN", Reply("您好")))
        about = (ticket, kind, Reason.REVIEW, "video_review", ticket_table.now())
        self.storage.tell(conversation, TicketOpened(*about, two_people=two_people))
        return conversation

    def decide(self, conversation: str, ticket: str, reviewer: str = "agent", *, approved: bool = True) -> None:
        self.storage.tell(conversation, ReviewDecided("frame", ticket, approved, reviewer, "人证不符"))

    def long_ago(self, column: str, table: str = "tickets") -> None:
        """As if this had happened a month ago."""
        rows = ticket_table.tickets if table == "tickets" else picture._pictures
        then = (datetime.now(UTC) - LATE).isoformat(timespec="milliseconds")
        with self.database.writing() as connection:
            connection.execute(update(rows).values({column: then}))


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    made = Desk(tmp_path)
    yield made
    made.database.close()


def test_a_picture_is_a_message_of_the_customer_without_its_bytes(desk: Desk) -> None:
    conversation = desk.waiting("t1")
    sent = desk.pictures.send(conversation, "身份证正面.png", PHOTO)
    last = desk.storage.load(conversation).messages[-1]
    assert (last.author, last.text, last.picture) == ("customer", "[图片] 身份证正面.png", sent.id)
    happened = desk.storage.events(conversation)[-1]
    assert happened == PictureSent("t1", sent.id, "身份证正面.png", "[图片] 身份证正面.png")
    assert desk.storage.load(conversation).turns == 0


def test_both_sides_see_the_same_picture(desk: Desk) -> None:
    conversation = desk.waiting("t1")
    sent = desk.pictures.send(conversation, "a.png", PHOTO)
    told, body = desk.pictures.shown_to_agent("agent", "t1", sent.id)
    assert (told, body) == desk.pictures.shown_to_customer(conversation, sent.id)
    assert told == sent == desk.pictures.of_ticket("t1")[0]
    assert (told.size, told.media_type, body[:3]) == (len(body), "image/jpeg", b"\xff\xd8\xff")


def test_who_looked_at_it_is_noted_once_a_day(desk: Desk) -> None:
    sent = desk.pictures.send(desk.waiting("t1"), "a.png", PHOTO)
    desk.pictures.of_ticket("t1")
    for agent in ("agent", "agent", "agent2"):
        desk.pictures.shown_to_agent(agent, "t1", sent.id)
    with pytest.raises(NoSuchPicture):
        desk.pictures.shown_to_agent("agent", "t1", "another")
    looks = [(one.who, one.did, one.what, one.detail) for one in desk.audit.listed()]
    assert looks == [(agent, "see_picture", sent.id, {"ticket": "t1"}) for agent in ("agent2", "agent")]


def test_on_disk_it_opens_only_with_the_key(desk: Desk) -> None:
    conversation = desk.waiting("t1")
    sent = desk.pictures.send(conversation, "a.png", PHOTO)
    body = desk.pictures.shown_to_agent("agent", "t1", sent.id)[1]
    stored = b"".join(path.read_bytes() for path in desk.file.parent.glob("teller.sqlite3*"))
    assert sent.id.encode() in stored
    assert body[100:140] not in stored
    assert b"\xff\xd8\xff" not in stored
    with pytest.raises(WrongKey):
        desk.sealed("another key").shown_to_agent("agent", "t1", sent.id)


def test_a_name_is_covered_and_shortened_and_has_no_folder(desk: Desk) -> None:
    conversation = desk.waiting("t1")

    def named(name: str) -> str:
        return desk.pictures.send(conversation, name, PHOTO).name

    assert named("C:\\Users\\lin\\手机13900139000.png") == "手机139****9000.png"
    assert named("../../etc/a\u202egnp.png") == "agnp.png"
    assert named("") == "照片"
    assert len(named("长" * 300)) == 100


def test_nothing_is_taken_where_nobody_waits_for_it(desk: Desk) -> None:
    talking = desk.waiting("talk", kind=Kind.TALK)
    decided = desk.waiting("t1")
    desk.pictures.send(decided, "a.png", PHOTO)
    desk.decide(decided, "t1")
    for conversation in (talking, decided):
        with pytest.raises(NoPictureWanted, match="没有等待核验的业务"):
            desk.pictures.send(conversation, "b.png", PHOTO)
    assert desk.pictures.count("t1") == 1


def test_a_review_that_ends_while_the_picture_is_opened_takes_none(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    conversation = desk.waiting("t1")
    opening: Callable[[bytes], bytes] = photo.renewed

    def meanwhile(data: bytes) -> bytes:
        desk.decide(conversation, "t1")
        return opening(data)

    monkeypatch.setattr(photo, "renewed", meanwhile)
    with pytest.raises(NoPictureWanted):
        desk.pictures.send(conversation, "a.png", PHOTO)
    assert desk.pictures.count("t1") == 0
    assert not any(isinstance(event, PictureSent) for event in desk.storage.events(conversation))


def test_six_are_enough_however_many_come_at_once(desk: Desk) -> None:
    conversation = desk.waiting("t1")

    def send(number: int) -> bool:
        try:
            return bool(desk.pictures.send(conversation, f"{number}.png", PHOTO))
        except NoPictureWanted as error:
            assert f"已收到{MOST_PICTURES}张" in str(error)
            return False

    with ThreadPoolExecutor(5) as sides:
        assert sum(sides.map(send, range(10))) == MOST_PICTURES
    assert desk.pictures.count("t1") == MOST_PICTURES
    assert len(desk.storage.load(conversation).messages) == 1 + MOST_PICTURES


def test_a_file_that_is_no_photo_or_too_large_leaves_nothing(desk: Desk) -> None:
    conversation = desk.waiting("t1")
    with pytest.raises(WrongPicture, match="不是能打开的照片"):
        desk.pictures.send(conversation, "a.jpg", b"MZ this is a program")
    with pytest.raises(WrongPicture, match="10MB"):
        desk.pictures.send(conversation, "a.png", PHOTO + b"\0" * MOST_BYTES)
    assert desk.pictures.count("t1") == 0
    assert len(desk.storage.load(conversation).messages) == 1


def test_another_conversation_or_ticket_does_not_open_it(desk: Desk) -> None:
    mine, other = desk.waiting("t1"), desk.waiting("t2")
    sent = desk.pictures.send(mine, "a.png", PHOTO)
    with pytest.raises(NoSuchPicture):
        desk.pictures.shown_to_customer(other, sent.id)
    with pytest.raises(NoSuchPicture):
        desk.pictures.shown_to_agent("agent", "t2", sent.id)
    assert desk.pictures.of_ticket("t2") == []


def test_it_is_shown_until_a_month_after_the_decision(desk: Desk) -> None:
    conversation = desk.waiting("t1")
    sent = desk.pictures.send(conversation, "a.png", PHOTO)
    desk.decide(conversation, "t1")
    assert desk.pictures.of_ticket("t1") == [sent]
    desk.long_ago("closed_at")
    assert desk.pictures.of_ticket("t1") == []
    with pytest.raises(NoSuchPicture):
        desk.pictures.shown_to_agent("agent", "t1", sent.id)
    with pytest.raises(NoSuchPicture):
        desk.pictures.shown_to_customer(conversation, sent.id)


def test_old_ones_are_deleted_and_stay_on_record_as_sent(desk: Desk) -> None:
    conversation = desk.waiting("t1")
    desk.pictures.send(conversation, "old.png", PHOTO)
    desk.long_ago("sent_at", "pictures")
    new = desk.pictures.send(conversation, "new.png", PHOTO)
    assert desk.pictures.delete_older_than(30) == 1
    assert desk.pictures.of_ticket("t1") == [new]
    assert desk.pictures.delete_older_than(30) == 0
    assert [one.text for one in desk.storage.load(conversation).messages if one.picture] == [
        "[图片] old.png",
        "[图片] new.png",
    ]


class TestTwoPeople:
    """What holds even where two agents press at the same moment."""

    def test_the_first_never_approves_alone(self, desk: Desk) -> None:
        conversation = desk.waiting("t1", two_people=True)
        with pytest.raises(IllegalMove):
            desk.decide(conversation, "t1", "agent")
        desk.storage.tell(conversation, ReviewChecked("t1", "agent"))
        with pytest.raises(IllegalMove):
            desk.decide(conversation, "t1", "agent")
        desk.decide(conversation, "t1", "agent2")
        assert not desk.storage.load(conversation).tickets

    def test_only_one_is_the_first(self, desk: Desk) -> None:
        conversation = desk.waiting("t1", two_people=True)
        desk.storage.tell(conversation, ReviewChecked("t1", "agent"))
        with pytest.raises(IllegalMove):
            desk.storage.tell(conversation, ReviewChecked("t1", "agent2"))

    def test_one_who_refuses_is_enough(self, desk: Desk) -> None:
        conversation = desk.waiting("t1", two_people=True)
        desk.decide(conversation, "t1", "agent", approved=False)
        assert not desk.storage.load(conversation).tickets

    def test_where_one_is_enough_nobody_checks(self, desk: Desk) -> None:
        conversation = desk.waiting("t1")
        with pytest.raises(IllegalMove):
            desk.storage.tell(conversation, ReviewChecked("t1", "agent"))

    def test_the_next_one_is_another_person(self, desk: Desk) -> None:
        conversation = desk.waiting("t1", two_people=True)
        desk.storage.tell(conversation, ReviewChecked("t1", "agent"))
        with desk.database.writing() as connection:
            assert queue.next_for(connection, "agent", ["video_review"]) is None
            found = queue.next_for(connection, "agent2", ["video_review"])
        assert found
        assert (found.id, found.first_reviewer) == ("t1", "agent")
