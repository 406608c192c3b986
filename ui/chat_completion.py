"""A turn as an OpenAI client is told of it: everything as text, with the sources as annotations too."""

from __future__ import annotations

import re
import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant.conversation import Conversation
from assistant.message import Message
from assistant.reply import Citation, Reply, Turn
from assistant.settings import Settings
from ui.pages import chat_person, chat_text, page_text

_FILE = Path(__file__).with_suffix(".yaml")
_MARK = re.compile(r"\[([0-9]+)\]")


@dataclass(frozen=True)
class Text:
    """What is said beside the assistant's own words, in one language."""

    language: str
    sources: str
    told: str
    otherwise: str
    unremembered: str


class Writer:
    """Writes turns down for clients that show nothing but text."""

    def __init__(self, settings: Settings) -> None:
        self._page = chat_text.load(settings)
        known = {"bank": settings.bank_name, "hotline": settings.hotline}
        self._texts: Mapping[str, Text] = page_text.read(_FILE, Text, known)

    def content(self, turn: Turn, state: Conversation, *, remembered: bool) -> str:
        """What a person of the bank said meanwhile, the reply, its choices by number, its links, and where it stands."""
        text, page = self._of(state)
        blocks = [self._news(message, page) for message in _meanwhile(state, turn)]
        blocks += [turn.reply.text, *_beside(turn.reply)]
        if not turn.reply.text:
            blocks += [text.told, chat_person.standing(state, turn.ticket, page)]
        if turn.reply.citations:
            blocks.append("\n".join([text.sources, *map(_source, turn.reply.citations)]))
        leaves_open = turn.ticket is not None or (turn.flow is not None and turn.flow.status == "open")
        if leaves_open and not remembered:
            blocks.append(text.unremembered)
        return "\n\n".join(block for block in blocks if block)

    def opening(self, state: Conversation) -> str:
        """What will stand before the reply to what is about to be said: what a person of the bank said meanwhile."""
        _text, page = self._of(state)
        return "".join(f"{self._news(message, page)}\n\n" for message in _unasked(state, state.turns))

    def otherwise(self, said: str, content: str, state: Conversation) -> str:
        """What a client has in the end that was sent these words already, and for which this content holds."""
        return f"{said}\n\n{self._of(state)[0].otherwise}\n\n{content}"

    def _of(self, state: Conversation) -> tuple[Text, chat_text.Text]:
        language = state.locale.partition("-")[0]
        return self._texts[language], self._page[language]

    def _news(self, message: Message, page: chat_text.Text) -> str:
        if message.reply:
            return "\n\n".join([message.reply.text, *_beside(message.reply)])
        if message.notice:
            return chat_person.came(message, page)
        return f"{message.name}: {message.text}"


def cited(content: str, reply: Reply, base: str) -> list[dict[str, Any]]:
    """Each mark [n] of the text with the address that opens its passage, as OpenAI's `url_citation`."""
    sources = {citation.number: citation for citation in reply.citations}
    places = _MARK.finditer(content)
    marks = [(place, sources[int(place[1])]) for place in places if int(place[1]) in sources]
    return [
        {
            "type": "url_citation",
            "url_citation": {
                "start_index": place.start(),
                "end_index": place.end(),
                "title": citation.title,
                "url": base.rstrip("/") + citation.url,
            },
        }
        for place, citation in marks
    ]


def whole(turn: Turn, model: str, content: str, notes: list[dict[str, Any]], handle: str | None) -> dict[str, Any]:
    """The completion at once; what models cost is the bank's to know, so no tokens are counted here."""
    message = {"role": "assistant", "content": content, "refusal": None, "annotations": notes}
    choice = {"index": 0, "message": message, "finish_reason": "stop", "logprobs": None}
    return _head(turn.id, model, "chat.completion", handle) | {"choices": [choice], "usage": None}


class Chunks:
    """The completion piece by piece: the role, the text as it comes, and the end with the annotations."""

    def __init__(self, model: str, handle: str | None, turn: Turn | None = None) -> None:
        self._head = _head(turn.id if turn else secrets.token_hex(8), model, "chat.completion.chunk", handle)

    def begin(self) -> dict[str, Any]:
        """The first chunk."""
        return self._chunk({"role": "assistant", "content": ""})

    def say(self, words: str) -> dict[str, Any]:
        """The next words."""
        return self._chunk({"content": words})

    def end(self, notes: list[dict[str, Any]]) -> dict[str, Any]:
        """The last chunk."""
        return self._chunk({"annotations": notes} if notes else {}, "stop")

    def _chunk(self, delta: dict[str, Any], reason: str | None = None) -> dict[str, Any]:
        return self._head | {"choices": [{"index": 0, "delta": delta, "finish_reason": reason, "logprobs": None}]}


def _head(id: str, model: str, kind: str, handle: str | None) -> dict[str, Any]:
    head = {"id": f"chatcmpl-{id}", "object": kind, "created": int(time.time()), "model": model}
    return head | ({"conversation": handle} if handle else {})


def _meanwhile(state: Conversation, turn: Turn) -> list[Message]:
    """What came unasked between the message before this turn's and this turn's."""
    return _unasked(state, turn.number - 1)


def _unasked(state: Conversation, turn: int) -> list[Message]:
    """What came unasked between this turn's message, or the beginning, and the next turn's, or the end."""
    said = [place for place, one in enumerate(state.messages) if one.author == "customer" and one.picture is None]
    start, end = said[turn - 1] if turn else 0, said[turn] if turn < len(said) else None
    return [message for message in state.messages[start:end] if message.unasked]


def _beside(reply: Reply) -> list[str]:
    """The choices by number, so that one can be answered by it, and the links."""
    choices = "\n".join(f"{number}. {choice.label}" for number, choice in enumerate(reply.choices, start=1))
    links = "\n".join(f"[{link.label}]({link.url})" for link in reply.links)
    return [choices, links]


def _source(citation: Citation) -> str:
    place = f"《{citation.title}》{citation.section}" + (f" p. {citation.page}" if citation.page else "")
    return f"[{citation.number}] {place}"
