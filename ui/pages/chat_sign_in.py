"""Signing in on the chat page, in the demo only: as one of the demo bank's customers."""

from __future__ import annotations

import logging

import gradio as gr

from ui.pages.chat_account import SIGN_OUT, name_of
from ui.pages.chat_screen import Screen, Screens, note, warn
from ui.pages.chat_tab import Tab, Tabs
from ui.pages.chat_text import Text
from ui.service import Service

log = logging.getLogger(__name__)


class SignIns:
    """The handler of the panel; without a demo bank it signs nobody in."""

    def __init__(self, service: Service, screens: Screens) -> None:
        self._assistant = service.assistant
        self._tabs = Tabs(service)
        self._screens = screens

    def choose(self, kept: object, request: gr.Request, chosen: gr.EventData) -> Screen:
        """Signs in as the customer chosen, or signs out."""
        text = self._screens.text(request)
        try:
            customer = str(chosen.customer)
            if customer == SIGN_OUT:
                return self._screens.whole(self._tabs.begin(request), text, note(text.is_out))
            return self._sign_in(customer, self._tabs.kept(kept), text, request)
        except Exception:  # the page's outermost edge: logged, and told in a sentence instead of Gradio's bare error
            log.exception("a demo customer was not signed in")
            return Screen(notice=warn(text.not_signed_in))

    def _sign_in(self, customer: str, tab: Tab | None, text: Text, request: gr.Request) -> Screen:
        known = self._screens.customers.get(customer)
        if known is None:
            return Screen(notice=warn(text.not_signed_in))
        told = note(text.is_in.format(customer=name_of(known, text)))
        state = self._tabs.state(tab) if tab else None
        # Where nothing was said yet there is nothing to go on with, and the greeting stays as it was.
        if tab is None or state is None or state.customer not in (None, customer) or not state.turns:
            tab = self._tabs.begin(request, customer)
        elif state.customer is None:
            self._assistant.sign_in(tab.id, customer)
            told = ""
        return self._screens.whole(tab, text, told)
