"""The customer chat page: what stands on it, and which handler each part calls."""

from __future__ import annotations

from dataclasses import asdict
from html import escape
from pathlib import Path
from typing import Any
from urllib.parse import quote

import gradio as gr
from fastapi import FastAPI

from assistant.settings import Settings
from ui import widget
from ui.pages import chat_form, chat_person, chat_text, design
from ui.pages.chat_account import ON_LOAD
from ui.pages.chat_pictures import ON_LOAD as SHOWING
from ui.pages.chat_screen import Screens
from ui.pages.chat_sign_in import SignIns
from ui.pages.chat_talk import Chat
from ui.pages.chat_text import Text
from ui.service import Service

_HERE = Path(__file__).parent
# Plain strings: a gr.themes.GoogleFont would be fetched from outside.
_MONO = ("ui-monospace", "Consolas", "monospace")
_AT_ONCE = 512
_MICROPHONE = "M12 15a3 3 0 0 0 3-3V6a3 3 0 1 0-6 0v6a3 3 0 0 0 3 3zm5-3a5 5 0 0 1-10 0H5a7 7 0 0 0 6 6.9V22h2v-3.1A7 7 0 0 0 19 12z"
_TREE = "M12 2 8 8h2l-3.5 5H9l-4 6h6v3h2v-3h6l-4-6h2.5L14 8h2z"


def mount(app: FastAPI, service: Service) -> FastAPI:
    """The application with the chat page at /; routes that were there before keep their paths."""
    texts = chat_text.load(service.settings)
    words = gr.I18n(**{language: asdict(text) for language, text in texts.items()})
    # Pictures do not pass through Gradio, so its uploads are as good as closed; nothing else of Gradio's own is offered.
    mounted: FastAPI = gr.mount_gradio_app(
        app,
        _page(service, texts, words),
        path="/",
        footer_links=[],
        run_history=False,
        show_error=False,
        max_file_size=1,
        ssr_mode=False,
        enable_monitoring=False,
        i18n=words,
        theme=theme(),
        css_paths=_HERE / "chat.css",
        head=_head(service.settings),
    )
    return mounted


def _page(service: Service, texts: dict[str, Text], words: gr.I18n) -> gr.Blocks:
    page: gr.Blocks
    with gr.Blocks(title=texts["zh"].title, analytics_enabled=False, fill_height=True, fill_width=True) as page:
        parts = _Parts(service.settings, texts, words)
        _wire(page, parts, service, texts)
    # Otherwise Gradio runs each handler for one customer at a time, in the threads that all calls of the service share.
    page.max_threads = _AT_ONCE
    page.queue(api_open=False, default_concurrency_limit=_AT_ONCE)
    return page


class _Parts:
    """What stands on the page, from top to bottom."""

    def __init__(self, settings: Settings, texts: dict[str, Text], words: gr.I18n) -> None:
        self.kept = gr.JSON(visible=False)
        with gr.Row(elem_id="top"):
            gr.HTML(_brand(settings, texts), elem_id="brand")
            self.account = gr.HTML("", elem_id="account", js_on_load=ON_LOAD, apply_default_css=False)
            self.restart = gr.Button(words("restart"), elem_id="restart", **_SMALL)
            self.elder = gr.Button(words("elder"), elem_id="elder", **_SMALL)
            self.human = gr.Button(words("human"), elem_id="human", variant="primary", **_SMALL)
        self.messages = _messages(words)
        self.phone = gr.HTML("", elem_id="phone", apply_default_css=False)
        self.pictures = gr.HTML("", elem_id="pictures", js_on_load=SHOWING, apply_default_css=False)
        with gr.Row(elem_id="person"):
            self.person = gr.HTML("", elem_id="standing", js_on_load=chat_person.ON_LOAD, apply_default_css=False)
            self.leave_queue = gr.Button(words("leave_queue"), elem_id="leave-queue", **_SMALL)
        self.notice = gr.HTML("", elem_id="notice")
        self.form = gr.HTML("", elem_id="form", js_on_load=chat_form.ON_LOAD, apply_default_css=False)
        with gr.Row(elem_id="task"):
            self.task = gr.HTML("", elem_id="doing", apply_default_css=False)
            self.cancel = gr.Button(words("cancel"), elem_id="cancel", **_SMALL)
        with gr.Row(elem_id="ask"):
            self.box = gr.Textbox(
                placeholder=words("placeholder"), label=words("placeholder"), show_label=False, container=False, lines=1,
                max_lines=5, elem_id="box", scale=1, html_attributes=gr.InputHTMLAttributes(autocomplete="off"),
            )  # fmt: skip
            gr.HTML(_microphone(settings, texts), elem_id="speak", js_on_load=None, apply_default_css=False)
            self.send = gr.Button(words("send"), elem_id="send", variant="primary", scale=0, min_width=0)
        gr.HTML(_foot(texts), elem_id="label", js_on_load=None)


def _wire(page: gr.Blocks, parts: _Parts, service: Service, texts: dict[str, Text]) -> None:
    screens = Screens(service, texts)
    chat, kept, box = Chat(service, screens), parts.kept, parts.box
    outputs = [
        parts.messages,
        box,
        parts.notice,
        kept,
        parts.task,
        parts.phone,
        parts.account,
        parts.person,
        parts.human,
        parts.pictures,
        parts.elder,
        parts.form,
    ]
    # The tab keeps its own conversation in sessionStorage: two tabs that shared one would press each other's buttons.
    happenings = [
        page.load(chat.open, kept, outputs, js="() => [teller.kept()]", **_QUIET),
        parts.restart.click(chat.restart, kept, outputs, **_QUIET),
        gr.on(
            [box.submit, parts.send.click], chat.send, [box, kept], outputs, js=_TAKE, trigger_mode="multiple", **_QUIET
        ),
        parts.messages.option_select(chat.press, kept, outputs, **_QUIET),
        parts.human.click(chat.ask_human, kept, outputs, **_QUIET),
        parts.elder.click(chat.turn_elder_mode, kept, outputs, **_QUIET),
        parts.cancel.click(chat.cancel, kept, outputs, **_QUIET),
        parts.form.select(chat.fill_in, kept, outputs, **_QUIET),
        parts.pictures.select(chat.showed, kept, outputs, **_QUIET),
        parts.leave_queue.click(chat.leave_queue, kept, outputs, **_QUIET),
    ]
    if service.demo_bank is not None:
        choose = SignIns(service, screens).choose
        happenings.append(parts.account.select(choose, kept, outputs, **_QUIET))
    for happening in happenings:
        happening.then(None, kept, js=_KEEP, **_QUIET)
    look = parts.person.select(chat.look, kept, outputs, trigger_mode="always_last", **_QUIET)
    look.then(None, kept, js="(kept) => teller.looked(kept)", **_QUIET)
    parts.messages.like(chat.rate, kept, parts.notice, **_QUIET)


_QUIET: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
_SMALL: dict[str, Any] = {"size": "sm", "scale": 0, "min_width": 0}
_KEEP = "(kept) => teller.keep(kept)"
_TAKE = "(typed, kept) => teller.take(typed, kept)"


def _messages(words: gr.I18n) -> gr.Chatbot:
    return gr.Chatbot(
        elem_id="messages", label=words("conversation"), show_label=False, container=False, height="100%", scale=1,
        layout="bubble", buttons=[], latex_delimiters=[], allow_tags=False, autoscroll=False,
    )  # fmt: skip


def _brand(settings: Settings, texts: dict[str, Text]) -> str:
    tree = f'<svg viewBox="0 0 24 24" aria-hidden="true"><path d="{_TREE}"/></svg>'
    bank, role = escape(settings.bank_name), _both(texts, "role")
    return f'<div class="brand">{tree}<h1><span>{bank}</span><i>AI</i></h1><p>{role}</p></div>'


def _microphone(settings: Settings, texts: dict[str, Text]) -> str:
    """The button to speak instead of typing; voice.js shows it where that can be done as the bank allows."""
    icon = f'<svg viewBox="0 0 24 24" aria-hidden="true"><path d="{_MICROPHONE}"/></svg>'
    said = "".join(
        f'<span lang="{language}" class="unseen">{escape(text.speak)}</span>' for language, text in texts.items()
    )
    heard = "".join(f'data-listening-{language}="{escape(text.listening)}" ' for language, text in texts.items())
    return f'<button type="button" id="mic" hidden data-allowed="{settings.speech_input}" {heard}>{icon}{said}</button>'


def _foot(texts: dict[str, Text]) -> str:
    """Who speaks, and the way to keep what was said."""
    failed = "".join(f'data-failed-{language}="{escape(text.nothing_to_export)}" ' for language, text in texts.items())
    return f'{_both(texts, "notice")} <button type="button" id="export" {failed}>{_both(texts, "export")}</button>'


def _both(texts: dict[str, Text], name: str) -> str:
    """A text in every language; the page's style shows the one that the browser speaks."""
    return "".join(f'<span lang="{language}">{escape(getattr(text, name))}</span>' for language, text in texts.items())


def _head(settings: Settings) -> str:
    icon = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24"><path fill="#1f6f54" d="{_TREE}"/></svg>'
    script = "".join(
        (_HERE / name).read_text(encoding="utf-8")
        for name in ("chat.js", "chat_live.js", "chat_voice.js", "chat_form.js")
    )
    shared = Path(widget.__file__).parent
    script += "".join((shared / name).read_text(encoding="utf-8") for name in ("voice.js", "form.js"))
    # Who says what the assistant says stands over each of its replies, from the first word on.
    name = "".join(f"\\{ord(character):x} " for character in f"{settings.assistant_name} · AI")
    style = f'<style>{design.style(".dark")}:root{{--assistant:"{name}"}}</style>'
    return f'<link rel="icon" href="data:image/svg+xml,{quote(icon)}">{style}<script>{script}</script>'


def theme() -> gr.themes.Base:
    """The look that the pages share."""
    return gr.themes.Base(
        primary_hue=gr.themes.colors.emerald,
        neutral_hue=gr.themes.colors.stone,
        font=design.FONTS,
        font_mono=_MONO,
        radius_size=gr.themes.sizes.radius_lg,
    )
