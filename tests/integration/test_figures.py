"""What days came to: customers' conversations counted by the bank's day, kept once a day is over, and told to those who judge."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import update

from assistant.day_figures import LEFT_AFTER, DayFigures, FigureBook, TaskFigures
from assistant.event import ConversationStarted, Event, FeedbackGiven, MessageReceived, ReplySent
from assistant.flow_event import FlowEnded, FlowStarted, StepTaken
from assistant.reply import Outcome, Reply
from assistant.seal import Seal
from assistant.step import Status
from assistant.storage import Storage
from knowledge_base.database import Database, metadata
from knowledge_base.passage import Audience
from tests.service import QUESTION, RunningService

_events = metadata.tables["events"]
ZONE = ZoneInfo("Asia/Shanghai")
DAY = date(2026, 3, 10)
MORNING = datetime(2026, 3, 10, 9, tzinfo=ZONE)
LATE = datetime(2026, 3, 10, 23, 50, tzinfo=ZONE)
EVENING = datetime(2026, 3, 10, 20, tzinfo=ZONE)
LONG_AFTER = datetime(2026, 3, 20, 9, tzinfo=ZONE)
BEGUN = FlowStarted("f1", "change_phone", "number")
COUNTED = [(ReplySent(Outcome.ANSWERED, Reply("答")), MORNING)]


class Office:
    """A database in which things happened at the times that are said."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.storage = Storage(database, Seal("secret of the test"))
        self.book = FigureBook(database, ZONE)

    def happened(
        self,
        told: Sequence[tuple[Event, datetime]],
        started: datetime = MORNING,
        audience: Audience = Audience.CUSTOMER,
    ) -> None:
        conversation, _token = self.storage.start(ConversationStarted(audience, "zh-CN", Reply("您好")))
        self.storage.tell(conversation, *(event for event, _at in told))
        with self.database.writing() as connection:
            for number, at in enumerate([started, *(at for _event, at in told)]):
                moment = at.astimezone(UTC).isoformat(timespec="milliseconds")
                one = (_events.c.conversation == conversation) & (_events.c.number == number)
                connection.execute(update(_events).where(one).values(at=moment))

    def day(self, now: datetime = EVENING, day: date = DAY) -> DayFigures:
        return self.book.days(day, day, now)[0]

    def task(self, now: datetime = EVENING) -> TaskFigures:
        return self.day(now).tasks["change_phone"]


@pytest.fixture
def office(database_url: str) -> Iterator[Office]:
    with closing(Database(database_url)) as database:
        yield Office(database)


def test_a_day_counts_conversations_replies_by_outcome_and_thumbs(office: Office) -> None:
    office.happened(
        [
            (ReplySent(Outcome.ANSWERED, Reply("答")), MORNING),
            (ReplySent(Outcome.ANSWERED, Reply("答")), MORNING),
            (ReplySent(Outcome.ABSTAINED, Reply("不知道")), MORNING),
            (FeedbackGiven("t1", "up"), MORNING),
            (FeedbackGiven("t2", "down", "不对"), MORNING),
        ]
    )
    office.happened([(FeedbackGiven("t3", "up"), MORNING)])
    day = office.day()
    assert (day.conversations, day.turns) == (2, 3)
    assert day.outcomes == Counter(answered=2, abstained=1)
    assert day.thumbs == Counter(up=2, down=1)


def test_what_is_said_unasked_is_no_reply(office: Office) -> None:
    office.happened([(ReplySent(Outcome.HANDED_OFF, Reply("来了"), unasked=True), MORNING)])
    assert office.day().turns == 0


def test_the_banks_own_people_are_not_counted(office: Office) -> None:
    office.happened(COUNTED, audience=Audience.STAFF)
    assert office.day() == DayFigures(DAY)


def test_what_a_customer_writes_is_not_taken_for_an_event(office: Office) -> None:
    written = '"type":"feedback_given" "audience":"staff" {"type":"conversation_started","audience":"customer"}'
    office.happened([(MessageReceived(written), MORNING)])
    office.happened([(MessageReceived(written), MORNING), *COUNTED], audience=Audience.STAFF)
    day = office.day()
    assert (day.conversations, day.turns, day.thumbs.total()) == (1, 0, 0)


@pytest.mark.parametrize(
    ("at", "day"),
    [
        (datetime(2026, 3, 10, 0, 0, tzinfo=ZONE), DAY),
        (datetime(2026, 3, 10, 23, 59, 59, tzinfo=ZONE), DAY),
        (datetime(2026, 3, 11, 0, 0, tzinfo=ZONE), DAY + timedelta(days=1)),
    ],
)
def test_a_day_is_the_banks_own(office: Office, at: datetime, day: date) -> None:
    office.happened([(ReplySent(Outcome.ANSWERED, Reply("答")), at)], started=at)
    days = office.book.days(DAY, DAY + timedelta(days=1), LONG_AFTER)
    assert [one.day for one in days if one.turns] == [day]


def test_a_task_is_counted_by_step_and_end(office: Office) -> None:
    steps = (StepTaken("f1", "number", "prove"), StepTaken("f1", "prove", "number"), StepTaken("f1", "number", "prove"))
    office.happened([(one, MORNING) for one in (BEGUN, *steps, FlowEnded("f1", "change_phone", Status.DONE))])
    office.happened([(one, MORNING) for one in (BEGUN, FlowEnded("f1", "change_phone", Status.CANCELLED))])
    task = office.task()
    assert (task.started, task.ended) == (2, Counter(done=1, cancelled=1))
    assert task.reached == Counter(number=2, prove=1)
    assert task.left == Counter(number=1)


def test_a_task_is_left_when_nothing_happens_for_half_an_hour(office: Office) -> None:
    office.happened([(BEGUN, MORNING)])
    assert office.task(MORNING + LEFT_AFTER).left == Counter()
    assert office.task(MORNING + LEFT_AFTER + timedelta(seconds=1)).left == Counter(number=1)


def test_a_task_that_ends_after_midnight_is_of_the_day_it_began_on(office: Office) -> None:
    after = LATE + timedelta(minutes=20)
    office.happened(
        [
            (BEGUN, LATE),
            (StepTaken("f1", "number", "prove"), after),
            (FlowEnded("f1", "change_phone", Status.DONE), after),
        ],
        started=LATE,
    )
    task = office.task(LONG_AFTER)
    assert (task.started, task.ended, task.left) == (1, Counter(done=1), Counter())
    assert office.day(LONG_AFTER, DAY + timedelta(days=1)).tasks == {}


def test_a_day_that_is_over_outlives_what_it_was_counted_from(office: Office) -> None:
    office.happened(COUNTED)
    before = office.day(LONG_AFTER)
    with office.database.writing() as connection:
        connection.execute(_events.delete())
    assert office.day(LONG_AFTER) == before
    assert before.turns == 1


def test_a_day_that_may_still_change_is_not_kept(office: Office) -> None:
    office.happened(COUNTED)
    assert office.day(EVENING).turns == 1
    office.happened(COUNTED)
    assert office.day(EVENING).turns == 2


def test_days_to_come_are_empty_and_not_kept(office: Office) -> None:
    assert office.day(MORNING, DAY + timedelta(days=3)) == DayFigures(DAY + timedelta(days=3))
    office.happened(COUNTED)
    assert office.day(LONG_AFTER).turns == 1


def signed_in(service: RunningService, who: str) -> dict[str, str]:
    token = service.http.post("/v1/sessions", json={"username": who, "password": "demo"}).json()["token"]
    return {"Authorization": f"Bearer {token}"}


def test_they_are_told_to_those_who_judge(service: RunningService) -> None:
    today = datetime.now(ZONE).date()
    days = {"first": f"{today - timedelta(days=1)}", "last": f"{today + timedelta(days=1)}"}

    def told(outcome: str) -> int:
        answer = service.http.get("/v1/figures", params=days, headers=signed_in(service, "qa")).raise_for_status()
        assert answer.json()["days"][0]["day"] == days["first"]
        return sum(one["outcomes"].get(outcome, 0) for one in answer.json()["days"])

    before = told("answered")
    started = service.http.post("/v1/conversations", json={}).json()
    own = {"Authorization": f"Bearer {started['token']}"}
    turn = service.http.post(f"/v1/conversations/{started['id']}/turns", json={"text": QUESTION}, headers=own).json()
    assert turn["outcome"] == "answered"
    assert told("answered") == before + 1


@pytest.mark.parametrize(("first", "last"), [("2026-03-10", "2026-03-09"), ("2026-01-01", "2026-12-31")])
def test_days_the_wrong_way_round_or_too_many_are_refused(service: RunningService, first: str, last: str) -> None:
    params = {"first": first, "last": last}
    answer = service.http.get("/v1/figures", params=params, headers=signed_in(service, "qa"))
    assert answer.status_code == 422
    assert "92 days" in answer.json()["detail"]


@pytest.mark.parametrize("role", ["agent", "staff", "editor"])
@pytest.mark.parametrize("path", ["/v1/figures", "/v1/figures/now"])
def test_nobody_else_is_told(service: RunningService, role: str, path: str) -> None:
    params = {"first": "2026-03-10", "last": "2026-03-10"}
    assert service.http.get(path, params=params, headers=signed_in(service, role)).status_code == 403


def test_the_desk_is_told_as_it_stands_now(service: RunningService) -> None:
    """A customer who asks for a person waits; with an agent who took them, they are in hand; when they are given back, neither."""
    agent = signed_in(service, "agent")

    def told() -> dict[str, float]:
        return dict(service.http.get("/v1/figures/now", headers=signed_in(service, "qa")).raise_for_status().json())

    before = told()
    started = service.http.post("/v1/conversations", json={}).json()
    own = {"Authorization": f"Bearer {started['token']}"}
    asked = {"text": "转人工"}
    service.http.post(f"/v1/conversations/{started['id']}/turns", json=asked, headers=own).raise_for_status()
    waits = told()
    assert waits["waiting"] == before["waiting"] + 1
    assert waits["longest_wait"] >= 0
    (ticket,) = [
        one["id"]
        for one in service.http.get("/v1/tickets", params={"status": "waiting"}, headers=agent).json()
        if one["conversation"] == started["id"]
    ]
    service.http.put("/v1/agents/me", json={"presence": "online"}, headers=agent).raise_for_status()
    service.http.post(f"/v1/tickets/{ticket}/claim", headers=agent).raise_for_status()
    served = told()
    assert (served["waiting"], served["in_hand"]) == (before["waiting"], before["in_hand"] + 1)
    assert served["agents"] >= 1
    service.http.post(f"/v1/tickets/{ticket}/return", json={}, headers=agent).raise_for_status()
    assert told()["in_hand"] == before["in_hand"]
