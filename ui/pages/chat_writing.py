"""A stored reply as it appears on the pages: clause by clause, and never slow."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator, Sequence

from assistant.reply import Turn
from ui.pages import chat_message
from ui.pages.chat_message import Shown

_CLAUSE = re.compile(r"[^，。；！？\n]*[，。；！？\n]|[^，。；！？\n]+$")
_PACE = 0.02
_LONGEST = 0.6


def growing(turn: Turn, before: Sequence[Shown]) -> Iterator[list[Shown]]:
    """What was said before, and the reply as far as it is written."""
    clauses = _CLAUSE.findall(turn.reply.text)
    pause = min(_PACE, _LONGEST / max(len(clauses), 1))
    for end in range(1, len(clauses) + 1):
        yield [*before, chat_message.saying("".join(clauses[:end]))]
        time.sleep(pause)
