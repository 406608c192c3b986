"""A tab of a page for staff that is made by a template, and what the browser asks of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Protocol

import gradio as gr
from pydantic import Field, TypeAdapter, ValidationError

from ui.pages.template import environment
from ui.signin import SignIn

_templates = environment("staff")
_Name = Annotated[str, Field(max_length=200)]
_Words = Annotated[str, Field(max_length=20_000)]


@dataclass(frozen=True)
class Asked:
    """One press of a button or one form sent: `do` names the move, `id` what it is done to, `fields` what was typed.

    `filters` is what the pane's filters are set to.
    """

    do: _Name = "look"
    id: _Name = ""
    fields: Mapping[_Name, _Words] = field(default_factory=dict)
    filters: Mapping[_Name, _Name] = field(default_factory=dict)


class Pane(Protocol):
    """One tab: `hear` does what was asked and gives the tab's HTML as it stands then."""

    name: str

    def hear(self, who: SignIn, sent: object, request: gr.Request) -> str:
        """The pane's HTML for this person."""


_sent = TypeAdapter(Asked)


def asked(sent: object) -> Asked | None:
    """What the browser asks; nothing where it is not what the page sends."""
    try:
        return _sent.validate_python(sent or {})
    except ValidationError:
        return None


def html(name: str, /, **known: object) -> str:
    """The template of this name filled in; every text is escaped."""
    return _templates.get_template(f"{name}.html").render(known)
