"""A turn as an OpenAI client is told of it: everything as text, with the sources as annotations too."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator, Mapping
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
    unremembered: str


class Writer:
    """Writes turns down for clients that show nothing but text."""

    def __init__(self, settings: Settings) -> None:
        self._page = chat_text.load(settings)
        known = {"bank": settings.bank_name, "hotline": settings.hotline}
        self._texts: Mapping[str, Text] = page_text.read(_FILE, Text, known)

    def content(self, turn: Turn, state: Conversation, *, remembered: bool) -> str:
        """What a person of the bank said meanwhile, the reply, its choices by number, its links, and where it stands."""
        language = state.locale.partition("-")[0]
        text, page = self._texts[language], self._page[language]
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
    """The completion at once; no model was asked for words, so there are no tokens to count."""
    message = {"role": "assistant", "content": content, "refusal": None, "annotations": notes}
    choice = {"index": 0, "message": message, "finish_reason": "stop", "logprobs": None}
    return _head(turn, model, "chat.completion", handle) | {"choices": [choice], "usage": None}


def chunks(
    turn: Turn, model: str, stretches: list[str], notes: list[dict[str, Any]], handle: str | None
) -> Iterator[dict[str, Any]]:
    """The completion piece by piece: the role, the text clause by clause, and the end with the annotations."""
    head = _head(turn, model, "chat.completion.chunk", handle)
    deltas: list[dict[str, Any]] = [{"role": "assistant", "content": ""}, *({"content": one} for one in stretches)]
    for delta in deltas:
        yield head | {"choices": [{"index": 0, "delta": delta, "finish_reason": None, "logprobs": None}]}
    end = {"annotations": notes} if notes else {}
    yield head | {"choices": [{"index": 0, "delta": end, "finish_reason": "stop", "logprobs": None}]}


def _head(turn: Turn, model: str, kind: str, handle: str | None) -> dict[str, Any]:
    head = {"id": f"chatcmpl-{turn.id}", "object": kind, "created": int(time.time()), "model": model}
    return head | ({"conversation": handle} if handle else {})


def _meanwhile(state: Conversation, turn: Turn) -> list[Message]:
    """What came unasked between the message before this turn's and this turn's."""
    said = [place for place, one in enumerate(state.messages) if one.author == "customer" and one.picture is None]
    end = said[turn.number - 1]
    start = said[turn.number - 2] if turn.number > 1 else 0
    return [message for message in state.messages[start:end] if message.unasked]


def _beside(reply: Reply) -> list[str]:
    """The choices by number, so that one can be answered by it, and the links."""
    choices = "\n".join(f"{number}. {choice.label}" for number, choice in enumerate(reply.choices, start=1))
    links = "\n".join(f"[{link.label}]({link.url})" for link in reply.links)
    return [choices, links]


def _source(citation: Citation) -> str:
    place = f"《{citation.title}》{citation.section}" + (f" p. {citation.page}" if citation.page else "")
    return f"[{citation.number}] {place}"
