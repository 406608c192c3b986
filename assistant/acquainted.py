"""The cloak of a conversation: it covers what the customer's open tasks know, too."""

from __future__ import annotations

import re

from assistant.cloak import Cloak
from assistant.conversation import Conversation
from assistant.slot import Filled

_WORDS = re.compile("[A-Za-z\u3400-\u9fff]{2}")


def cloak_of(state: Conversation) -> Cloak:
    """Covers numbers that are shown covered, and names, employers and addresses, which are shown as they are."""
    slots = (known for frame in state.frames for known in frame.slots.values() if isinstance(known, Filled))
    return Cloak(known.value for known in slots if known.value != known.shown or _WORDS.search(known.value))
