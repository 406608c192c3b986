"""A tab of the page for those who keep the knowledge base."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Protocol

import gradio as gr
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from ui.service import Service
from ui.signin import SignIn

_TEMPLATES = Path(__file__).parent.parent / "templates"
_templates = Environment(
    loader=FileSystemLoader([_TEMPLATES / "knowledge", _TEMPLATES / "staff"]),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


class Tab(Protocol):
    """One tab: `titles` name it by language; `hear` does what was asked and gives the tab's HTML as it stands then."""

    name: str

    @property
    def titles(self) -> Mapping[str, str]:
        """What the tab is called, by language."""

    def __init__(self, service: Service) -> None: ...

    def hear(self, who: SignIn, sent: object, request: gr.Request) -> str:
        """The tab's HTML for this person; `sent` is what `staff_pane.asked` reads."""


def html(name: str, /, **known: object) -> str:
    """The template of this name filled in; every text is escaped."""
    return _templates.get_template(f"{name}.html").render(known)


def when(moment: str | None) -> str:
    """A time, UTC in ISO 8601, as people of the bank read it."""
    return datetime.fromisoformat(moment).astimezone().strftime("%Y-%m-%d %H:%M") if moment else ""
