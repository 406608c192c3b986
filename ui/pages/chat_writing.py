"""A reply as it appears on the pages: as it is written, what is left of it clause by clause, and never slow."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator, Sequence

from ui.pages import chat_message
from ui.pages.chat_message import Shown
from ui.pages.chat_speech import Speech

_CLAUSE = re.compile(r"[^，。；！？\n]*[，。；！？\n]|[^，。；！？\n]+$")
_PACE = 0.02
_LONGEST = 0.6


def growing(speech: Speech, before: Sequence[Shown]) -> Iterator[list[Shown]]:
    """What was said before, and the reply as far as it is written; raises what went wrong."""
    said = ""
    for words in speech.words():
        said += words
        yield [*before, chat_message.saying(said)]
    text = speech.turn.reply.text
    # A turn that had to be made once more is written from its beginning.
    said = said if text.startswith(said) else ""
    clauses = _CLAUSE.findall(text[len(said) :])
    pause = min(_PACE, _LONGEST / max(len(clauses), 1))
    for end in range(1, len(clauses) + 1):
        yield [*before, chat_message.saying(said + "".join(clauses[:end]))]
        time.sleep(pause)
