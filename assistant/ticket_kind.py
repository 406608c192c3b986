"""What a ticket asks of a person."""

from __future__ import annotations

from enum import StrEnum


class Kind(StrEnum):
    """What a ticket asks of a person: to talk, to decide, to read a message, or to call back."""

    TALK = "talk"
    REVIEW = "review"
    MESSAGE = "message"
    CALL_BACK = "call_back"

    @property
    def is_left(self) -> bool:
        """Whether the customer left it for later: nobody waits for it in the conversation, and the assistant goes on."""
        return self in (Kind.MESSAGE, Kind.CALL_BACK)
