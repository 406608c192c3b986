"""The tab where a question is tried: what it finds, by which signals, and whether the assistant would answer."""

from __future__ import annotations

from datetime import date

import gradio as gr

from knowledge_base.index import IndexUnavailable
from knowledge_base.passage import Audience
from ui.pages import knowledge_text
from ui.pages.chat_tab import of_browser
from ui.pages.knowledge_pane import html
from ui.pages.pane import Asked, asked
from ui.service import Service
from ui.signin import SignIn

_TRY = "try"
_LONGEST = 500


class SearchTestTab:
    """Tries questions; nothing is kept of them."""

    name = "search-test"

    def __init__(self, service: Service) -> None:
        self._search_test = service.search_test
        self._texts = knowledge_text.load()
        self.titles = {language: text.search_test for language, text in self._texts.items()}

    def hear(self, _who: SignIn, sent: object, request: gr.Request) -> str:
        """The form, and below it what the question in it finds."""
        text = self._texts[of_browser(request).partition("-")[0]]
        wish = asked(sent) or Asked()
        fields = {"query": "", "audience": Audience.CUSTOMER.value, "as_of": ""} | dict(wish.fields)
        known = {"t": text, "fields": fields, "hits": [], "verdict": None, "wrong": ""}
        query = fields["query"].strip()[:_LONGEST]
        if wish.do != _TRY or not query:
            return html("search_test", **known)
        try:
            as_of = date.fromisoformat(fields["as_of"]) if fields["as_of"] else None
            known["hits"], known["verdict"] = self._search_test.run(query, Audience(fields["audience"]), as_of)
        except ValueError:
            known["wrong"] = text.wrong_form
        except IndexUnavailable:
            known["wrong"] = text.unavailable
        return html("search_test", **known)
