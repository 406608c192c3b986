"""What can be wrong with a sentence of a model's."""

from __future__ import annotations

from enum import StrEnum


class Fault(StrEnum):
    """Why a sentence must not be sent, or what was mended in it."""

    FIGURE = "figure"
    UNIT = "unit"
    SWAPPED = "swapped"
    BOUND = "bound"
    FREE = "free"
    POLARITY = "polarity"
    NAME = "name"
    QUOTE = "quote"
    LINK = "link"
    PHONE = "phone"
    UNSUPPORTED = "unsupported"
    PROMISE = "promise"
    LISTED_WORD = "listed_word"
    MARKUP = "markup"
    COURTESY = "courtesy"
    MADE_UP_CITATION = "made_up_citation"
    MOVED_CITATION = "moved_citation"
