"""What a stretch of days came to, as those who answer for the service look at it: days, the desk, tasks, and what stayed unanswered."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from statistics import median
from zoneinfo import ZoneInfo

from sqlalchemy import select

from assistant.day_figures import DayFigures, FigureBook, TaskFigures
from assistant.flow import Flow
from assistant.gap_desk import GapDesk, GapGroup
from assistant.ticket_kind import Kind
from assistant.ticket_table import tickets
from knowledge_base.database import Database
from knowledge_base.passage import Audience

MOST_DAYS = 92
_UNANSWERED = 10


class WrongDays(Exception):
    """Ask for 1 to 92 days, the first one first."""


@dataclass(frozen=True)
class DeskFigures:
    """Customers who wanted a person to talk to: how many, how many one took and how many left before; waits in seconds; scores 1 to 5."""

    asked: int
    claimed: int
    abandoned: int
    wait_median: float | None
    wait_longest: float | None
    satisfaction: Mapping[int, int]

    @property
    def satisfaction_mean(self) -> float | None:
        """The mean score; nothing where nobody gave one."""
        given = sum(self.satisfaction.values())
        return sum(score * count for score, count in self.satisfaction.items()) / given if given else None


@dataclass(frozen=True)
class Task:
    """A guided task: its figures, and its steps in the order of its file, each with how many came there and left there."""

    flow: str
    figures: TaskFigures
    steps: tuple[tuple[str, int, int], ...]

    @property
    def done(self) -> int:
        """How often it was finished."""
        return self.figures.ended["done"]


@dataclass(frozen=True)
class Period:
    """These days together."""

    days: Sequence[DayFigures]
    desk: DeskFigures
    tasks: Sequence[Task]
    unanswered: Sequence[GapGroup]

    @property
    def conversations(self) -> int:
        """How many began."""
        return sum(day.conversations for day in self.days)

    @property
    def outcomes(self) -> Counter[str]:
        """Replies to messages by how they ended."""
        return sum((day.outcomes for day in self.days), Counter[str]())

    @property
    def thumbs(self) -> Counter[str]:
        """Thumbs by rating."""
        return sum((day.thumbs for day in self.days), Counter[str]())


class Figures:
    """Looks at stretches of days."""

    def __init__(self, database: Database, zone: ZoneInfo, flows: Mapping[str, Flow], gaps: GapDesk) -> None:
        self._database = database
        self._zone = zone
        self._flows = flows
        self._gaps = gaps
        self._book = FigureBook(database, zone)

    def latest(self, days: int) -> Period:
        """The last days, today the last of them; raises WrongDays."""
        today = self._book.today(datetime.now(UTC))
        return self.between(today - timedelta(days=days - 1), today)

    def between(self, first: date, last: date) -> Period:
        """The days from the first to the last; raises WrongDays."""
        if not 0 < (last - first).days + 1 <= MOST_DAYS:
            raise WrongDays(WrongDays.__doc__)
        days = self._book.days(first, last, datetime.now(UTC))
        since = datetime.combine(first, time(), self._zone).astimezone(UTC).isoformat(timespec="milliseconds")
        until = datetime.combine(last + timedelta(days=1), time(), self._zone).astimezone(UTC)
        open_questions = self._gaps.listed(audience=Audience.CUSTOMER, since=since, limit=_UNANSWERED)
        return Period(
            days, self._desk(since, until.isoformat(timespec="milliseconds")), list(self._tasks(days)), open_questions
        )

    def _desk(self, since: str, until: str) -> DeskFigures:
        c = tickets.c
        query = select(c.opened_at, c.claimed_at, c.answered_at, c.status, c.satisfaction)
        query = query.where(c.kind == Kind.TALK.value, c.opened_at >= since, c.opened_at < until)
        with self._database.reading() as connection:
            rows = connection.execute(query).all()
        waits = [_seconds(row.opened_at, row.claimed_at) for row in rows if row.claimed_at]
        return DeskFigures(
            asked=len(rows),
            claimed=len(waits),
            abandoned=sum(row.status == "abandoned" and not row.claimed_at for row in rows),
            wait_median=median(waits) if waits else None,
            wait_longest=max(waits, default=None),
            satisfaction=Counter(row.satisfaction for row in rows if row.satisfaction),
        )

    def _tasks(self, days: Sequence[DayFigures]) -> Iterator[Task]:
        """The tasks that were begun, the commonest first."""
        together: dict[str, TaskFigures] = {}
        for day in days:
            for flow, one in day.tasks.items():
                whole = together.setdefault(flow, TaskFigures())
                whole.started += one.started
                for name in ("ended", "reached", "left"):
                    getattr(whole, name).update(getattr(one, name))
        for flow, figures in sorted(together.items(), key=lambda item: -item[1].started):
            known = list(self._flows[flow].steps) if flow in self._flows else []
            order = [*known, *sorted(set(figures.reached) - set(known))]
            steps = tuple((step, figures.reached[step], figures.left[step]) for step in order if figures.reached[step])
            yield Task(flow, figures, steps)


def _seconds(earlier: str, later: str) -> float:
    return (datetime.fromisoformat(later) - datetime.fromisoformat(earlier)).total_seconds()
