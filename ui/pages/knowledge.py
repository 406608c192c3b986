"""The page for those who keep the knowledge base, at /knowledge: its tabs, each a module of its own."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import gradio as gr
from fastapi import FastAPI

from ingest.upload import MOST_MEGABYTES
from ui.pages import knowledge_text
from ui.pages.knowledge_documents import DocumentTab
from ui.pages.knowledge_drafts import FaqDraftTab
from ui.pages.knowledge_pane import Tab, html
from ui.pages.knowledge_questions import QuestionTab
from ui.pages.knowledge_search_test import SearchTestTab
from ui.pages.sign_in_form import SignInForm
from ui.service import Service
from ui.signin import Role

PATH = "/knowledge"
TABS: Sequence[type[Tab]] = (DocumentTab, SearchTestTab, QuestionTab, FaqDraftTab)
"""The tabs in their order; a new one is a module `knowledge_<name>.py` and a name here."""
_HERE = Path(__file__).parent
_ROLES = (Role.EDITOR,)
_SAID = ("no_source", "unreadable", "too_large", "not_uploaded", "uploaded_told")


def mount(app: FastAPI, service: Service) -> FastAPI:
    """The application with the page at /knowledge; to be mounted before what takes every path."""
    texts = knowledge_text.load()
    form = SignInForm(service, PATH, {language: text.title for language, text in texts.items()}, _ROLES)
    tabs = [make(service) for make in TABS]
    page: gr.Blocks
    with gr.Blocks(title=texts["zh"].title, analytics_enabled=False, fill_height=True, fill_width=True) as page:
        form.place()
        roles = " ".join(sorted({*_ROLES, Role.ADMIN}))
        shown = html("tabs", texts=texts, tabs=tabs, roles=roles, said=_SAID, megabytes=MOST_MEGABYTES)
        gr.HTML(shown, elem_id="tabs", js_on_load="staff.placed()", apply_default_css=False)
        for tab in tabs:
            _place(form, tab)
    return form.mount(app, page, _head(tabs))


def _place(form: SignInForm, tab: Tab) -> None:
    """A tab is asked over its own wire, and its answer is the tab anew; who asks is read from the token each time."""
    name = tab.name
    connect = f"staff.connect('{name}', () => trigger('submit'))"
    place = gr.HTML("", elem_id=f"pane-{name}", elem_classes="tab-pane", js_on_load=connect, apply_default_css=False)
    asked = gr.JSON(visible=False)
    happening = form.on(place.submit, tab.hear, [asked], [place], roles=_ROLES, js=f"() => [staff.asked('{name}')]")
    happening.then(None, asked, js=f"() => staff.heard('{name}')", show_progress="hidden", api_visibility="private")


def _head(tabs: Sequence[Tab]) -> str:
    script = "".join((_HERE / name).read_text(encoding="utf-8") for name in ("staff.js", "knowledge.js"))
    style = "".join((_HERE / name).read_text(encoding="utf-8") for name in ("staff.css", "knowledge.css"))
    closed = ",".join(f'body:not([data-tab="{tab.name}"]) #pane-{tab.name}' for tab in tabs)
    return f"<style>{style}{closed}{{display:none!important}}</style><script>{script}</script>"
