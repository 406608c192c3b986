"""What happens on the customer chat page: opening, sending, pressing a button, rating, starting again."""

from __future__ import annotations

import logging
import re
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field, replace
from html import escape
from typing import Any, NamedTuple

import gradio as gr
from pydantic import TypeAdapter, ValidationError

from assistant import guard
from assistant.event import FeedbackGiven
from assistant.guard import MessageRefused
from assistant.reply import Turn
from assistant.storage import UnknownConversation
from knowledge_base.passage import Audience
from ui import metrics
from ui.pages import chat_message
from ui.pages.chat_message import Shown
from ui.pages.chat_text import Text, locale
from ui.service import Service

log = logging.getLogger(__name__)
_CLAUSE = re.compile(r"[^，。；！？\n]*[，。；！？\n]|[^，。；！？\n]+$")
_PACE = 0.02
_LONGEST = 0.6
_SAME: Any = gr.skip()


@dataclass(frozen=True)
class Talk:
    """One tab's conversation: its id, the token that opens it, and the ids of its turns by number, for ratings."""

    id: str
    token: str
    turns: dict[str, str] = field(default_factory=dict)


_kept = TypeAdapter(Talk)


class Screen(NamedTuple):
    """What the page shows next, in the order of the outputs; what stays the same is skipped."""

    messages: Any = _SAME
    box: Any = _SAME
    notice: Any = ""
    kept: Any = _SAME


class Chat:
    """The handlers of the page. Each tab keeps its own Talk and shows it with every call, so none is held here."""

    def __init__(self, service: Service, texts: dict[str, Text]) -> None:
        self._assistant = service.assistant
        self._storage = service.storage
        self._texts = texts

    def open(self, kept: object, request: gr.Request) -> Screen:
        """Continues the conversation that the tab kept, or starts one."""
        text = self._text(request)
        try:
            talk = self._kept(kept)
            notice = _warn(text.forgotten) if kept and not talk else ""
            return self._screen(talk or self._begin(request), text, notice)
        except Exception:  # the page's outermost edge: logged, and told in a sentence instead of Gradio's bare error
            log.exception("the chat page could not open a conversation")
            return Screen(notice=_warn(text.not_opened))

    def restart(self, request: gr.Request) -> Screen:
        """A new conversation in this tab; the old one stays on record."""
        return self.open(None, request)

    def send(self, message: str, kept: object, request: gr.Request) -> Iterator[Screen]:
        """What was typed; it comes back to the box when it could not be sent."""
        if message.strip():
            yield from self._say(message, None, kept, request, typed=True)
        else:
            yield Screen()

    def press(self, kept: object, request: gr.Request, pressed: gr.SelectData) -> Iterator[Screen]:
        """A button of the last reply."""
        choice = str(pressed.value)
        try:
            talk = self._kept(kept)
            offered = self._assistant.conversation(talk.id).choices if talk else ()
        except Exception:  # the page's outermost edge: logged, and told in a sentence instead of Gradio's bare error
            log.exception("the chat page could not read its conversation")
            yield Screen(notice=_warn(self._text(request).not_pressed))
            return
        label = next((item.label for item in offered if item.id == choice), choice)
        yield from self._say(label, choice, kept, request, typed=False)

    def ask_human(self, kept: object, request: gr.Request) -> Iterator[Screen]:
        """The button that is always there: it says what it is called."""
        yield from self._say(self._text(request).human, None, kept, request, typed=False)

    def rate(self, kept: object, request: gr.Request, rated: gr.LikeData) -> str:
        """Notes a thumb; the greeting is no turn, and a thumb taken back leaves the last one standing."""
        text = self._text(request)
        index = rated.index if isinstance(rated.index, int) else rated.index[0]
        try:
            talk = self._kept(kept)
            turn = talk.turns.get(str(index // 2)) if talk else None
            if talk is None or turn is None or not isinstance(rated.liked, bool):
                return ""
            self._assistant.rate(talk.id, FeedbackGiven(turn, "up" if rated.liked else "down"))
        except Exception:  # the page's outermost edge: logged, and told in a sentence instead of Gradio's bare error
            log.exception("a rating was not stored")
            return _warn(text.not_rated)
        return _note(text.thanks)

    def _say(
        self, message: str, choice: str | None, kept: object, request: gr.Request, *, typed: bool
    ) -> Iterator[Screen]:
        text, shown, back = self._text(request), _SAME, message if typed else _SAME
        try:
            talk = self._kept(kept) or self._begin(request)
            shown = chat_message.history(self._assistant.conversation(talk.id), text)
            before = [*_closed(shown), chat_message.said(guard.mask(message))]
            yield Screen(before, "" if typed else _SAME, kept=asdict(talk))
            turn = self._assistant.respond(talk.id, message, choice)
            metrics.count(turn)
            # Nothing is read from here on: an error now would call a message lost that is stored.
            yield from _writing(turn, before)
            known = replace(talk, turns=talk.turns | {str(turn.number): turn.id})
            yield Screen([*before, chat_message.replied(turn.reply, text, last=True)], kept=asdict(known))
        except MessageRefused as error:
            own = str(error) if text is self._texts["zh"] else text.too_long
            yield Screen(shown, back, _warn(own))
        except Exception:  # the page's outermost edge: logged, and told in a sentence instead of Gradio's bare error
            log.exception("a message of the chat page was not answered")
            yield Screen(shown, back, _warn(text.failed if typed else text.not_pressed))

    def _screen(self, talk: Talk, text: Text, notice: str = "") -> Screen:
        shown = chat_message.history(self._assistant.conversation(talk.id), text)
        return Screen(shown, _SAME, notice, asdict(talk))

    def _begin(self, request: gr.Request) -> Talk:
        conversation, token, _reply = self._assistant.start(Audience.CUSTOMER, _locale(request))
        return Talk(conversation, token)

    def _kept(self, kept: object) -> Talk | None:
        """The conversation that a browser says is its own, if the token opens it and it is a customer's."""
        try:
            talk = _kept.validate_python(kept)
            if not self._storage.opens(talk.id, talk.token):
                return None
        except (ValidationError, UnknownConversation):
            return None
        return talk if self._assistant.conversation(talk.id).audience is Audience.CUSTOMER else None

    def _text(self, request: gr.Request) -> Text:
        return self._texts[_locale(request).partition("-")[0]]


def _writing(turn: Turn, before: list[Shown]) -> Iterator[Screen]:
    """The stored reply, clause by clause."""
    clauses = _CLAUSE.findall(turn.reply.text)
    pause = min(_PACE, _LONGEST / max(len(clauses), 1))
    for end in range(1, len(clauses) + 1):
        yield Screen([*before, chat_message.saying("".join(clauses[:end]))])
        time.sleep(pause)


def _locale(request: gr.Request) -> str:
    return locale(request.headers.get("accept-language", ""))


def _closed(shown: list[Shown]) -> list[Shown]:
    """The same messages with no button left to press."""
    return [{**message, "options": []} for message in shown]


def _note(text: str) -> str:
    return f'<p role="status">{escape(text)}</p>'


def _warn(text: str) -> str:
    return f'<p role="alert" class="warning">{escape(text)}</p>'
