"""What a day came to: how much was asked, how it ended, what was liked, and how far tasks got.

Customers' conversations are counted and the bank's own people's are not. Counts name nobody, so they outlive what they were counted from.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from pydantic import TypeAdapter
from sqlalchemy import Column, Connection, String, Table, Text, and_, or_, select

from knowledge_base.database import Database, metadata

LEFT_AFTER = timedelta(minutes=30)
"""A task that is open, and in whose conversation nothing has happened for so long, was left."""
_SETTLED = timedelta(days=1)
"""What began on a day has ended, or was left, so long after it."""
_BATCH = 1_000
_events = metadata.tables["events"]
_table = Table(
    "day_figures", metadata, Column("day", String(10), primary_key=True), Column("body", Text, nullable=False)
)
_OF_TASKS = ("flow_started", "step_taken", "flow_ended")
_COUNTED = ("conversation_started", "reply_sent", "feedback_given", *_OF_TASKS)


@dataclass
class TaskFigures:
    """How a task went: how often it began and how it ended, and by step how many came there, and left there."""

    started: int = 0
    ended: Counter[str] = field(default_factory=Counter)
    reached: Counter[str] = field(default_factory=Counter)
    left: Counter[str] = field(default_factory=Counter)


@dataclass
class DayFigures:
    """A day of the bank's time zone: conversations begun, replies by outcome, thumbs by rating, tasks by flow."""

    day: date
    conversations: int = 0
    outcomes: Counter[str] = field(default_factory=Counter)
    thumbs: Counter[str] = field(default_factory=Counter)
    tasks: dict[str, TaskFigures] = field(default_factory=dict)

    @property
    def turns(self) -> int:
        """Replies to messages."""
        return self.outcomes.total()


@dataclass
class _Begun:
    """A task that began that day."""

    flow: str
    steps: list[str]
    ended: str = ""


_kept = TypeAdapter(DayFigures)


class FigureBook:
    """Counts days, and keeps what those that are over came to."""

    def __init__(self, database: Database, zone: ZoneInfo) -> None:
        self._database = database
        self._zone = zone

    def days(self, first: date, last: date, now: datetime) -> list[DayFigures]:
        """The figures of each of these days, both ends included, up to `now`."""
        wanted = [first + timedelta(days=number) for number in range((last - first).days + 1)]
        with self._database.reading() as connection:
            query = select(_table.c.body).where(_table.c.day.between(first.isoformat(), last.isoformat()))
            known = {one.day: one for one in map(_kept.validate_json, connection.execute(query).scalars())}
        return [known.get(day) or self._day(day, now) for day in wanted]

    def today(self, now: datetime) -> date:
        """The bank's day."""
        return now.astimezone(self._zone).date()

    def _day(self, day: date, now: datetime) -> DayFigures:
        begins, ends = (datetime.combine(one, time(), self._zone) for one in (day, day + timedelta(days=1)))
        if begins > now:
            return DayFigures(day)
        with self._database.reading() as connection:
            counted = _counted(connection, day, begins, ends, now)
        if now - ends > _SETTLED:
            self._keep(counted)
        return counted

    def _keep(self, counted: DayFigures) -> None:
        row = {"day": counted.day.isoformat(), "body": _kept.dump_json(counted).decode()}
        with self._database.writing() as connection:
            if connection.execute(select(_table.c.day).where(_table.c.day == row["day"])).first() is None:
                connection.execute(_table.insert().values(row))


def _counted(connection: Connection, day: date, begins: datetime, ends: datetime, now: datetime) -> DayFigures:
    figures, begun, latest = DayFigures(day), dict[tuple[str, str], _Begun](), dict[str, str]()
    for conversation, at, event in _happened(connection, begins, ends):
        latest[conversation] = at
        match event["type"]:
            case "conversation_started":
                figures.conversations += 1
            case "reply_sent" if not event.get("unasked"):
                figures.outcomes[event["outcome"]] += 1
            case "feedback_given":
                figures.thumbs[event["rating"]] += 1
            case _:
                _follow(event, conversation, begun)
    _go_on(connection, begun, latest, ends)
    for (conversation, _frame), task in begun.items():
        _enter(task, figures, left=now - datetime.fromisoformat(latest[conversation]) > LEFT_AFTER)
    return figures


def _follow(event: Mapping[str, Any], conversation: str, begun: dict[tuple[str, str], _Begun]) -> None:
    place = conversation, event.get("frame", "")
    if event["type"] == "flow_started":
        begun[place] = _Begun(event["flow"], [event["step"]])
    elif place in begun and event["type"] == "step_taken":
        begun[place].steps.append(event["to"])
    elif place in begun and event["type"] == "flow_ended":
        begun[place].ended = event["status"]


def _go_on(
    connection: Connection, begun: dict[tuple[str, str], _Begun], latest: dict[str, str], since: datetime
) -> None:
    """What became later of tasks that were open at the day's end."""
    still_open = {conversation for (conversation, _frame), task in begun.items() if not task.ended}
    for conversation in still_open:
        query = select(_events.c.at, _events.c.body).where(
            _events.c.conversation == conversation, _events.c.at >= _stored(since)
        )
        for at, body in connection.execute(query.order_by(_events.c.number)):
            latest[conversation] = at
            _follow(json.loads(body), conversation, begun)


def _enter(task: _Begun, figures: DayFigures, *, left: bool) -> None:
    counts = figures.tasks.setdefault(task.flow, TaskFigures())
    counts.started += 1
    counts.reached.update(set(task.steps))
    if task.ended:
        counts.ended[task.ended] += 1
    if task.ended == "cancelled" or (left and not task.ended):
        counts.left[task.steps[-1]] += 1


def _happened(connection: Connection, begins: datetime, ends: datetime) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """What is counted of customers' conversations, in the order in which it happened in each."""
    first = _events.alias()
    customers = and_(
        first.c.conversation == _events.c.conversation,
        first.c.number == 0,
        first.c.body.contains('"audience":"customer"', autoescape=True),
    )
    # A quotation mark that somebody wrote stands behind a backslash in the body, so this is the event's own.
    counted = or_(*(_events.c.body.contains(f'"type":"{one}"', autoescape=True) for one in _COUNTED))
    query = select(_events.c.conversation, _events.c.at, _events.c.body).join(first, customers)
    query = query.where(_events.c.at >= _stored(begins), _events.c.at < _stored(ends), counted)
    query = query.order_by(_events.c.conversation, _events.c.number)
    for conversation, at, body in connection.execution_options(yield_per=_BATCH).execute(query):
        event = json.loads(body)
        if event["type"] in _COUNTED:
            yield conversation, at, event


def _stored(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="milliseconds")
