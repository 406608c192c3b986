"""The page for customer managers, at /staff: its tabs, and which handler each part calls."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Any

import gradio as gr
from fastapi import FastAPI

from ui.pages import chat_text, navigation, staff_text
from ui.pages.pane import Pane, html
from ui.pages.sign_in_form import SignInForm
from ui.pages.staff_campaigns import CampaignPane
from ui.pages.staff_drafts import DraftPane
from ui.pages.staff_leads import LeadPane
from ui.pages.staff_products import ProductPane
from ui.pages.staff_role import TABS
from ui.pages.staff_talk import Talk
from ui.pages.staff_text import Text
from ui.service import Service

PATH = "/staff"
_HERE = Path(__file__).parent
_EXAMPLES = ("fit", "compare", "objection", "campaign", "draft")


def mount(app: FastAPI, service: Service) -> FastAPI:
    """The application with the page at /staff; to be mounted before what takes every path."""
    texts = staff_text.load()
    form = SignInForm(service, navigation.place(PATH), {language: text.title for language, text in texts.items()})
    words = gr.I18n(**{language: asdict(text) for language, text in texts.items()})
    page: gr.Blocks
    with gr.Blocks(title=texts["zh"].title, analytics_enabled=False, fill_height=True, fill_width=True) as page:
        form.place()
        gr.HTML(
            html("tabs", texts=texts.values(), tabs=TABS),
            elem_id="tabs",
            js_on_load="staff.placed()",
            apply_default_css=False,
        )
        _chat(form, service, texts, words)
        for pane in (kind(service, texts) for kind in (ProductPane, CampaignPane, DraftPane, LeadPane)):
            _pane(form, pane)
    return form.mount(app, page, _head(service), css_paths=_HERE / "chat.css", i18n=words)


def _chat(form: SignInForm, service: Service, texts: dict[str, Text], words: gr.I18n) -> None:
    talk = Talk(service, chat_text.load(service.settings), texts)
    with gr.Column(elem_id="pane-chat", elem_classes="tab-pane"):
        kept = gr.JSON(visible=False)
        messages = gr.Chatbot(
            elem_id="messages", label=words("chat"), show_label=False, container=False, height="100%", scale=1,
            layout="bubble", buttons=[], latex_delimiters=[], allow_tags=False, autoscroll=False,
        )  # fmt: skip
        notice = gr.HTML("", elem_id="notice", apply_default_css=False)
        examples = html("examples", texts=texts.values(), examples=_EXAMPLES)
        gr.HTML(examples, elem_id="examples", js_on_load=None, apply_default_css=False)
        with gr.Row(elem_id="ask"):
            restart = gr.Button(words("restart"), elem_id="restart", size="sm", scale=0, min_width=0)
            box = gr.Textbox(
                placeholder=words("placeholder"), label=words("placeholder"), show_label=False, container=False,
                lines=1, max_lines=6, elem_id="box", scale=1, html_attributes=gr.InputHTMLAttributes(autocomplete="off"),
            )  # fmt: skip
            send = gr.Button(words("send"), elem_id="send", variant="primary", scale=0, min_width=0)
        gr.HTML(html("label", texts=texts.values(), name="notice"), elem_id="label", apply_default_css=False)
    outputs = [messages, box, notice, kept]
    keep: dict[str, Any] = {"js": "(kept) => staff.keep(kept)", "show_progress": "hidden", "api_visibility": "private"}
    for happening in (
        form.on(form.entered, talk.open, [kept], outputs, js="() => [staff.kept()]"),
        form.on(restart.click, talk.restart, [kept], outputs),
        form.on(
            [box.submit, send.click], talk.send, [box, kept], outputs, js="(typed, kept) => staff.take(typed, kept)"
        ),
        form.on(messages.option_select, talk.press, [kept], outputs),
    ):
        happening.then(None, kept, **keep)
    form.on(messages.like, talk.rate, [kept], [notice])


def _pane(form: SignInForm, pane: Pane) -> None:
    """One tab that is a pane: it is asked over its own wire, and its answer is the pane anew."""
    name = pane.name
    connect = f"staff.connect('{name}', () => trigger('submit'))"
    place = gr.HTML("", elem_id=f"pane-{name}", elem_classes="tab-pane", js_on_load=connect, apply_default_css=False)
    asked = gr.JSON(visible=False)
    happening = form.on(
        place.submit, pane.hear, [asked], [place], roles=sorted(TABS[name]), js=f"() => [staff.asked('{name}')]"
    )
    happening.then(None, asked, js=f"() => staff.heard('{name}')", show_progress="hidden", api_visibility="private")


def _head(service: Service) -> str:
    script, style = ((_HERE / f"staff.{kind}").read_text(encoding="utf-8") for kind in ("js", "css"))
    # Who says what the assistant says stands over each of its replies, from the first word on.
    name = "".join(f"\\{ord(character):x} " for character in f"{service.settings.assistant_name} · AI")
    return f'<style>:root{{--assistant:"{name}"}}\n{style}</style><script>{script}</script>'
