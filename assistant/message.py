"""What was said in a conversation, one message at a time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from assistant.reply import Reply

Author = Literal["customer", "assistant", "human_agent"]
Notice = Literal["joined", "left"]


@dataclass(frozen=True)
class Message:
    """One message as shown: who wrote it, and a reply's choices and citations with it.

    `number` is its event's; `name` is what a person of the bank is shown as; `unasked` what came without a message before it;
    a `notice` has no text: that person came or went; `picture` is the id of one that the customer showed.
    """

    author: Author
    text: str
    reply: Reply | None = None
    number: int = 0
    name: str | None = None
    unasked: bool = False
    notice: Notice | None = None
    picture: str | None = None
