"""What a tab of the desk sends with every call: what it keeps, what it shows, and what its agent has just done."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated

from pydantic import Field, TypeAdapter, ValidationError

from assistant.human_agent import Presence

_Name = Annotated[str, Field(max_length=200)]
_Words = Annotated[str, Field(max_length=20_000)]


@dataclass(frozen=True)
class Asked:
    """One press of a button or one form sent; `do` names the move, the rest is what the form holds."""

    do: _Name = "look"
    ticket: _Name = ""
    text: _Words = ""
    sure: bool = False
    name: _Name = ""
    password: _Name = ""
    presence: Presence | None = None
    capacity: Annotated[int, Field(ge=1, le=50)] | None = None
    skills: tuple[_Name, ...] = ()
    shown_as: Annotated[str, Field(max_length=40)] = ""
    skill: _Name = ""
    agent: _Name = ""
    note: Annotated[str, Field(max_length=2_000)] = ""
    code: _Name = ""
    end_task: bool = False
    decision: _Name = ""


@dataclass(frozen=True)
class Tab:
    """A tab: who it says is signed in, the ticket it shows, and how far each conversation was read, by ticket, in events.

    `shown` are the digests of the panes as they stand in the browser; those that are `held` must not change now, for their
    form is being filled in. A tab in the background is not `watched`. Nothing of this is believed but the token, which is
    read with every call.
    """

    token: str = ""
    ticket: str = ""
    read: Mapping[str, int] = field(default_factory=dict)
    shown: Mapping[str, str] = field(default_factory=dict)
    held: tuple[str, ...] = ()
    watched: bool = True
    asked: Asked = field(default_factory=Asked)


_sent = TypeAdapter(Tab)


class Malformed(Exception):
    """The tab sent what no page of ours sends."""


def sent(value: object) -> Tab:
    """What a tab sent; a tab that was just opened sends nothing. Raises Malformed."""
    try:
        return _sent.validate_python(value or {})
    except ValidationError as error:
        # What was sent may be a password, so the error says where and not what.
        places = ", ".join(".".join(map(str, item["loc"])) for item in error.errors(include_input=False))
        raise Malformed(places) from None
