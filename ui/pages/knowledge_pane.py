"""A tab of the page for those who keep the knowledge base."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Protocol

import gradio as gr

from ui.pages.template import environment
from ui.signin import SignIn

_templates = environment("knowledge", "staff")


class Tab(Protocol):
    """One tab: `titles` name it by language; `hear` does what was asked and gives the tab's HTML as it stands then."""

    name: str

    @property
    def titles(self) -> Mapping[str, str]:
        """What the tab is called, by language."""

    def hear(self, who: SignIn, sent: object, request: gr.Request, /) -> str:
        """The tab's HTML for this person; `sent` is what `pane.asked` reads."""


def html(name: str, /, **known: object) -> str:
    """The template of this name filled in; every text is escaped."""
    return _templates.get_template(f"{name}.html").render(known)


def when(moment: str | None) -> str:
    """A time, UTC in ISO 8601, as people of the bank read it."""
    return datetime.fromisoformat(moment).astimezone().strftime("%Y-%m-%d %H:%M") if moment else ""
