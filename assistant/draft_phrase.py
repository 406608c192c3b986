"""What no text for customers may say, found also in disguise: spaced out, in traditional script, in other characters or in pinyin."""

from __future__ import annotations

import re

from assistant import agent_guard, draft_rules
from assistant.agent_guard import Promise
from knowledge_base.text import fold

_REACH = 14
"""So many characters before the words a denial still counts; farther off it may speak of something else."""
_HAN = "\u3400-\u9fff"
_SIGNS = re.compile(rf"(?<=[{_HAN}])[^\w,;!?:。…\n]+(?=[{_HAN}])")
_BREAKS = re.compile(rf"(?<=[{_HAN}])[^\S\n]+(?=[{_HAN}])")


def found(text: str) -> tuple[Promise, ...]:
    """The forbidden phrases of a text, each rule once; one that the text itself warns of is none."""
    folded = _plain(fold(text))
    # Signs between characters may hide a phrase, or be all that stands between two sentences of a poster.
    readings = (_BREAKS.sub(",", folded), _plain(_SIGNS.sub("", folded)))
    promises = [one for reading in readings for one in agent_guard.promises(reading, _REACH)]
    return tuple({one.instead: one for one in reversed(promises)}.values())[::-1]


def _plain(text: str) -> str:
    """The text with words that only look forbidden taken out, and those in disguise written as they are meant."""
    rules = draft_rules.load()
    for innocent in rules.innocent:
        text = re.sub(innocent, "□", text)
    for disguise in rules.disguised:
        text = re.sub(disguise.says, disguise.means, text)
    return text
