"""One unfinished guided task: where it stands and what it knows. Frames are made by their events alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import assert_never

from assistant.bank import Items
from assistant.flow_event import (
    CallEnded,
    CallFailed,
    CallStarted,
    CodeChecked,
    CodeSent,
    Confirmed,
    Consented,
    FlowEnded,
    FlowEvent,
    FlowResumed,
    FlowStarted,
    Retried,
    ReviewDecided,
    ReviewRequested,
    SlotFilled,
    SlotRejected,
    SlotsCleared,
    SlotSkipped,
    StepTaken,
)
from assistant.slot import Filled

Known = Filled | Items


@dataclass(frozen=True)
class Frame:
    """A flow under way.

    `operation` is the one held ready at the bank, `pending` while its commit has no known end. `path` are the steps come
    past, `consents` the digests of the texts consented to, `proven` the slots whose number was proven by a code, `answered` those that
    the customer filled, and not the bank.
    """

    id: str
    flow: str
    step: str
    parent: str | None = None
    slots: Mapping[str, Known] = field(default_factory=dict)
    skipped: frozenset[str] = frozenset()
    path: tuple[str, ...] = ()
    begun: bool = False
    tries: int = 0
    operation: str | None = None
    pending: bool = False
    stuck: bool = False
    locked: bool = False
    code: CodeSent | None = None
    proven: frozenset[str] = frozenset()
    consents: frozenset[str] = frozenset()
    answered: frozenset[str] = frozenset()
    ticket: str | None = None
    decided: bool | None = None
    refused_because: str = ""

    def value(self, slot: str) -> str | None:
        """The canonical value of a slot."""
        known = self.slots.get(slot)
        return known.value if isinstance(known, Filled) else None

    def items(self, slot: str) -> Items:
        """The list that an action filled."""
        known = self.slots.get(slot, ())
        return () if isinstance(known, Filled) else known

    def knows(self, slot: str) -> bool:
        """Whether there is nothing left to ask about a slot."""
        return slot in self.slots or slot in self.skipped

    def after(self, event: FlowEvent) -> Frame:  # noqa: C901 - one arm an event
        """The frame once this has happened to it."""
        match event:
            case SlotFilled():
                return self._forget({event.slot}, {event.slot: event.value})
            case SlotsCleared():
                return self._forget(set(event.slots), {})
            case SlotSkipped():
                return replace(self, skipped=self.skipped | {event.slot}, tries=0)
            case SlotRejected():
                return replace(self, tries=self.tries + 1)
            case StepTaken():
                return self._taken(event)
            case CallStarted():
                return replace(self, pending=True)
            case CallEnded():
                return self._ended(event)
            case CallFailed():
                return replace(self, stuck=True, pending=event.unknown)
            case Retried():
                return replace(self, stuck=False, locked=False)
            case CodeSent():
                return replace(self, code=event, stuck=False)
            case CodeChecked():
                return self._checked(event)
            case Consented():
                return replace(self, consents=self.consents | {event.digest})
            case ReviewRequested():
                return replace(self, ticket=event.ticket)
            case ReviewDecided():
                return replace(self, decided=event.approved, refused_because="" if event.approved else event.reason)
            case FlowStarted() | FlowEnded() | FlowResumed() | Confirmed():
                return self
            case _:
                assert_never(event)

    def _taken(self, event: StepTaken) -> Frame:
        """Going back to a step that was come past makes the way shorter again."""
        way = (*self.path, event.step)
        path = way[: way.index(event.to)] if event.to in way else way
        return replace(
            self,
            step=event.to,
            path=path,
            tries=0,
            code=None,
            stuck=False,
            locked=False,
            ticket=None,
            decided=None,
            refused_because="",
        )

    def _ended(self, event: CallEnded) -> Frame:
        """What is held ready at the bank no longer counts once the bank has said something else."""
        slots = {**self.slots, **event.values}
        held = event.operation if event.phase == "prepare" or slots != self.slots else self.operation
        return replace(self, slots=slots, operation=held, pending=False, stuck=False)

    def _checked(self, event: CodeChecked) -> Frame:
        proven = self.proven | {event.target} if event.outcome == "right" else self.proven
        code = self.code if event.outcome == "wrong" else None
        tries = 0 if event.outcome == "right" else self.tries + 1
        return replace(self, proven=proven, code=code, locked=event.outcome == "locked", tries=tries)

    def _forget(self, slots: set[str], new: Mapping[str, Known]) -> Frame:
        """What was proven or held ready for the old value no longer counts."""
        kept = {name: known for name, known in self.slots.items() if name not in slots}
        return replace(
            self,
            slots={**kept, **new},
            skipped=self.skipped - slots,
            answered=(self.answered - slots) | new.keys(),
            proven=self.proven - slots,
            operation=None,
            tries=0,
        )


def stack(frames: tuple[Frame, ...], event: FlowEvent) -> tuple[Frame, ...]:
    """The unfinished tasks of a conversation once this has happened, the one being done last."""
    match event:
        case FlowStarted():
            place = next((at for at, one in enumerate(frames) if one.id == event.beneath), len(frames))
            return (*frames[:place], start(event), *frames[place:])
        case FlowEnded():
            return tuple(one for one in frames if one.id != event.frame)
        case FlowResumed():
            return (
                *(one for one in frames if one.id != event.frame),
                *(one for one in frames if one.id == event.frame),
            )
        case _:
            return tuple(replace(one.after(event), begun=True) if one.id == event.frame else one for one in frames)


def start(event: FlowStarted) -> Frame:
    """The frame of a flow that has just begun."""
    return Frame(event.frame, event.flow, event.step, event.parent, dict(event.slots))
