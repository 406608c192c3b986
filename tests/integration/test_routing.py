"""Who is offered what, over both databases; customers, agents and time are real, the clock is the database's."""

from __future__ import annotations

import secrets
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text

from assistant.human_agent import Presence
from assistant.reason import Reason
from assistant.ticket import IllegalMove, Status, Ticket
from assistant.ticket_event import ReviewChecked, TicketOpened, TicketReleased
from assistant.ticket_kind import Kind
from evals.desk_office import Office, hasty, opened

LONG_AGO = "2026-01-01T00:00:00.000+00:00"
RULES = hasty().model_copy(update={"offer_seconds": 30, "away_seconds": 60})


@dataclass
class Room:
    """A desk, and a second process at the same database."""

    office: Office
    other: Office
    conversations: dict[str, str] = field(default_factory=dict)

    def agent(self, name: str, **me: Any) -> str:
        self.office.desk.be(name, me.pop("presence", Presence.ONLINE), **me)
        return name

    def ticket(self, minutes: float = 1, **said: Any) -> str:
        """A ticket that was asked for so many minutes ago."""
        asked = (datetime.now(UTC) - timedelta(minutes=minutes)).isoformat(timespec="milliseconds")
        given = {"kind": Kind.TALK, "reason": Reason.ASKED, "skill": "general", "asked_at": asked} | said
        event = TicketOpened(secrets.token_hex(6), **given)
        self.conversations[event.ticket] = self.office.open_ticket(event)
        return event.ticket

    def again(self, ticket: str) -> str:
        """Another ticket of the same conversation."""
        event = TicketOpened(secrets.token_hex(6), Kind.TALK, Reason.ASKED, "general", datetime.now(UTC).isoformat())
        self.conversations[event.ticket] = self.conversations[ticket]
        self.office.storage.tell(self.conversations[ticket], event)
        return event.ticket

    def get(self, ticket: str) -> Ticket:
        return self.office.queue.get(ticket)

    def sweep(self, times: int = 1) -> None:
        for _ in range(times):
            self.office.routing.sweep()

    def offers(self, *tickets: str) -> list[str | None]:
        return [self.get(ticket).offered_to for ticket in tickets]

    def next(self, agent: str) -> str | None:
        taken = self.office.desk.claim_next(agent)
        return taken.id if taken else None

    def write(self, sql: str, **values: Any) -> None:
        with self.office.storage.database.writing() as connection:
            assert connection.execute(text(sql), values).rowcount > 0

    def time_is_up(self, *tickets: str) -> None:
        """The offers of these have lasted long enough."""
        for ticket in tickets:
            self.write("UPDATE tickets SET offered_until = :at WHERE id = :id", at=LONG_AGO, id=ticket)

    def vanish(self, agent: str) -> None:
        """This agent has shown no sign of life for long."""
        self.write("UPDATE agents SET seen_at = :at WHERE name = :name", at=LONG_AGO, name=agent)

    def told(self, ticket: str) -> str:
        """The last that the customer was told."""
        said = [
            one for one in self.other.storage.load(self.conversations[ticket]).messages if one.author == "assistant"
        ]
        return said[-1].text


@pytest.fixture
def room(database_url: str) -> Iterator[Room]:
    with ExitStack() as stack:
        yield Room(stack.enter_context(opened(database_url, RULES)), stack.enter_context(opened(database_url, RULES)))


class TestWhoIsOfferedWhat:
    def test_whoever_had_the_conversation_before_comes_first_even_with_more_to_do(self, room: Room) -> None:
        room.agent("had")
        first = room.ticket()
        assert room.next("had") == first
        room.office.desk.resolve("had", first, "answered")
        room.ticket()
        assert room.next("had")
        room.agent("free")
        ticket = room.again(first)
        room.sweep()
        assert room.offers(ticket) == ["had"]

    def test_then_the_smallest_share_of_capacity_in_use(self, room: Room) -> None:
        room.agent("few", capacity=2)
        room.agent("many", capacity=10)
        taken = [room.ticket() for _ in range(3)]
        for agent, ticket in zip(("few", "many", "many"), taken, strict=True):
            room.office.desk.claim(agent, ticket)
        ticket = room.ticket()
        room.sweep()
        assert room.offers(ticket) == ["many"]

    @pytest.mark.parametrize("last", ["anna", "bert"])
    def test_then_who_has_been_free_the_longest(self, room: Room, last: str) -> None:
        """What counts is when the last ticket was closed, not when it was taken."""
        first = "bert" if last == "anna" else "anna"
        held = {room.agent(name): room.ticket() for name in ("anna", "bert")}
        for agent in (last, first):
            room.office.desk.claim(agent, held[agent])
        for agent in (first, last):
            room.office.desk.resolve(agent, held[agent], "answered")
            threading.Event().wait(0.01)
        ticket = room.ticket()
        room.sweep()
        assert room.offers(ticket) == [first]

    def test_the_longest_waiting_is_offered_first_and_each_has_as_many_as_the_capacity_allows(self, room: Room) -> None:
        room.agent("anna", capacity=2)
        late, early, middle = room.ticket(1), room.ticket(3), room.ticket(2)
        room.sweep(3)
        assert room.offers(early, middle, late) == ["anna", "anna", None]
        assert [room.next("anna") for _ in range(2)] == [early, middle]
        room.sweep()
        assert room.offers(late) == [None]
        room.office.desk.resolve("anna", early, "answered")
        room.sweep()
        assert room.offers(late) == ["anna"]

    def test_the_busy_the_offline_the_vanished_and_the_unskilled_are_offered_nothing(self, room: Room) -> None:
        room.agent("busy", presence=Presence.BUSY)
        room.agent("offline", presence=Presence.OFFLINE)
        room.vanish(room.agent("vanished"))
        room.agent("unskilled", skills=["loans"])
        ticket = room.ticket(skill="cards")
        room.sweep(2)
        assert room.offers(ticket) == [None]
        room.agent("skilled", skills=["cards"])
        room.sweep()
        assert room.offers(ticket) == ["skilled"]

    def test_a_first_reviewer_is_never_offered_the_second_review_nor_takes_it(self, room: Room) -> None:
        ticket = room.ticket(kind=Kind.REVIEW, reason=Reason.REVIEW, two_people=True, frame="f")
        room.agent("first")
        room.office.storage.tell(room.conversations[ticket], ReviewChecked(ticket, "first"))
        room.sweep(2)
        assert room.offers(ticket) == [None]
        assert room.next("first") is None
        room.agent("second")
        room.sweep()
        assert room.offers(ticket) == ["second"]
        assert room.next("second") == ticket

    def test_a_review_passed_to_one_who_checks_it_at_once_is_for_everybody_else(self, room: Room) -> None:
        ticket = room.ticket(kind=Kind.REVIEW, reason=Reason.REVIEW, two_people=True, frame="f")
        for name in ("first", "second", "third"):
            room.agent(name)
        room.office.desk.claim("second", ticket)
        room.office.desk.transfer("second", ticket, to="first")
        room.office.storage.tell(room.conversations[ticket], ReviewChecked(ticket, "first"))
        assert room.next("first") is None
        assert room.next("third") == ticket


class TestTime:
    def test_what_is_not_taken_in_time_goes_to_another_and_once_all_let_it_pass_they_are_asked_again(
        self, room: Room
    ) -> None:
        for name in ("anna", "bert"):
            room.agent(name)
        ticket = room.ticket()
        seen = []
        for _ in range(2):
            room.sweep(2)
            seen += room.offers(ticket)
            room.time_is_up(ticket)
        assert sorted(filter(None, seen)) == ["anna", "bert"]
        room.sweep(2)
        assert room.offers(ticket)[0] in ("anna", "bert")

    def test_what_is_offered_to_one_is_taken_by_another_only_when_nothing_else_waits(self, room: Room) -> None:
        room.agent("anna", capacity=1)
        early, late = room.ticket(2), room.ticket(1)
        room.sweep()
        assert room.offers(early, late) == ["anna", None]
        room.agent("bert", presence=Presence.BUSY)
        assert [room.next("bert") for _ in range(3)] == [late, early, None]

    def test_what_is_graver_comes_before_what_was_offered_to_me(self, room: Room) -> None:
        room.agent("anna", capacity=1)
        offered = room.ticket(5)
        room.sweep()
        assert room.offers(offered) == ["anna"]
        graver = room.ticket(1, reason=Reason.DANGER, head_start_seconds=2_000)
        assert [room.next("anna"), room.next("anna")] == [graver, offered]

    def test_what_was_passed_to_one_person_waits_until_the_time_is_up_and_then_for_all(self, room: Room) -> None:
        ticket = room.ticket()
        room.agent("anna"), room.agent("bert", presence=Presence.BUSY), room.agent("cleo")
        room.office.desk.claim("anna", ticket)
        room.office.desk.transfer("anna", ticket, to="bert")
        room.sweep(2)
        assert room.offers(ticket) == ["bert"]
        assert room.next("cleo") is None
        room.time_is_up(ticket)
        assert room.next("cleo") == ticket

    def test_what_was_passed_to_one_who_never_came_is_offered_and_taken_as_any_other(self, room: Room) -> None:
        ticket = room.ticket()
        room.agent("anna", presence=Presence.BUSY), room.agent("nobody", presence=Presence.BUSY)
        room.office.desk.claim("anna", ticket)
        room.office.desk.transfer("anna", ticket, to="nobody")
        room.time_is_up(ticket)
        room.agent("cleo")
        room.sweep()
        assert room.offers(ticket) == ["cleo"]
        assert room.next("cleo") == ticket

    def test_what_was_passed_to_one_who_never_came_is_for_all_while_nobody_is_free(self, room: Room) -> None:
        ticket = room.ticket()
        room.agent("anna", presence=Presence.BUSY), room.agent("nobody", presence=Presence.BUSY)
        room.office.desk.claim("anna", ticket)
        room.office.desk.transfer("anna", ticket, to="nobody")
        room.time_is_up(ticket)
        room.sweep(2)
        assert room.next("anna") == ticket

    def test_the_person_it_was_passed_to_takes_it_whatever_their_skills(self, room: Room) -> None:
        ticket = room.ticket(skill="loans")
        room.agent("anna"), room.agent("bert", skills=["cards"])
        room.office.desk.claim("anna", ticket)
        room.office.desk.transfer("anna", ticket, to="bert")
        assert room.next("bert") == ticket


class TestWhoHasGone:
    def test_what_a_vanished_agent_had_is_served_before_all_others_and_the_customer_is_told(self, room: Room) -> None:
        room.agent("anna", shown_as="安娜")
        lost = room.ticket(1)
        assert room.next("anna") == lost
        room.ticket(9, reason=Reason.DANGER, head_start_seconds=2_000)
        room.vanish("anna")
        room.sweep()
        assert room.get(lost).status is Status.WAITING
        assert "安娜" in room.told(lost)
        assert room.other.storage.load(room.conversations[lost]).held_by is None
        room.agent("bert", presence=Presence.BUSY)
        assert room.next("bert") == lost
        with pytest.raises(IllegalMove):
            room.office.desk.resolve("anna", lost, "answered")
        room.ticket()
        room.sweep()
        assert "anna" not in [one.offered_to for one in room.office.queue.listed(Status.WAITING)]
        assert room.office.desk.agents.seen("anna").presence is Presence.ONLINE

    def test_an_agent_who_shows_life_keeps_what_is_at_hand(self, room: Room) -> None:
        room.agent("anna")
        ticket = room.ticket()
        assert room.next("anna") == ticket
        room.vanish("anna")
        room.agent("anna")
        room.sweep()
        assert room.get(ticket).claimed_by == "anna"

    def test_a_customer_long_silent_is_let_go_and_told_so(self, room: Room) -> None:
        ticket, left = room.ticket(), room.ticket(kind=Kind.MESSAGE)
        almost = room.ticket()
        minutes = RULES.idle_customer_minutes
        for one, since in ((ticket, minutes), (left, 10 * minutes), (almost, minutes - 1)):
            seen = (datetime.now(UTC) - timedelta(minutes=since)).isoformat(timespec="milliseconds")
            room.write("UPDATE tickets SET seen_at = :at WHERE id = :id", at=seen, id=one)
        room.sweep()
        assert (room.get(ticket).status, room.get(ticket).code) == (Status.ABANDONED, "silent")
        assert [room.get(one).status for one in (left, almost)] == [Status.WAITING] * 2
        assert room.other.storage.load(room.conversations[ticket]).talk is None
        words = room.office.desk._assistant.words(room.conversations[ticket])
        assert room.told(ticket) == words.queue_silent


class TestSeveralProcesses:
    def test_two_sweeps_at_once_offer_each_ticket_once_and_nobody_more_than_the_capacity(self, room: Room) -> None:
        agents = {room.agent(f"agent{number}", capacity=1): 0 for number in range(4)}
        tickets = [room.ticket(number) for number in range(12)]
        gate = threading.Barrier(4)

        def sweep(office: Office) -> None:
            gate.wait()
            office.routing.sweep()

        with ThreadPoolExecutor(4) as pool:
            list(pool.map(sweep, [room.office, room.other] * 2))
        offered = [agent for agent in room.offers(*tickets) if agent]
        assert sorted(offered) == sorted(agents)

    def test_a_vanished_agents_ticket_is_released_once_by_two_sweeps(self, room: Room) -> None:
        room.agent("anna")
        tickets = [room.ticket() for _ in range(3)]
        for _ in tickets:
            assert room.next("anna")
        room.vanish("anna")
        with ThreadPoolExecutor(2) as pool:
            list(pool.map(lambda office: office.routing.sweep(), [room.office, room.other]))
        for ticket in tickets:
            events = room.office.storage.events(room.conversations[ticket])
            assert sum(isinstance(event, TicketReleased) for event in events) == 1

    def test_one_takes_this_very_ticket_while_others_take_the_next(self, room: Room) -> None:
        """Whoever writes to a ticket and whoever takes it never wait for each other."""
        names = [room.agent(f"agent{number}") for number in range(4)]
        for _ in range(15):
            ticket = room.ticket()
            gate = threading.Barrier(4)

            def take(number: int, ticket: str = ticket, gate: threading.Barrier = gate) -> bool:
                desk = (room.office, room.other)[number % 2].desk
                gate.wait()
                try:
                    if number < 2:
                        return desk.claim_next(names[number]) is not None
                    return desk.claim(names[number], ticket).claimed_by == names[number]
                except IllegalMove:
                    return False

            with ThreadPoolExecutor(4) as pool:
                assert sum(pool.map(take, range(4))) == 1
