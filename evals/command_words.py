"""Commands in a line each, as suites expect them and reports show them: `SetSlot new_phone=139****9000`."""

from __future__ import annotations

from dataclasses import fields
from enum import Enum
from typing import Any

from assistant.command import Command
from assistant.slot import Filled


def words_of(command: Command) -> str:
    """A command's name with what it holds: a task's id plainly, a slot with its value as it is shown, all else by name."""
    held = {one.name: getattr(command, one.name) for one in fields(command)}
    slot, flow = held.pop("slot", None), held.pop("flow", None)
    parts = [type(command).__name__]
    if flow:
        parts.append(flow)
    if slot:
        value = held.pop("value", None)
        parts.append(f"{slot}={value.shown}" if isinstance(value, Filled) else slot)
    parts += [f"{name}={_shown(value)}" for name, value in held.items() if value not in (None, (), "", False)]
    return " ".join(parts)


def _shown(value: Any) -> str:
    if isinstance(value, tuple):
        return "+".join(map(_shown, value))
    return str(value.value if isinstance(value, Enum) else value)
