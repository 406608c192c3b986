"""A story: what a customer says and presses, what comes back, and what then has happened at the bank and on record."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field

from assistant.assistant import Assistant
from assistant.reply import Choice, Reply, Turn
from tests.bank import RunningBank

Kind = Literal[
    "happy_path", "correction", "cancellation", "digression", "clarification", "knowledge_in_flow", "rejected_value",
    "confirmation", "handoff", "bank_failure", "refusal", "resume", "several", "identity", "injection",
]  # fmt: skip


class Said(BaseModel):
    """One turn: exactly one of what may be done, and what must come of it. Texts of `reply` must stand in the reply."""

    model_config = ConfigDict(extra="forbid")

    say: str | None = None
    press: str | None = None
    press_id: str | None = None
    code: Literal["right", "wrong"] | None = None
    fault: dict[str, Any] | None = None
    sign_in: str | None = None
    review: Literal["approved", "refused"] | None = None

    outcome: str | None = None
    flow: str | None = None
    status: str | None = None
    slots: dict[str, str] = {}
    reply: list[str] = []
    not_reply: list[str] = []
    choices: list[str] = []


class Story(BaseModel):
    """One conversation. `events` stand in the log in this order, others between them; `bank` are paths into the record."""

    model_config = ConfigDict(extra="forbid")

    name: str
    kind: Kind
    customer: str | None = None
    locale: str = "zh-CN"
    turns: list[Said] = Field(min_length=1)
    events: list[str] = []
    not_events: list[str] = []
    bank: dict[str, Any] = {}


def stories(folder: Path) -> list[tuple[str, Story]]:
    """Every story of the folder's files, with a name for the test."""
    found = []
    for path in sorted(folder.glob("*.yaml")):
        for content in yaml.safe_load(path.read_text(encoding="utf-8")):
            story = Story.model_validate(content)
            found.append((f"{path.stem}: {story.name}", story))
    return found


@dataclass
class Stage:
    """What a story is played on."""

    assistant: Assistant
    bank: RunningBank
    customer: str | None
    conversation: str
    reply: Reply
    pressed: list[Choice] = field(default_factory=list)

    def play(self, turn: Said) -> Turn | None:
        """Does what the turn says; nothing comes back where it only changes the scene."""
        if turn.fault is not None:
            self.bank.fail(**turn.fault)
            return None
        if turn.review is not None:
            frames = self.assistant.conversation(self.conversation).frames
            ticket = next(frame.ticket for frame in frames if frame.ticket)
            return self._heard(
                self.assistant.review(self.conversation, ticket, "agent", approved=turn.review == "approved")
            )
        if turn.sign_in is not None:
            self.customer = turn.sign_in
            return self._heard(self.assistant.sign_in(self.conversation, turn.sign_in))
        if turn.code is not None:
            right = self.bank.code(self.customer or "")
            wrong = f"{(int(right) + 1) % 1_000_000:06d}"
            return self._heard(self.assistant.respond(self.conversation, right if turn.code == "right" else wrong))
        if turn.press is not None or turn.press_id is not None:
            return self._heard(self.assistant.respond(self.conversation, "", self._button(turn)))
        return self._heard(self.assistant.respond(self.conversation, turn.say or ""))

    def _button(self, turn: Said) -> str:
        """The id of a button by its label, of this reply or - a stale one - of an earlier one."""
        if turn.press_id is not None:
            return turn.press_id
        shown = [*self.reply.choices, *self.pressed]
        found = next((one.id for one in shown if one.label == turn.press), None)
        assert found, f"no button {turn.press!r} among {[one.label for one in shown]}"
        return found

    def _heard(self, turn: Turn) -> Turn:
        self.pressed += self.reply.choices
        self.reply = turn.reply
        return turn


def check(turn: Said, told: Turn, number: int) -> None:
    """Whether what came back is what the story says."""
    where = f"turn {number} ({turn.say or turn.press or turn.code or turn.sign_in or turn.press_id}): {told.reply.text}"
    for name in ("outcome",):
        wanted = getattr(turn, name)
        assert wanted is None or told.outcome.value == wanted, f"{where}\noutcome {told.outcome.value}, not {wanted}"
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


def in_order(wanted: Sequence[str], happened: Sequence[str]) -> bool:
    """Whether the wanted events stand in the log in their order."""
    left = iter(happened)
    return all(any(one == event for event in left) for one in wanted)


def found(record: Any, path: str) -> Any:
    """What stands at a path such as `cards[number=6222].status` or `complaints.length` of a customer's record."""
    for part in path.split("."):
        if part == "length":
            record = len(record)
            continue
        name, _, chosen = part.partition("[")
        record = record[name] if name else record
        if not chosen:
            continue
        key, _, value = chosen.rstrip("]").partition("=")
        rows = [row for row in record if str(row[key]) == value] if value else [record[int(key)]]
        assert rows, f"{path}: none of {len(record)} rows has {chosen}"
        record = rows[0]
    return record
