from __future__ import annotations

from dataclasses import fields, is_dataclass
from datetime import date
from enum import Enum
from typing import Any, get_args, get_type_hints

import pytest
from pydantic import TypeAdapter

from assistant.command import AskKnowledge, Command, NotUnderstood, SetSlot, SubmitCode
from assistant.event import Event, MessageUnderstood
from assistant.sales_need import SalesNeed
from assistant.seal import Seal
from assistant.slot import Filled

EVENT: TypeAdapter[Event] = TypeAdapter(Event)
SEAL = Seal("key of the test")


def kept(*commands: Command) -> tuple[Command, ...]:
    """What comes back of these commands from the database."""
    stored = EVENT.dump_json(MessageUnderstood(commands), context=SEAL)
    event = EVENT.validate_json(stored, context=SEAL)
    assert isinstance(event, MessageUnderstood)
    return event.commands


def sample(kind: Any) -> Any:
    """A value of a type as commands hold it."""
    samples: dict[Any, Any] = {
        str: "a",
        int: 3,
        bool: True,
        date: date(2026, 7, 1),
        Filled: Filled("13900139077", "139****9077"),
    }
    if isinstance(kind, type) and issubclass(kind, Enum):
        return next(iter(kind))
    if kind is SalesNeed:
        return SalesNeed()
    options = [one for one in get_args(kind) if one not in (type(None), Ellipsis)]
    if kind in samples or not options:
        return samples[kind]
    value = sample(options[0])
    return (value,) if getattr(kind, "__origin__", None) is tuple else value


@pytest.mark.parametrize("kind", get_args(Command), ids=lambda kind: kind.__name__)
def test_every_command_comes_back_as_it_was(kind: Any) -> None:
    assert is_dataclass(kind)
    hints = get_type_hints(kind)
    build: Any = kind
    command = build(**{one.name: sample(hints[one.name]) for one in fields(kind) if one.name != "type"})
    (read,) = kept(command)
    assert type(read) is kind
    assert read == (SubmitCode("") if kind is SubmitCode else command)


def test_a_code_is_not_kept_and_a_value_is_sealed() -> None:
    stored = EVENT.dump_json(
        MessageUnderstood((SubmitCode("482913"), SetSlot("phone", Filled("13900139077", "139****9077")))), context=SEAL
    )
    assert b"482913" not in stored
    assert b"13900139077" not in stored


def test_what_was_kept_without_names_is_read_still() -> None:
    stored = b'{"commands":[{"question":"q","task":"t"},{"type":"not_understood"}],"type":"message_understood"}'
    event = EVENT.validate_json(stored, context=SEAL)
    assert event == MessageUnderstood((AskKnowledge("q", task="t"), NotUnderstood()))


def test_a_name_that_no_command_has_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="there is no command 'Fly'"):
        EVENT.validate_json(b'{"commands":[{"command":"Fly"}],"type":"message_understood"}', context=SEAL)
