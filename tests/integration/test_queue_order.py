"""The order of service as the database keeps it, against the rank that promises it."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection

from assistant import queue, ticket_table
from assistant.event import ConversationStarted
from assistant.precedence import rank
from assistant.reason import Reason
from assistant.reply import Reply
from assistant.seal import Seal
from assistant.storage import Storage
from assistant.ticket_event import TicketClaimed, TicketOpened
from assistant.ticket_kind import Kind
from knowledge_base.database import Database
from knowledge_base.passage import Audience

BEGIN = datetime(2026, 11, 22, 8, tzinfo=UTC)
LARGEST = 1_200
Arrival = tuple[int, int, int]
"""Milliseconds since the arrival before, the head start in seconds, and how many are served after it."""
ARRIVALS = st.lists(
    st.tuples(st.integers(0, 900_000), st.sampled_from([0, 30, 450, LARGEST]), st.integers(0, 2)),
    min_size=1,
    max_size=25,
)


class UndoneAgain(Exception):
    """Ends a transaction that shall leave nothing behind."""


def test_the_smallest_rank_is_served_and_nobody_is_overtaken_by_more_than_the_largest_head_start(
    database_url: str,
) -> None:
    with closing(Database(database_url)) as database:
        storage = Storage(database, Seal("secret of the test"))
        conversation, _token = storage.start(ConversationStarted(Audience.CUSTOMER, "zh-CN", Reply("")))
        overtaken = [0.0]

        @settings(max_examples=40, deadline=None)
        @given(ARRIVALS)
        def serve(arrivals: Sequence[Arrival]) -> None:
            try:
                with database.writing() as connection:
                    overtaken.append(served(connection, conversation, arrivals))
                    raise UndoneAgain
            except UndoneAgain:
                pass

        serve()
        assert 0 < max(overtaken) <= LARGEST


def served(connection: Connection, conversation: str, arrivals: Sequence[Arrival]) -> float:
    """Lets them come and be served; returns the most seconds by which anybody was overtaken."""
    asked: dict[str, datetime] = {}
    starts: dict[str, int] = {}
    at, most = BEGIN, 0.0
    waits: set[str] = set()
    for number, (gap, start, count) in enumerate([*arrivals, (0, 0, len(arrivals) + 1)]):
        at += timedelta(milliseconds=gap)
        ticket = f"t{number}"
        asked[ticket], starts[ticket] = at, start
        waits.add(ticket)
        opened = TicketOpened(ticket, Kind.TALK, Reason.ASKED, "general", at.isoformat(timespec="milliseconds"), start)
        ticket_table.project(connection, conversation, [opened])
        for _ in range(min(count, len(waits))):
            taken = queue.next_for(connection, "anna", ["general"])
            assert taken is not None
            ticket_table.project(connection, conversation, [TicketClaimed(taken.id, "anna", "anna")])
            ranks = {one: rank(asked[one], starts[one]) for one in waits}
            assert ranks[taken.id] == min(ranks.values())
            waits.remove(taken.id)
            most = max([most, *((asked[taken.id] - asked[one]).total_seconds() for one in waits)])
    assert not waits
    assert queue.next_for(connection, "anna", ["general"]) is None
    return most
