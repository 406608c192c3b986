"""A one-time code of six digits; never shown, and hidden where a program prints what it holds."""

from __future__ import annotations

import re
import unicodedata

from assistant import numeral
from assistant.slot import Asked, Filled, Found, Rejected

_COVER = "******"
_LENGTH = 6
# Not text.fold: it remembers what it has folded.
_NOISE = re.compile("(?<![0-9])[0-9]{1,2} ?(?:秒|分钟|位|小时)")
_FEWEST, _MOST = 3, 12
_MOBILE = re.compile("1[3-9][0-9]{9}")


class _Hidden(str):
    """A text that does not show in a repr, and so in no traceback or log of a data class."""

    __slots__ = ()

    def __repr__(self) -> str:
        return repr(_COVER)


def find(text: str, asked: Asked) -> Found:
    """The six digits of a message, when they were asked for."""
    if not asked.open:
        return None
    text = numeral.spelled(unicodedata.normalize("NFKC", text))
    runs = set(numeral.runs(_NOISE.sub(" , ", text)))
    right = [run for run in runs if len(run) == _LENGTH]
    if len(right) == 1:
        return Filled(_Hidden(right[0]), _COVER)
    attempts = [run for run in runs if _FEWEST <= len(run) <= _MOST and not _MOBILE.fullmatch(run)]
    return Rejected("length") if attempts else None
