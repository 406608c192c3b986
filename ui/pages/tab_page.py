"""A page of tabs for people of the bank: the bar, the tabs, and one wire for each of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

import gradio as gr
from fastapi import FastAPI

from ui.pages.navigation import Place
from ui.pages.sign_in_form import SignInForm
from ui.pages.template import environment
from ui.service import Service
from ui.signin import SignIn

_HERE = Path(__file__).parent
_templates = environment("tabs", "staff")


class Tab(Protocol):
    """One tab: `titles` name it by language; `hear` does what was asked and gives the tab's HTML as it stands then."""

    name: str

    @property
    def titles(self) -> Mapping[str, str]:
        """What the tab is called, by language."""

    def hear(self, who: SignIn, sent: object, request: gr.Request, /) -> str:
        """The tab's HTML for this person; `sent` is what `pane.asked` reads."""


class Words(Protocol):
    """What every such page says in one language."""

    @property
    def language(self) -> str:
        """Which one."""

    @property
    def title(self) -> str:
        """The page's name."""


@dataclass(frozen=True)
class TabPage:
    """A page at its place.

    `texts` are its words by language, `said` those that its script says with what is filled in there; `parts` are the names of its
    scripts and styles, after those that all pages for staff have.
    """

    place: Place
    texts: Mapping[str, Words]
    tabs: Sequence[Tab]
    said: Mapping[str, Mapping[str, object]]
    parts: Sequence[str]

    def mount(self, app: FastAPI, service: Service) -> FastAPI:
        """The application with the page; to be mounted before what takes every path."""
        titles = {language: text.title for language, text in self.texts.items()}
        form = SignInForm(service, self.place, titles)
        page: gr.Blocks
        with gr.Blocks(title=titles["zh"], analytics_enabled=False, fill_height=True, fill_width=True) as page:
            form.place()
            gr.HTML(self._tabs(), elem_id="tabs", js_on_load="staff.placed()", apply_default_css=False)
            for tab in self.tabs:
                self._place(form, tab)
        return form.mount(app, page, self._head())

    def _tabs(self) -> str:
        roles = " ".join(sorted(self.place.roles))
        template = _templates.get_template("tabs.html")
        return template.render(texts=self.texts, tabs=self.tabs, roles=roles, said=self.said)

    def _place(self, form: SignInForm, tab: Tab) -> None:
        """A tab is asked over its own wire, and its answer is the tab anew; who asks is read from the token each time."""
        name = tab.name
        connect = f"staff.connect('{name}', () => trigger('submit'))"
        how: dict[str, Any] = {"elem_classes": "tab-pane", "js_on_load": connect, "apply_default_css": False}
        place = gr.HTML("", elem_id=f"pane-{name}", **how)
        asked = gr.JSON(visible=False)
        happening = form.on(place.submit, tab.hear, [asked], [place], js=f"() => [staff.asked('{name}')]")
        happening.then(None, asked, js=f"() => staff.heard('{name}')", show_progress="hidden", api_visibility="private")

    def _head(self) -> str:
        script, style = (
            "".join(
                path.read_text(encoding="utf-8")
                for name in ("staff", *self.parts)
                if (path := _HERE / f"{name}.{kind}").exists()
            )
            for kind in ("js", "css")
        )
        closed = ",".join(f'body:not([data-tab="{tab.name}"]) #pane-{tab.name}' for tab in self.tabs)
        return f"<style>{style}{closed}{{display:none!important}}</style><script>{script}</script>"


def when(moment: str | datetime | None) -> str:
    """A time, UTC, as people of the bank read it."""
    at = datetime.fromisoformat(moment) if isinstance(moment, str) and moment else moment
    return at.astimezone().strftime("%Y-%m-%d %H:%M") if isinstance(at, datetime) else ""
