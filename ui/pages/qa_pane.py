"""What the tabs of the page for those who judge answers are made by."""

from __future__ import annotations

from collections.abc import Callable

import gradio as gr

from evals.reports import text
from evals.reports.text import Words
from ui.pages import qa_text
from ui.pages.chat_tab import of_browser
from ui.pages.qa_text import Text
from ui.pages.tab_page import when
from ui.pages.template import environment

_templates = environment("qa", "staff")


def html(name: str, /, *, t: Text, **known: object) -> str:
    """The template of this name filled in, in the language of its words `t`; every text is escaped."""
    named = {"metric": text.metric, "why": text.why, "fault": text.fault}
    spoken = {name: _in(t.language, words) for name, words in named.items()}
    return _templates.get_template(f"{name}.html").render(when=when, t=t, **spoken, **known)


def _in(language: str, words: Callable[[str], Words]) -> Callable[[str], str]:
    return lambda told: str(getattr(words(told), language))


class Spoken:
    """The page's words, and what a tab is called in each language."""

    def __init__(self, name: str) -> None:
        self._texts = qa_text.load()
        self.titles = {language: str(getattr(text, name)) for language, text in self._texts.items()}

    def of(self, request: gr.Request) -> Text:
        """The words in the language of the browser."""
        return self._texts[of_browser(request).partition("-")[0]]
