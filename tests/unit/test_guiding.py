"""Every shipped task, driven by random commands against a bank that does as it pleases."""

from __future__ import annotations

import random
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.action import Operation, actions
from assistant.alarm import Kind
from assistant.bank import BankUnavailable, Items, Result, ResultUnknown, Value
from assistant.bootstrap import build_flows
from assistant.command import (
    Answer,
    AskHuman,
    CancelFlow,
    CorrectSlot,
    NotUnderstood,
    RaiseAlarm,
    ResendCode,
    ResumeFlow,
    Retry,
    SetSlot,
    SkipSlot,
    StartFlow,
    SubmitCode,
)
from assistant.conversation import Conversation, fold
from assistant.errand import Errand
from assistant.event import Event
from assistant.flow import Flow
from assistant.flow_event import CallStarted, Confirmed, SlotFilled, SlotsCleared
from assistant.flow_runner import correctable
from assistant.guiding import Guiding, TaskCommand
from assistant.live import Speech
from assistant.llm import Allowance
from assistant.question import Question
from assistant.reply import Outcome
from assistant.settings import Settings
from assistant.slot import Filled
from assistant.step import Confirm, End, Say
from assistant.talking import Talking
from assistant.understanding import Understanding
from assistant.wording import Wordings
from knowledge_base.lexicon import Lexicon

FLOWS = build_flows(Settings())
WORDS = Wordings("云杉银行", "小杉", "400-000-9528").of("zh-CN")
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


UNDERSTANDING = Understanding(None, FLOWS, lambda _audience: Lexicon([]))  # type: ignore[arg-type]
TALKING = Talking(None, FLOWS)  # type: ignore[arg-type]
HEARD = {"转人工": AskHuman(), "talk to a person": AskHuman(), "我不想活了": RaiseAlarm(Kind.DANGER)}


class Whimsical:
    """A bank that ends every call in any way that it may, and keeps count of what it was told to do."""

    def __init__(self, chance: random.Random, flows: Mapping[str, Flow]) -> None:
        self.chance = chance
        self.flows = flows
        self.done: dict[str, Result] = {}
        self.names: dict[str, str] = {}
        self.sound = False

    def _stumbles(self) -> bool:
        return not self.sound and self.chance.random() < 0.1

    def query(self, name: str, customer: str, inputs: Mapping[str, str], locale: str) -> Result:
        if self._stumbles():
            raise BankUnavailable("down")
        action = actions()[name]
        assert not isinstance(action, Operation)
        outcome = self.chance.choice(sorted(action.outcomes))
        return Result(outcome, {slot: self._value(slot) for slot in action.outcomes[outcome]})

    def prepare(self, name: str, customer: str, inputs: Mapping[str, str], locale: str) -> Result:
        if self._stumbles():
            raise BankUnavailable("down")
        action = actions()[name]
        assert isinstance(action, Operation)
        outcome = self.chance.choice(["ready", "ready", *action.refusals])
        operation = f"op{len(self.names)}" if outcome == "ready" else None
        if operation:
            self.names[operation] = name
        return Result(outcome, {slot: self._value(slot) for slot in action.prepare.outcomes[outcome]}, operation)

    def commit(self, operation: str, key: str) -> Result:
        if self._stumbles():
            raise BankUnavailable("down")
        lost = self._stumbles()
        if not lost or self.chance.random() < 0.5:
            action = actions()[self.names[operation]]
            assert isinstance(action, Operation)
            outcome = self.chance.choice(["done", "done", "not_done"])
            values = {slot: self._value(slot) for slot in action.commit.outcomes[outcome]}
            self.done.setdefault(operation, Result(outcome, values))
        if lost:
            raise ResultUnknown("lost")
        return self.done[operation]

    def look_up(self, operation: str) -> Result | None:
        if self._stumbles():
            raise ResultUnknown("down")
        return self.done.get(operation)

    def send_code(self, customer: str, purpose: str, phone: str | None, locale: str) -> Result:
        if self._stumbles():
            raise BankUnavailable("down")
        outcome = "sent" if self.sound else self.chance.choice(["sent", "sent", "too_soon", "locked"])
        return Result(outcome, {"phone": "161****1001", "seconds_to_resend": "30", "minutes": "30"})

    def check_code(self, customer: str, purpose: str, code: str) -> Result:
        if self._stumbles():
            raise BankUnavailable("down")
        outcome = self.chance.choice(["right", "right", "wrong", "expired", "locked"])
        return Result(outcome, {"attempts_left": "3"})

    def _value(self, name: str) -> Value:
        items = self._items(name)
        return items if items is not None else str(self.chance.randrange(10**6))

    def _items(self, name: str) -> Items | None:
        """A list, where some flow takes this name for one, with all that the flows show of its items."""
        fields = list_fields(name)
        if fields is None:
            return None
        return tuple(dict.fromkeys(fields, f"{name}{number}") for number in range(self.chance.randint(1, 3)))


@cache
def list_fields(name: str) -> frozenset[str] | None:
    """The fields that flows show of the items of a list; nothing where no flow takes the name for a list."""
    steps = [step for flow in FLOWS.values() for step in flow.steps.values()]
    rows = [step.rows[name] for step in steps if isinstance(step, Say | Confirm | End) and name in step.rows]
    chosen = any(getattr(step, "options_from", None) == name for step in steps)
    if not rows and not chosen:
        return None
    return frozenset({"id", "label"} | {field for row in rows for field in row.names})


class Customer:
    """Someone who answers, corrects, skips, gives up and starts other things at random."""

    def __init__(self, flow: str, seed: int) -> None:
        self.chance = random.Random(seed)
        self.bank = Whimsical(self.chance, FLOWS)
        self.guiding = Guiding(FLOWS, self.bank)
        self.events: list[Event] = []
        self.state = Conversation(customer="c1001")
        self.do([StartFlow(flow)])

    def do(self, commands: list[TaskCommand]) -> None:
        kept: list[Event] = []
        errand = Errand(self.state, WORDS, NOW, kept.extend)
        self.guiding.settle(errand, resend=self.chance.random() < 0.5)
        errand.asked = self.guiding.question(errand.state, WORDS, NOW)
        self.guiding.obey(commands, errand)
        happened = [*kept, *errand.events]
        assert fold(happened, self.state) == errand.state, "the state is not the fold of its events"
        self.events += happened
        self.state = errand.state
        self.check()

    @property
    def asked(self) -> Question | None:
        return self.guiding.question(self.state, WORDS, NOW)

    def check(self) -> None:
        """What must hold after every turn."""
        frame, asked = self.state.frame, self.asked
        assert (frame is None) == (asked is None), f"{frame}: waits for nothing"
        if frame and asked and asked.slot:
            assert not frame.knows(asked.slot), f"{frame.flow}: asks for {asked.slot}, which is known"
        self.every_commit_was_confirmed()
        self.a_person_is_a_message_away()

    def a_person_is_a_message_away(self) -> None:
        """Whatever is open, a wish for a person and a cry for help are heard before anything else."""
        asked = self.asked
        for message, wanted in HEARD.items():
            commands = UNDERSTANDING.understand(message, None, self.state, asked, NOW.date())
            assert commands == [wanted], f"{self.state.frame}: {message} becomes {commands}"
            assert isinstance(wanted, AskHuman | RaiseAlarm)
            if isinstance(wanted, RaiseAlarm):
                told = TALKING.obey(wanted, self.state, WORDS, Speech(Allowance(0)))
                assert told.outcome is Outcome.HANDED_OFF
                assert told.reason == wanted.alarm.value

    def every_commit_was_confirmed(self) -> None:
        """Between the yes to an operation and its commit, nothing that it was prepared from has changed."""
        confirmed: dict[str, str | None] = {}
        for event in self.events:
            match event:
                case Confirmed():
                    confirmed[event.frame] = event.operation
                case SlotFilled() | SlotsCleared():
                    confirmed.pop(event.frame, None)
                case CallStarted():
                    assert confirmed.get(event.frame) == event.operation, f"{event} was not confirmed"

    def step(self) -> None:
        """One random turn."""
        roll, asked = self.chance.random(), self.asked
        if asked is None or self.state.frame is None:
            self.do([StartFlow(self.chance.choice(sorted(FLOWS)))])
        elif roll < 0.06:
            odd: list[TaskCommand] = [CancelFlow(), NotUnderstood(), ResumeFlow(), Retry(), ResendCode()]
            self.do([self.chance.choice(odd)])
        elif roll < 0.1:
            self.do([StartFlow(flow) for flow in self.chance.sample(sorted(FLOWS), 2 if len(FLOWS) > 1 else 1)])
        elif roll < 0.2 and self._correction():
            self.do([self._correction() or CancelFlow()])
        elif asked.pressed and roll < 0.8:
            command = self.chance.choice(list(asked.pressed.values()))
            self.do([command] if isinstance(command, TaskCommand) else [])
        else:
            self.do(self._answer(asked))

    def _correction(self) -> CorrectSlot | None:
        frame = self.state.frame
        slots = correctable(FLOWS[frame.flow], frame) if frame and not frame.pending else ()
        if not slots:
            return None
        return CorrectSlot(self.chance.choice(slots), self.chance.choice([None, self._filled()]))

    def _answer(self, asked: Question) -> list[TaskCommand]:
        if asked.slot and self.chance.random() < 0.2:
            return [SkipSlot(asked.slot)] if FLOWS[self._flow].slots[asked.slot].optional else [NotUnderstood()]
        if asked.slot:
            options = [Filled(option.id, option.label) for option in asked.options]
            return [SetSlot(asked.slot, self.chance.choice(options or [self._filled()]))]
        return [SubmitCode("123456")] if asked.wants.value == "code" else [Answer(yes=self.chance.random() < 0.7)]

    @property
    def _flow(self) -> str:
        return self.state.frame.flow if self.state.frame else ""

    def _filled(self) -> Filled:
        text = str(self.chance.randrange(10**10))
        return Filled(text, text)

    def leave(self) -> None:
        """Gives everything up, with a bank that works again: nothing may hold the customer."""
        self.bank.sound = True
        for _ in range(20):
            if self.state.frame is None:
                return
            self.do([Retry(), CancelFlow()])
        raise AssertionError(f"{self.state.frames} cannot be left")


@pytest.fixture(autouse=True)
def _no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("assistant.banking._PAUSES", (0.0,))


@pytest.mark.parametrize("flow", sorted(FLOWS))
@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 2**32))
def test_no_state_holds_the_customer_and_nothing_is_done_without_a_yes(flow: str, seed: int) -> None:
    customer = Customer(flow, seed)
    for _ in range(25):
        customer.step()
    customer.leave()
    assert "123456" not in repr(customer.events).replace("SubmitCode", "")
