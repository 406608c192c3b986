"""The chat of a customer manager with the assistant: opening, asking, pressing a button, rating, starting again."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from dataclasses import asdict, replace
from typing import Any, NamedTuple

import gradio as gr

from assistant.event import FeedbackGiven
from assistant.guard import MessageRefused
from assistant.live import Live
from assistant.reply import Turn
from knowledge_base.passage import Audience
from ui import metrics
from ui.pages import chat_message, chat_writing
from ui.pages.chat_message import Shown
from ui.pages.chat_screen import note, warn
from ui.pages.chat_speech import Speech
from ui.pages.chat_tab import Tab, Tabs, of_browser
from ui.pages.chat_text import Text as ChatText
from ui.pages.staff_text import Text
from ui.service import Service
from ui.signin import SignIn

log = logging.getLogger(__name__)
SAME: Any = gr.skip()


class Screen(NamedTuple):
    """What the chat shows next, in the order of the outputs; what stays the same is skipped."""

    messages: Any = SAME
    box: Any = SAME
    notice: Any = ""
    kept: Any = SAME


class Talk:
    """The handlers of the chat."""

    def __init__(self, service: Service, chat_texts: Mapping[str, ChatText], texts: Mapping[str, Text]) -> None:
        self._assistant = service.assistant
        self._storage = service.storage
        self._tabs = Tabs(service, Audience.STAFF)
        self._chat_texts = chat_texts
        self._texts = texts

    def open(self, who: SignIn, kept: object, request: gr.Request) -> Screen:
        """Continues the conversation that the tab kept, or starts one; what was not answered stands in the box again."""
        tab = self._tabs.kept(kept, who)
        if tab is None:
            return self._whole(
                self._tabs.begin(request, colleague=who), request, warn(self._text(request).forgotten) if kept else ""
            )
        arrived = not tab.unsent or self._storage.turn_by_key(tab.id, tab.key) is not None
        screen = self._whole(replace(tab, unsent="") if arrived else tab, request)
        return screen if arrived else screen._replace(box=tab.unsent)

    def restart(self, who: SignIn, _kept: object, request: gr.Request) -> Screen:
        """A new conversation in this tab; the old one stays on record."""
        return self._whole(self._tabs.begin(request, colleague=who), request)

    def send(self, who: SignIn, message: str, kept: object, request: gr.Request) -> Iterator[Screen]:
        """What was typed; it comes back to the box when it could not be sent."""
        if message.strip():
            yield from self._say(who, message, None, kept, request)
        else:
            yield Screen()

    def press(self, who: SignIn, kept: object, request: gr.Request, pressed: gr.SelectData) -> Iterator[Screen]:
        """A button of the last reply."""
        tab, choice = self._tabs.kept(kept, who), str(pressed.value)
        offered = self._tabs.state(tab).choices if tab else ()
        label = next((item.label for item in offered if item.id == choice), choice)
        yield from self._say(who, label, choice, kept, request)

    def rate(self, who: SignIn, kept: object, request: gr.Request, rated: gr.LikeData) -> str:
        """Notes a thumb; what is no turn has none to note, and a thumb taken back leaves the last one standing."""
        index = rated.index if isinstance(rated.index, int) else rated.index[0]
        tab = self._tabs.kept(kept, who)
        turn = self._tabs.rated(tab, index) if tab else None
        if tab is None or turn is None or not isinstance(rated.liked, bool):
            return ""
        self._assistant.rate(tab.id, FeedbackGiven(turn, "up" if rated.liked else "down"))
        return note(self._chat_text(request).thanks)

    def _say(
        self, who: SignIn, message: str, choice: str | None, kept: object, request: gr.Request
    ) -> Iterator[Screen]:
        text, shown, back = self._chat_text(request), SAME, SAME if choice else message
        try:
            tab = self._tabs.kept(kept, who) or self._tabs.begin(request, colleague=who)
            state = self._tabs.state(tab)
            shown = chat_message.history(state, text, linked=True)
            said = chat_message.said(self._assistant.masked(tab.id, message))
            before = [*chat_message.history(state, text, pressable=False, linked=True), said]
            yield Screen(before, SAME if choice else "", kept=asdict(tab))
            yield from self._answer(tab, message, choice, before, request)
        except MessageRefused as error:
            yield Screen(shown, back, warn(str(error) if text.language == "zh" else text.too_long), kept or SAME)
        except Exception:  # the page's outermost edge: logged, and told in a sentence instead of Gradio's bare error
            log.exception("a message of the staff page was not answered")
            yield Screen(shown, back, warn(self._text(request).failed), kept or SAME)

    def _answer(
        self, tab: Tab, message: str, choice: str | None, before: list[Shown], request: gr.Request
    ) -> Iterator[Screen]:
        # A key belongs to what was typed; a button's press is not sent again.

        def make(live: Live) -> Turn:
            turn = self._assistant.respond(tab.id, message, choice, None if choice else tab.key or None, live)
            metrics.count(turn)
            return turn

        speech = Speech(make)
        yield from map(Screen, chat_writing.growing(speech, before))
        yield self._whole(replace(tab, unsent=""), request)

    def _whole(self, tab: Tab, request: gr.Request, notice: str = "") -> Screen:
        state = self._tabs.state(tab)
        shown = chat_message.history(state, self._chat_text(request), linked=True)
        return Screen(shown, SAME, notice, asdict(replace(tab, shown=state.messages[-1].number)))

    def _text(self, request: gr.Request) -> Text:
        return self._texts[of_browser(request).partition("-")[0]]

    def _chat_text(self, request: gr.Request) -> ChatText:
        return self._chat_texts[of_browser(request).partition("-")[0]]
