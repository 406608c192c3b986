"""What happens on the customer chat page: opening, sending, pressing a button, cancelling, rating, starting again."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import asdict, replace

import gradio as gr

from assistant.event import FeedbackGiven
from assistant.guard import MessageRefused
from assistant.live import Live
from assistant.reply import Turn
from assistant.sent import Sent
from ui import metrics
from ui.pages import chat_form, chat_message, chat_writing
from ui.pages.chat_message import Shown
from ui.pages.chat_screen import SAME, Screen, Screens, note, warn
from ui.pages.chat_speech import Speech
from ui.pages.chat_tab import Tab, Tabs
from ui.pages.chat_text import Text
from ui.service import Service

log = logging.getLogger(__name__)


class Chat:
    """The handlers of the page."""

    def __init__(self, service: Service, screens: Screens) -> None:
        self._assistant = service.assistant
        self._storage = service.storage
        self._desk = service.desk
        self._demo = service.demo_bank is not None
        self._tabs = Tabs(service)
        self._screens = screens

    def open(self, kept: object, request: gr.Request) -> Screen:
        """Continues the conversation that the tab kept, or starts one."""
        text = self._screens.text(request)
        try:
            tab = self._tabs.kept(kept)
            if tab is None:
                return self._screens.whole(self._tabs.begin(request), text, warn(text.forgotten) if kept else "")
            if self._arrived(tab):
                return self._screens.whole(replace(tab, unsent=""), text)
            screen = self._screens.whole(tab, text)
            return screen._replace(box=screen.box | {"value": tab.unsent})
        except Exception:  # the page's outermost edge: logged, and told in a sentence instead of Gradio's bare error
            log.exception("the chat page could not open a conversation")
            return Screen(notice=warn(text.not_opened))

    def _arrived(self, tab: Tab) -> bool:
        """Whether what the tab sent last, and heard no answer to, became a turn."""
        return not tab.unsent or self._storage.turn_by_key(tab.id, tab.key) is not None

    def look(self, kept: object, request: gr.Request) -> Screen:
        """Shows what came unasked; that the page looks is the customer's sign of life at the desk."""
        try:
            tab = self._tabs.kept(kept)
            if tab is None:
                return Screen(notice=SAME)
            self._desk.seen(tab.id)
            return self._screens.news(tab, self._screens.text(request))
        except Exception:  # the page's outermost edge: logged, and looked again at the next news
            log.exception("the chat page could not show what is new")
            return Screen(notice=SAME)

    def restart(self, kept: object, request: gr.Request) -> Screen:
        """A new conversation in this tab; the old one stays on record. A demo customer stays signed in."""
        text = self._screens.text(request)
        try:
            tab = self._tabs.kept(kept) if self._demo else None
            customer = self._tabs.state(tab).customer if tab else None
            return self._screens.whole(self._tabs.begin(request, customer), text)
        except Exception:  # the page's outermost edge: logged, and told in a sentence instead of Gradio's bare error
            log.exception("the chat page could not start again")
            return Screen(notice=warn(text.not_opened))

    def send(self, message: str, kept: object, request: gr.Request) -> Iterator[Screen]:
        """What was typed; it comes back to the box when it could not be sent."""
        if message.strip():
            yield from self._say(Sent(message), kept, request, typed=True)
        else:
            yield Screen()

    def press(self, kept: object, request: gr.Request, pressed: gr.SelectData) -> Iterator[Screen]:
        """A button of the last reply."""
        choice = str(pressed.value)
        try:
            tab = self._tabs.kept(kept)
            offered = self._tabs.state(tab).choices if tab else ()
        except Exception:  # the page's outermost edge: logged, and told in a sentence instead of Gradio's bare error
            log.exception("the chat page could not read its conversation")
            yield Screen(notice=warn(self._screens.text(request).not_pressed))
            return
        label = next((item.label for item in offered if item.id == choice), choice)
        yield from self._say(Sent(label, choice), kept, request, typed=False)

    def ask_human(self, kept: object, request: gr.Request) -> Iterator[Screen]:
        """The button that is always there: it says what it is called."""
        yield from self._say(Sent(self._screens.text(request).human), kept, request, typed=False)

    def turn_elder_mode(self, kept: object, request: gr.Request) -> Screen:
        """The switch to elder mode and back; the conversation goes on."""
        text = self._screens.text(request)
        try:
            tab = self._tabs.kept(kept) or self._tabs.begin(request)
            on = not self._tabs.state(tab).elder
            self._assistant.set_elder_mode(tab.id, on=on)
            return self._screens.whole(tab, text, note(text.elder_hint) if on else "")
        except Exception:  # the page's outermost edge: logged, and told in a sentence instead of Gradio's bare error
            log.exception("the chat page could not turn elder mode on or off")
            return Screen(notice=warn(text.not_pressed))

    def fill_in(self, kept: object, request: gr.Request, sent: gr.EventData) -> Iterator[Screen]:
        """A form with all that the open task asks for."""
        form = chat_form.sent(sent.form)
        if form:
            yield from self._say(Sent(str(sent.label), form=form), kept, request, typed=False)

    def cancel(self, kept: object, request: gr.Request) -> Iterator[Screen]:
        """The button beside the open task: it says what it is called."""
        yield from self._say(Sent(self._screens.text(request).cancel), kept, request, typed=False)

    def showed(self, kept: object, request: gr.Request, sent: gr.EventData) -> Screen:
        """A picture went to the service, or did not: what stands there now, and why it was not taken."""
        text = self._screens.text(request)
        try:
            tab = self._tabs.kept(kept)
            notice = warn(str(sent.problem)) if sent.problem else ""
            return self._screens.whole(tab, text, notice) if tab else Screen(notice=notice)
        except Exception:  # the page's outermost edge: logged, and told in a sentence instead of Gradio's bare error
            log.exception("the chat page could not show what was sent")
            return Screen(notice=warn(text.not_pressed))

    def leave_queue(self, kept: object, request: gr.Request) -> Iterator[Screen]:
        """The button beside the place in the queue: it says what it is called."""
        yield from self._say(Sent(self._screens.text(request).leave_queue), kept, request, typed=False)

    def rate(self, kept: object, request: gr.Request, rated: gr.LikeData) -> str:
        """Notes a thumb; what is no turn has none to note, and a thumb taken back leaves the last one standing."""
        text = self._screens.text(request)
        index = rated.index if isinstance(rated.index, int) else rated.index[0]
        try:
            tab = self._tabs.kept(kept)
            turn = self._tabs.rated(tab, index) if tab else None
            if tab is None or turn is None or not isinstance(rated.liked, bool):
                return ""
            self._assistant.rate(tab.id, FeedbackGiven(turn, "up" if rated.liked else "down"))
        except Exception:  # the page's outermost edge: logged, and told in a sentence instead of Gradio's bare error
            log.exception("a rating was not stored")
            return warn(text.not_rated)
        return note(text.thanks)

    def _say(self, sent: Sent, kept: object, request: gr.Request, *, typed: bool) -> Iterator[Screen]:
        text, shown, back = self._screens.text(request), SAME, sent.text if typed else SAME
        try:
            known = self._tabs.kept(kept)
            tab = known or self._tabs.begin(request)
            state = self._tabs.state(tab)
            shown = chat_message.history(state, text)
            before = [
                *chat_message.history(state, text, pressable=False),
                chat_message.said(self._assistant.masked(tab.id, sent.text)),
            ]
            yield Screen(before, kept=asdict(tab))
            # A key belongs to what was typed; a button's press is not sent again.
            yield from self._answer(tab, sent, tab.key if typed else None, before, text)
            if kept and known is None:  # it was erased while the page stood open
                yield self._screens.whole(tab, text, warn(text.forgotten))
        except MessageRefused as error:
            own = str(error) if text.language == "zh" else text.too_long
            yield Screen(shown, back, warn(own), kept or SAME)
        except Exception:  # the page's outermost edge: logged, and told in a sentence instead of Gradio's bare error
            log.exception("a message of the chat page was not answered")
            yield Screen(shown, back, warn(text.failed if typed else text.not_pressed), kept or SAME)

    def _answer(self, tab: Tab, sent: Sent, key: str | None, before: list[Shown], text: Text) -> Iterator[Screen]:

        def make(live: Live) -> Turn:
            turn = self._assistant.respond(tab.id, sent.text, sent.choice, key or None, live, sent.form)
            metrics.count(turn)
            return turn

        speech = Speech(make)
        yield from map(Screen, chat_writing.growing(speech, before))
        turn = speech.turn
        yield self._screens.after(replace(tab, unsent=""), before, turn.reply, text)
