"""The tab that checks a text for customers: what may not be said, what is missing, and the rule for each."""

from __future__ import annotations

from collections.abc import Mapping

import gradio as gr

from knowledge_base.index import IndexUnavailable
from ui.pages.chat_tab import of_browser
from ui.pages.pane import asked, html
from ui.pages.staff_text import Text
from ui.service import Service
from ui.signin import SignIn

MOST = 5_000
"""How many characters are checked at once."""


class DraftPane:
    """Checks what was pasted."""

    name = "drafts"

    def __init__(self, service: Service, texts: Mapping[str, Text]) -> None:
        self._drafts = service.drafts
        self._texts = texts

    def hear(self, _who: SignIn, sent: object, request: gr.Request) -> str:
        """The form, and the verdict on what it held."""
        language = of_browser(request).partition("-")[0]
        text, wish = self._texts[language], asked(sent)
        draft = wish.fields.get("draft", "").strip()[:MOST] if wish and wish.do == "check" else ""
        told, verdict = "", None
        try:
            verdict = self._drafts.of(draft, language) if draft else None
        except IndexUnavailable:
            told = text.not_checked
        return html("drafts", t=text, draft=draft, verdict=verdict, most=MOST, told=told)
