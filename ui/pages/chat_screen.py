"""What the chat page shows: a conversation, and all that stands around it."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import asdict, replace
from datetime import UTC, datetime
from functools import cached_property
from html import escape
from typing import Any, NamedTuple

import gradio as gr

from assistant.composing import OpenTask
from assistant.conversation import Conversation
from assistant.question import Wants
from assistant.reply import Link, Reply
from ui.pages import chat_account, chat_form, chat_message, chat_person, chat_phone, chat_pictures, chat_task
from ui.pages.chat_message import Shown
from ui.pages.chat_tab import Tab, Tabs, of_browser
from ui.pages.chat_text import Text
from ui.service import Service

log = logging.getLogger(__name__)
SAME: Any = gr.skip()


class Screen(NamedTuple):
    """What the page shows next, in the order of the outputs; what stays the same is skipped."""

    messages: Any = SAME
    box: Any = SAME
    notice: Any = ""
    kept: Any = SAME
    task: Any = SAME
    phone: Any = SAME
    account: Any = SAME
    person: Any = SAME
    human: Any = SAME
    pictures: Any = SAME
    elder: Any = SAME
    form: Any = SAME


class Screens:
    """Makes screens of conversations."""

    def __init__(self, service: Service, texts: dict[str, Text]) -> None:
        self._assistant = service.assistant
        self._bank = service.demo_bank
        self._pictures = service.desk.pictures
        self._tabs = Tabs(service)
        self._texts = texts

    def text(self, request: gr.Request) -> Text:
        """The words in the browser's language."""
        return self._texts[of_browser(request).partition("-")[0]]

    def whole(self, tab: Tab, text: Text, notice: str = "") -> Screen:
        """Everything."""
        state = self._tabs.state(tab)
        return self._now(tab, state, text)._replace(notice=notice, account=self._account(state.customer, text))

    def after(self, tab: Tab, before: list[Shown], reply: Reply, text: Text) -> Screen:
        """All that a turn may change; the turn is stored, so nothing that goes wrong here may call it lost."""
        try:
            return self._now(tab, self._tabs.state(tab), text)
        except Exception:  # what stands around the conversation waits for the next turn
            log.exception("the chat page could not tell what is open")
            said = [chat_message.replied(reply, text, last=True)] if reply.text else []
            return Screen([*before, *said], kept=asdict(tab))

    def news(self, tab: Tab, text: Text) -> Screen:
        """What came unasked; what is being read stays as it is where nothing more was said."""
        state = self._tabs.state(tab)
        screen = self._now(tab, state, text)._replace(notice=SAME)
        return screen._replace(messages=SAME) if tab.shown == state.messages[-1].number else screen

    def _now(self, tab: Tab, state: Conversation, text: Text) -> Screen:
        task, held = self._assistant.open_task(tab.id), state.held_by is not None
        pictures = self._shown(task, state, text)
        # What is written to a person answers no question of the task.
        task = replace(task, wants=None, fields=()) if task and held else task
        known = replace(tab, shown=state.messages[-1].number, live=bool(state.tickets), elder=bool(state.elder))
        asked = text.code_placeholder if task and task.wants is Wants.CODE else text.placeholder
        asked = chat_person.placeholder(state, text) or asked
        return Screen(
            messages=chat_message.history(state, text, self._way_in(task, text)),
            box=gr.update(placeholder=asked, label=asked),
            kept=asdict(known),
            task=chat_task.strip(task, text, held=held),
            phone=self._phone(state.customer, task, text),
            person=chat_person.strip(state, self._assistant.ticket(state), text),
            human=gr.update(value=chat_person.button(state, text), interactive=state.mode == "assistant"),
            pictures=pictures,
            elder=gr.update(value=text.standard if state.elder else text.elder),
            form=chat_form.place(task, text),
        )

    def _shown(self, task: OpenTask | None, state: Conversation, text: Text) -> str:
        """What the customer can show, and has shown, while a person of the bank is to decide."""
        if task is None or task.wants is not Wants.REVIEW or state.review is None:
            return ""
        try:
            return chat_pictures.panel(self._pictures.of_ticket(state.review.id), task.links, text)
        except Exception:  # the conversation goes on without its pictures
            log.exception("the chat page could not tell which pictures were sent")
            return ""

    def _way_in(self, task: OpenTask | None, text: Text) -> Link | None:
        """The demo's sign-in, while the open task waits for one; a bank's own page is a link of the reply."""
        waits = self._bank is not None and task is not None and task.wants is Wants.SIGN_IN
        return Link(text.sign_in_to_go_on, chat_message.OPENS_SIGN_IN) if waits else None

    @cached_property
    def customers(self) -> Mapping[str, dict[str, Any]]:
        """The demo bank's customers by id; nobody without a demo bank."""
        return {one["id"]: one for one in self._bank.customers()} if self._bank else {}

    def _account(self, customer: str | None, text: Text) -> str:
        if self._bank is None:
            return ""
        try:
            return chat_account.account(self.customers, customer, text)
        except Exception:  # without its demo bank the page still answers questions
            log.exception("the demo bank did not tell its customers")
            return ""

    def _phone(self, customer: str | None, task: OpenTask | None, text: Text) -> str:
        if self._bank is None or customer is None or task is None:
            return ""
        try:
            return chat_phone.phone(self._bank.codes(customer), task, text, datetime.now(UTC))
        except Exception:  # a phone that shows nothing is no reason to take the conversation away
            log.exception("the demo bank did not tell its codes")
            return ""


def note(text: str) -> str:
    """A notice that goes away by itself."""
    return f'<p role="status">{escape(text)}</p>'


def warn(text: str) -> str:
    """A notice that stays."""
    return f'<p role="alert" class="warning">{escape(text)}</p>'
