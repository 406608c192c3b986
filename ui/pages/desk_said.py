"""A conversation as the desk shows it: who wrote each message, what it says, and who came and went."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from markupsafe import Markup

from assistant.message import Message
from assistant.reply import Citation
from ui.pages.desk_text import Text
from ui.reply_html import as_written, by_assistant


@dataclass(frozen=True)
class Line:
    """One message, safe to be shown as it stands in `shown`; a notice has no author but `who` came or went.

    `at` is UTC, ISO 8601, where it is known.
    """

    author: Literal["customer", "assistant", "human_agent", "notice"]
    who: str
    shown: Markup
    at: str | None = None
    citations: tuple[Citation, ...] = ()


def lines(messages: Sequence[Message], customer: str, text: Text, times: Mapping[int, str]) -> Iterator[Line]:
    """Everything said so far; `customer` is what the customer is called, `times` the times by the number of the event."""
    for message in messages:
        at = times.get(message.number)
        if message.notice:
            told = text.joined if message.notice == "joined" else text.left
            yield Line("notice", told.format(who=message.name or text.agent), Markup(), at)
        elif message.author == "customer":
            yield Line("customer", customer, as_written(message.text), at)
        elif message.author == "human_agent":
            yield Line("human_agent", message.name or text.agent, as_written(message.text), at)
        elif message.text:
            citations = message.reply.citations if message.reply else ()
            yield Line("assistant", text.assistant, by_assistant(message.text), at, citations)
