from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from assistant.human_agent import HumanAgent, Presence
from assistant.reason import Reason
from assistant.routing import best
from assistant.ticket import Status, Ticket
from assistant.ticket_kind import Kind

AT = "2026-11-22T08:00:00.000+00:00"
NAMES = ["anna", "bert", "cleo", "dora", "emil"]
SKILLS = ["general", "cards", "loans"]
TICKET = Ticket("t", "c", Kind.TALK, Status.WAITING, Reason.ASKED, "cards", "", 0, False, AT, AT, AT, AT)
SOMEONE = st.none() | st.sampled_from(NAMES)


@st.composite
def agents(draw: st.DrawFn) -> list[HumanAgent]:
    names = draw(st.lists(st.sampled_from(NAMES), unique=True))
    return [
        HumanAgent(
            name,
            name,
            Presence.ONLINE,
            draw(st.integers(1, 4)),
            tuple(draw(st.lists(st.sampled_from(SKILLS), unique=True, max_size=2))),
            AT,
            f"2026-11-22T0{draw(st.integers(0, 7))}:00:00.000+00:00",
        )
        for name in names
    ]


def may_have(agent: HumanAgent, ticket: Ticket, load: dict[str, int], passed: set[str]) -> bool:
    skilled = not agent.skills or ticket.skill in agent.skills or ticket.wanted == agent.name
    return skilled and load.get(agent.name, 0) < agent.capacity and agent.name not in passed | {ticket.first_reviewer}


@given(
    agents(),
    st.dictionaries(st.sampled_from(NAMES), st.integers(0, 4)),
    st.sets(st.sampled_from(NAMES), max_size=2),
    st.tuples(SOMEONE, SOMEONE, SOMEONE),
)
def test_the_wanted_then_the_one_before_then_the_least_busy_then_the_longest_free_of_those_who_may(
    there: Sequence[HumanAgent],
    load: dict[str, int],
    passed: set[str],
    who: tuple[str | None, str | None, str | None],
) -> None:
    wanted, last, first_reviewer = who
    ticket = replace(TICKET, wanted=wanted, first_reviewer=first_reviewer)
    able = {agent.name: agent for agent in there if may_have(agent, ticket, load, passed)}
    chosen = best(ticket, there, load, passed, last)
    if chosen is None or not able:
        assert chosen is None
        assert not able
        return
    assert chosen.name in able
    preferred = next((name for name in (wanted, last) if name in able), None)
    if preferred:
        assert chosen.name == preferred
        return
    shares = {name: load.get(name, 0) / agent.capacity for name, agent in able.items()}
    assert shares[chosen.name] == min(shares.values())
    alike = [agent.free_since for name, agent in able.items() if shares[name] == shares[chosen.name]]
    assert chosen.free_since == min(alike)
