"""Questions that the documents left open: read from events once, by many processes, and grouped by meaning."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import pytest
from sqlalchemy import select, text

from assistant.answering import Answering
from assistant.audit import Audit
from assistant.command import AskKnowledge, NotUnderstood
from assistant.event import (
    ConversationStarted,
    Event,
    FeedbackGiven,
    KnowledgeAbstained,
    KnowledgeAnswered,
    MessageReceived,
    MessageUnderstood,
    ReplySent,
)
from assistant.evidence import THRESHOLD, SimilarityJudge
from assistant.gap import Kind
from assistant.gap_desk import GapDesk, NoReasonGiven, Standing
from assistant.gap_grouping import GapGrouping
from assistant.gap_reading import GapReading
from assistant.gap_table import gaps
from assistant.reason import Reason
from assistant.reply import Outcome, Reply, Turn
from assistant.seal import Seal
from assistant.storage import Storage
from assistant.ticket_event import AgentWrote, SatisfactionGiven, TicketClaimed, TicketOpened, TicketResolved
from assistant.ticket_kind import Kind as TicketKind
from knowledge_base.database import Database
from knowledge_base.embedder import Embedder
from knowledge_base.passage import Audience
from tests.conftest import KnowledgeBase
from tests.service import ROOT, write_documents

KEY = "secret of the test"


@pytest.fixture
def base(tmp_path: Any, embedder: Embedder, database_url: str) -> Iterator[KnowledgeBase]:
    write_documents(tmp_path)
    found = KnowledgeBase(tmp_path, embedder, url=database_url)
    found.ingest()
    with closing(found.database):
        yield found


@pytest.fixture
def storage(base: KnowledgeBase) -> Storage:
    return Storage(base.database, Seal(KEY))


@pytest.fixture
def desk(base: KnowledgeBase, storage: Storage) -> GapDesk:
    answering = Answering(base.search, SimilarityJudge(base.search, THRESHOLD))
    grouping = GapGrouping(base.database, base.search, answering)
    return GapDesk(base.database, GapReading(storage, frozenset()), grouping, Audit(base.database, KEY))


def unanswered(question: str, support: float = 0.86) -> list[Event]:
    return [
        MessageReceived(question),
        MessageUnderstood((AskKnowledge(question),)),
        KnowledgeAbstained(question, "too_far", support),
        ReplySent(Outcome.ABSTAINED, Reply("没有查到")),
    ]


def talked(storage: Storage, *events: Event, audience: Audience = Audience.CUSTOMER) -> str:
    conversation, _token = storage.start(ConversationStarted(audience, "zh-CN", Reply("您好")))
    if events:
        storage.tell(conversation, *events)
    return conversation


def stored(database: Database) -> list[tuple[str, str]]:
    with database.reading() as connection:
        return [
            (row.kind, row.text)
            for row in connection.execute(select(gaps).order_by(gaps.c.conversation, gaps.c.number))
        ]


def test_questions_of_one_meaning_are_one_group_whose_id_stays(desk: GapDesk, storage: Storage) -> None:
    talked(storage, *unanswered("残币能换吗"))
    talked(storage, *unanswered("Ⅱ类户能绑几张卡"))
    desk.refresh()
    first = {group.title: group.id for group in desk.listed()}
    assert set(first) == {"残币能换吗", "Ⅱ类户能绑几张卡"}
    talked(storage, *unanswered("残币可以换吗"))
    talked(storage, *unanswered("Ⅲ类户能绑几张卡"))
    desk.refresh()
    groups = {group.id: group for group in desk.listed()}
    assert len(groups) == 3
    notes = groups[first["残币能换吗"]]
    assert (notes.count, notes.conversations, notes.kinds) == (2, 2, (Kind.UNANSWERED,))
    assert [one.text for one in desk.questions(notes.id)] == ["残币可以换吗", "残币能换吗"]


def test_small_talk_alarms_complaints_and_chatter_are_no_gaps(desk: GapDesk, storage: Storage) -> None:
    for said in ("你好", "我的卡丢了", "我要投诉你们", "转人工", "谢谢"):
        talked(storage, *unanswered(said))
    talked(storage, *unanswered("红烧肉怎么做才好吃", support=0.81))
    desk.refresh()
    assert desk.listed() == []
    assert [group.title for group in desk.listed(Standing.FAR)] == ["红烧肉怎么做才好吃"]


def test_not_understood_twice_outside_a_task(desk: GapDesk, storage: Storage) -> None:
    puzzled: list[Event] = [MessageReceived("残币怎么弄呀"), MessageUnderstood((NotUnderstood(),))]
    talked(storage, *puzzled)
    talked(storage, *puzzled, *puzzled)
    desk.refresh()
    (group,) = desk.listed()
    assert (group.count, group.kinds) == (1, (Kind.NOT_UNDERSTOOD,))


def rated(storage: Storage, *ratings: str) -> str:
    conversation = talked(storage)
    events = (
        MessageReceived("怎么开户"),
        MessageUnderstood((AskKnowledge("怎么开户"),)),
        KnowledgeAnswered("怎么开户", None, 0.95, ("a.b.1",)),
        ReplySent(Outcome.ANSWERED, Reply("请携带有效身份证件到任一网点办理开户。")),
    )
    turn = Turn(f"t{conversation[:12]}", 1, Outcome.ANSWERED, Reply("请携带有效身份证件到任一网点办理开户。"))
    storage.append(conversation, storage.load(conversation), events, turn, None)
    for rating in ratings:
        storage.tell(conversation, FeedbackGiven(turn.id, rating, "打我电话13800138000"))  # type: ignore[arg-type]
    return conversation


def test_a_thumb_down_counts_until_it_is_taken_back(desk: GapDesk, storage: Storage) -> None:
    conversation = rated(storage, "down")
    desk.refresh()
    (group,) = [*desk.listed(), *desk.listed(Standing.ANSWERED)]
    (asked,) = desk.questions(group.id)
    assert (asked.kind, asked.text) == (Kind.RATED_DOWN, "怎么开户")
    assert asked.answer == "请携带有效身份证件到任一网点办理开户。"
    assert asked.comment == "打我电话138****8000"
    storage.tell(conversation, FeedbackGiven(f"t{conversation[:12]}", "up"))
    desk.refresh()
    assert desk.listed() == desk.listed(Standing.ANSWERED) == []


def helped(storage: Storage, *said: Event, settled: bool = True) -> str:
    opened = TicketOpened(
        "k1" + os.urandom(4).hex(), TicketKind.TALK, Reason.NO_ANSWER, "general", "2026-11-22T08:00:00+00:00"
    )
    ticket = opened.ticket
    claimed = TicketClaimed(ticket, "agent", "801号坐席")
    conversation = talked(storage, *unanswered("残币能换吗"), opened)
    end = (TicketResolved(ticket, "agent", "answered"), SatisfactionGiven(ticket, 5)) if settled else ()
    storage.tell(conversation, claimed)
    for event in said:
        storage.tell(
            conversation,
            AgentWrote(ticket, "agent", "801号坐席", event.text) if isinstance(event, AgentWrote) else event,
        )
    for event in end:
        storage.tell(conversation, event)
    return conversation


def wrote(said: str) -> AgentWrote:
    return AgentWrote("", "agent", "801号坐席", said)


def test_what_a_person_answered_is_paired_with_the_question(desk: GapDesk, storage: Storage) -> None:
    helped(
        storage,
        wrote("李女士您好，我是801号坐席。"),
        wrote("残币可以到任一网点免费兑换。您尾号6484的卡不受影响。"),
        MessageReceived("我叫李雷，手机138****5678"),
        MessageReceived("旧存折能换新的吗"),
        wrote("旧存折凭身份证到开户网点更换。"),
    )
    desk.refresh()
    groups = {group.title: group for group in desk.listed(replied=True)}
    assert set(groups) == {"残币能换吗", "旧存折能换新的吗"}
    (asked,) = desk.questions(groups["残币能换吗"].id)
    assert (asked.reply, asked.code, asked.satisfaction) == ("残币可以到任一网点免费兑换。", "answered", 5)
    (person,) = desk.questions(groups["旧存折能换新的吗"].id)
    assert (person.kind, person.reply) == (Kind.ASKED_PERSON, "旧存折凭身份证到开户网点更换。")


def test_what_no_person_has_settled_proposes_nothing(desk: GapDesk, storage: Storage) -> None:
    helped(storage, wrote("残币可以到任一网点免费兑换。"), settled=False)
    desk.refresh()
    assert desk.listed(replied=True) == []
    assert len(desk.listed()) == 1


def test_what_the_documents_answer_by_now_is_closed_by_itself(
    base: KnowledgeBase, desk: GapDesk, storage: Storage
) -> None:
    talked(storage, *unanswered("残币能换吗"))
    desk.refresh()
    assert [group.title for group in desk.listed()] == ["残币能换吗"]
    path = base.write("残币.csv", "问题,答案\n残币能换吗,残币可以到任一网点免费兑换。\n")
    base.ingest()
    desk.refresh()
    assert desk.listed() == []
    (closed,) = desk.listed(Standing.ANSWERED)
    assert closed.answered_by == "残币"
    path.unlink()
    base.ingest()
    desk.refresh()
    assert [group.id for group in desk.listed()] == [closed.id]


def test_staff_and_customers_are_apart(desk: GapDesk, storage: Storage) -> None:
    talked(storage, *unanswered("残币能换吗"))
    talked(storage, *unanswered("残币能换吗"), audience=Audience.STAFF)
    desk.refresh()
    assert [group.count for group in desk.listed()] == [1, 1]
    (staff,) = desk.listed(audience=Audience.STAFF)
    assert staff.audience is Audience.STAFF


def test_one_is_set_aside_for_a_reason_that_stands_in_the_trail(desk: GapDesk, storage: Storage) -> None:
    talked(storage, *unanswered("残币能换吗"))
    desk.refresh()
    (group,) = desk.listed()
    with pytest.raises(NoReasonGiven):
        desk.ignore("editor", group.id, " ")
    assert desk.ignore("editor", group.id, "已转网点").standing is Standing.IGNORED
    assert desk.listed() == []
    assert desk.reopen("editor", group.id).standing is Standing.OPEN
    assert [(one.who, one.did) for one in desk._audit.listed(what=f"gap:{group.id}")] == [
        ("editor", "reopen"),
        ("editor", "ignore"),
    ]


READS = """
import sys
from assistant.gap_reading import GapReading
from assistant.seal import Seal
from assistant.storage import Storage
from knowledge_base.database import Database
reading = GapReading(Storage(Database(sys.argv[1]), Seal(sys.argv[2])), frozenset())
print("ready", flush=True)
sys.stdin.readline()
while not reading.catch_up(1):
    pass
"""


def reader(url: str) -> subprocess.Popen[str]:
    """A process that waits for a word, and then reads all there is."""
    command = [sys.executable, "-c", READS, url, KEY]
    process = subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    return process


@pytest.mark.parametrize("kill", [False, True], ids=["together", "killed"])
def test_each_question_is_there_once_whoever_reads_and_dies(database_url: str, kill: bool) -> None:
    with closing(Database(database_url)) as database:
        storage = Storage(database, Seal(KEY))
        for number in range(250):
            talked(storage, *unanswered(f"第{number}种残币能换吗"))
        readers = [reader(database_url) for _ in range(2)]
        for process in readers:
            assert process.stdin is not None
            process.stdin.write("\n")
            process.stdin.flush()
        if kill:
            while len(stored(database)) < 20:
                time.sleep(0.01)
            for process in readers:
                process.send_signal(signal.SIGKILL)
                process.communicate(timeout=30)
            assert len(stored(database)) < 250
            GapReading(storage, frozenset()).catch_up()
        else:
            assert [process.communicate(timeout=120)[1] for process in readers] == ["", ""]
        assert len(stored(database)) == 250
        with database.writing() as connection:
            connection.execute(text("UPDATE gap_cursor SET read_to = ''"))
            connection.execute(text("DELETE FROM gap_conversations"))
        before = stored(database)
        GapReading(storage, frozenset()).catch_up()
        assert stored(database) == before
