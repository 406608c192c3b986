"""Where a task was left: what the customer has answered so far, and what it waits for, made from its frame."""

from __future__ import annotations

import re
from datetime import datetime

from assistant.flow import Flow
from assistant.frame import Frame
from assistant.lead_event import BreakPoint
from assistant.slot import Filled
from assistant.step import Choose, asks

_BESIDE = re.compile(r"\s*[（(][^（）()]*[）)]$")


def of(flow: Flow, frame: Frame, at: datetime) -> BreakPoint:
    """The break point of a task that stands here now."""
    missing = next((slot for slot in asks(flow.steps[frame.step]) if not frame.knows(slot)), None)
    return BreakPoint(
        frame.id, flow.id, frame.step, at.isoformat(timespec="milliseconds"), missing, _known(flow, frame)
    )


def is_begun(flow: Flow, frame: Frame) -> bool:
    """Whether the customer has answered anything yet."""
    return bool(_known(flow, frame))


def _known(flow: Flow, frame: Frame) -> dict[str, str]:
    """Only what the customer answered: what the bank filled in beside it, such as an address on record, is told to nobody."""
    told = ((name, frame.slots.get(name)) for name in flow.slots if name in frame.answered)
    return {name: _named(flow, name, value) for name, value in told if isinstance(value, Filled)}


def _named(flow: Flow, slot: str, value: Filled) -> str:
    """What the bank's own list tells of an option in brackets, such as a balance, is for the customer alone."""
    steps = (flow.steps[step] for step in flow.collects(slot))
    listed = any(isinstance(step, Choose) and step.options_from for step in steps)
    return _BESIDE.sub("", value.shown) if listed else value.shown
