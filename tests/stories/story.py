"""A story: what a customer says and presses, what comes back, and what then has happened at the bank and on record."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import update

from assistant.bootstrap import House
from assistant.human_agent import Presence
from assistant.llms.scripted import Line, Scripted
from assistant.queue import Queue
from assistant.reply import Outcome, Reply, Turn
from assistant.routing import Routing
from assistant.ticket import Status, Ticket
from assistant.ticket_table import tickets
from evals.case import Move
from evals.scene import Scene
from knowledge_base.database import Database, metadata

Kind = Literal[
    "happy_path", "answer", "correction", "cancellation", "digression", "clarification", "knowledge_in_flow", "rejected_value",
    "confirmation", "handoff", "bank_failure", "refusal", "resume", "several", "identity", "injection",
]  # fmt: skip


class Said(Move, BaseModel):
    """One turn: exactly one of what may be done, and what must come of it. Texts of `reply` must stand in the reply.

    `agent` is a move at the desk on the conversation's latest ticket; who is `gone` has shown no sign of life for long.
    `ticket` is how that ticket stands then, `sees` what stands in its summary, `not_sees` what nobody is shown and no event holds.
    """

    model_config = ConfigDict(extra="forbid")

    review: Literal["approved", "refused"] | None = None
    agent: Literal["online", "claim", "write", "note", "return", "resolve", "transfer"] | None = None
    gone: Literal["agent", "customer"] | None = None
    by: str = "agent"
    because: str = ""
    text: str = ""
    skill: str | None = None
    resolved: str = "answered"
    end_task: bool = False

    outcome: str | None = None
    flow: str | None = None
    status: str | None = None
    slots: dict[str, str] = {}
    reply: list[str] = []
    not_reply: list[str] = []
    choices: list[str] = []
    not_choices: list[str] = []
    ticket: dict[str, Any] = {}
    sees: list[str] = []
    not_sees: list[str] = []

    @property
    def name(self) -> str:
        """What is done, for who reads why a story failed."""
        return self.review or self.agent or self.gone or super().name


class Story(BaseModel):
    """One conversation. `events` stand in the log in this order, others between them; `tickets` is how many were opened, `bank` are paths into the record.

    `model` is what a language model says, where there is one, all of which must be asked for.
    """

    model_config = ConfigDict(extra="forbid")

    name: str
    kind: Kind
    customer: str | None = None
    locale: str = "zh-CN"
    turns: list[Said] = Field(min_length=1)
    events: list[str] = []
    not_events: list[str] = []
    tickets: int | None = None
    bank: dict[str, Any] = {}
    model: list[Line] | None = None


def stories(folder: Path) -> list[tuple[str, Story]]:
    """Every story of the folder's files, with a name for the test."""
    found = []
    for path in sorted(folder.glob("*.yaml")):
        for content in yaml.safe_load(path.read_text(encoding="utf-8")):
            story = Story.model_validate(content)
            found.append((f"{path.stem}: {story.name}", story))
    return found


@dataclass
class Stage(Scene):
    """What a story is played on."""

    house: House | None = None
    routing: Routing | None = None
    database: Database | None = None
    script: Scripted | None = None

    def play(self, turn: Said) -> Turn | None:
        """Does what the turn says; nothing comes back where it only changes the scene."""
        if turn.review is not None:
            return self._reviewed(turn)
        if turn.agent is not None:
            return self._moved(turn)
        if turn.gone is not None:
            return self._swept(turn)
        return self.do(turn)

    def _reviewed(self, turn: Said) -> Turn | None:
        """A person of the bank decides; where another must approve too, the customer is told nothing yet."""
        assert self.house
        before = self.assistant.conversation(self.conversation)
        assert before.review
        approved = turn.review == "approved"
        ticket = self.house.desk.review(turn.by, before.review.id, approved=approved, reason=turn.because)
        after = self.assistant.conversation(self.conversation)
        if ticket.status is Status.WAITING:
            assert after.messages == before.messages
            return None
        return self.told()

    @property
    def ticket(self) -> Ticket:
        """The latest ticket of the conversation."""
        return self.tickets[-1]

    @property
    def tickets(self) -> list[Ticket]:
        """All tickets of the conversation, the oldest first."""
        assert self.database
        return sorted(Queue(self.database).listed(), key=lambda one: one.opened_at)

    def _moved(self, turn: Said) -> Turn | None:
        """An agent does something with the latest ticket."""
        assert self.house
        desk = self.house.desk
        if turn.agent == "online":
            desk.be(turn.by, Presence.ONLINE)
            return None
        ticket = self.ticket.id
        match turn.agent:
            case "claim":
                desk.claim(turn.by, ticket)
            case "write":
                desk.write(turn.by, ticket, turn.text)
            case "note":
                desk.note(turn.by, ticket, turn.text)
            case "transfer":
                desk.transfer(turn.by, ticket, turn.skill, note=turn.text)
                return self.told()
            case "return":
                return self.heard(desk.give_back(turn.by, ticket, turn.text))
            case "resolve":
                return self.heard(desk.resolve(turn.by, ticket, turn.resolved, turn.text, end_task=turn.end_task))
        return None

    def _swept(self, turn: Said) -> Turn | None:
        """Long after anything was heard of the agent, or of the customer, the queue is put in order."""
        assert self.routing and self.database
        at = (datetime.now(UTC) - timedelta(hours=1)).isoformat(timespec="milliseconds")
        agents = metadata.tables["agents"]
        gone = update(agents).where(agents.c.name == turn.by) if turn.gone == "agent" else update(tickets)
        with self.database.writing() as connection:
            connection.execute(gone.values(seen_at=at))
        self.routing.sweep()
        return self.told()

    def look(self, turn: Said, number: int) -> None:
        """Whether the latest ticket is what the story says, and its agent sees what the story says."""
        if not (turn.ticket or turn.sees or turn.not_sees):
            return
        assert self.house
        row = asdict(self.ticket)
        other = {name: row[name] for name in turn.ticket if row[name] != turn.ticket[name]}
        assert not other, f"turn {number} ({turn.name}): the ticket has {other}, not {turn.ticket}"
        view = self.house.views.of(self.ticket.id, reader=turn.by)
        summary = "\n".join(view.summary)
        missing = [text for text in turn.sees if text not in summary]
        assert not missing, f"turn {number} ({turn.name}): {summary}\nlacks {missing}"
        kept = repr((view, self.assistant.events(self.conversation), self.assistant.conversation(self.conversation)))
        shown = [text for text in turn.not_sees if text in kept]
        assert not shown, f"turn {number} ({turn.name}): {kept}\nshows {shown}"


def check(turn: Said, told: Turn, number: int) -> None:
    """Whether what came back is what the story says."""
    where = f"turn {number} ({turn.name}): {told.reply.text}"
    outcome = told.outcome.value
    assert turn.outcome in (None, outcome), f"{where}\noutcome {outcome}, not {turn.outcome}"
    assert (outcome == Outcome.WITH_HUMAN) is (told.reply == Reply("")), f"{where}\nis {outcome}"
    flow = told.flow
    assert turn.flow is None or (flow and flow.id == turn.flow), f"{where}\nflow {flow}, not {turn.flow}"
    assert turn.status is None or (flow and flow.status == turn.status), f"{where}\nflow {flow}, not {turn.status}"
    for slot, shown in turn.slots.items():
        assert flow, f"{where}\nno flow"
        assert flow.slots.get(slot) == shown, f"{where}\n{slot} is {flow.slots.get(slot)}, not {shown}"
    missing = [text for text in turn.reply if text not in told.reply.text]
    assert not missing, f"{where}\nlacks {missing}"
    too_much = [text for text in turn.not_reply if text in told.reply.text]
    assert not too_much, f"{where}\nsays {too_much}"
    labels = [choice.label for choice in told.reply.choices]
    assert set(turn.choices) <= set(labels), f"{where}\nbuttons {labels}, not {turn.choices}"
    assert not set(turn.not_choices) & set(labels), f"{where}\nbuttons {labels}, none of {turn.not_choices}"
